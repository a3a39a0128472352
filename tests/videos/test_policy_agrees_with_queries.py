"""The most valuable test of the kernel: Python and SQL say the same about every possible film."""

from __future__ import annotations

import itertools
import secrets
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cvtube.db.base import new_id
from cvtube.errors import Refused
from cvtube.videos import policy, queries
from cvtube.videos.models import Chapter, Clip, Review, Stage, Video, Visibility
from tests import factories

pytestmark = pytest.mark.both_databases

CLIPS = [
    (Stage.READY, Review.APPROVED),
    (Stage.READY, Review.PENDING),
    (Stage.READY, Review.NEEDS_CHANGES),
    (Stage.READY, Review.REMOVED),
    (Stage.TRANSCODING, Review.NONE),
    None,  # no live clip
]
HOURS = [None, -1, 1]  # expiry, relative to now
# Of the film, and of its owner. Each alone is enough.
OBSTACLES = ["paused", "deleted", "suspended", "gone", ""]


def test_listed_and_open_by_link_mean_the_same_in_python_and_in_sql(runtime, now):
    cases = list(
        itertools.product(
            Visibility,
            CLIPS,
            CLIPS[:2],
            HOURS,
            OBSTACLES,
            ["link", ""],
        )
    )
    with runtime.transaction() as session:
        owners = {
            standing: factories.make_user(session, now, name=standing or "ok")
            for standing in ("suspended", "gone", "")
        }
        owners["suspended"].suspended_at = owners["gone"].deleted_at = now
        for visibility, first, second, hours, obstacle, link in cases:
            film = Video(
                id=new_id(),
                owner=owners.get(obstacle, owners[""]),
                visibility=visibility,
                created_at=now,
                changed_at=now,
                published_at=None if visibility is Visibility.DRAFT else now,
                expires_at=now + timedelta(hours=hours) if hours else None,
                paused_at=now if obstacle == "paused" else None,
                deleted_at=now if obstacle == "deleted" else None,
                link_key=secrets.token_urlsafe(16) if link else None,
            )
            film.chapters = [
                Chapter(position=position, live_clip=_clip(film, *state, now) if state else None)
                for position, state in enumerate((first, second))
            ]
            session.add(film)  # all of them with the next flush: one by one takes most of a minute
        nobody_in_it = factories.make_video(session, owners[""], now, chapter_titles=())
        nobody_in_it.visibility, nobody_in_it.published_at = Visibility.RECRUITERS, now
        nobody_in_it.link_key = "of nobody"

    with runtime.reading() as session:
        films = session.scalars(select(Video).options(*queries.whole())).all()
        listed = both(session, films, queries.listed(now), lambda v: policy.is_listed(v, now))
        open_by_link = both(
            session, films, queries.open_by_link(now), lambda v: policy.is_open_by_link(v, now)
        )
        # Loading each takes some queries: all that are open, and some of the others.
        closed = [v for v in films if v.link_key and v.id not in open_by_link][::20]
        asked = [*closed, *(v for v in films if v.id in open_by_link)]
        leads = {video.id for video in asked if leads_to(session, video, now)}

    assert len(films) == len(cases) + 1
    # Exactly the films whose every part allows it: not expired (2 of 3 hours), nothing else wrong.
    assert {(v.visibility, v.link_key is not None) for v in films if v.id in listed} == {
        (Visibility.RECRUITERS, True), (Visibility.RECRUITERS, False),
    }  # fmt: skip
    assert {(v.visibility, v.link_key is not None) for v in films if v.id in open_by_link} == {
        (Visibility.RECRUITERS, True), (Visibility.PRIVATE_LINK, True),
    }  # fmt: skip
    assert (len(listed), len(open_by_link)) == (4, 4)
    assert leads == open_by_link


def both(session, films, in_sql, in_python):
    """Ids of the films for which the rule holds, said alike twice."""
    found = set(session.scalars(select(Video.id).where(in_sql)))
    assert {video.id for video in films if in_python(video)} == found
    return found


def leads_to(session, video, now):
    """Whether the link opens the film, and no other one."""
    try:
        return queries.film_of_link(session, video.link_key, now).id == video.id
    except Refused:
        return False


def _clip(video, stage, review, now):
    ready = stage is Stage.READY
    return Clip(
        video_id=video.id,
        stage=stage,
        review=review,
        created_at=now,
        ready_at=now if ready else None,
        duration_ms=1000 if ready else None,
        reviewed_at=None if review in {Review.NONE, Review.PENDING} else now,
    )


def test_who_may_watch_follows_from_listing_and_role(people, runtime, now):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
        factories.make_ready_clip(session, video.chapters[0], now, owner=people.ada)
        video_id = video.id

    assert _watchers(people, runtime, video_id, now) == {"ada"}

    with runtime.transaction() as session:
        session.execute(update(Video).values(visibility=Visibility.RECRUITERS, published_at=now))
    assert _watchers(people, runtime, video_id, now) == {"ada", "ben", "adm"}

    with runtime.transaction() as session:
        session.execute(update(Clip).values(review=Review.APPROVED, reviewed_at=now))
    assert _watchers(people, runtime, video_id, now) == {"ada", "ben", "adm", "rae"}

    with runtime.transaction() as session:
        session.execute(update(Video).values(visibility=Visibility.PRIVATE_LINK, link_key="key"))
    for audience in ("recruiters", "everyone"):  # who has no link finds nothing
        assert _watchers(people, runtime, video_id, now, audience) == {"ada", "ben", "adm"}
    with runtime.transaction() as session:
        session.execute(update(Video).values(visibility=Visibility.RECRUITERS))
    assert _watchers(people, runtime, video_id, now, "everyone") == {
        "ada", "ben", "adm", "rae", "uma", "cy", "nobody",
    }  # fmt: skip


def _watchers(people, runtime, video_id, now, audience="recruiters"):
    with runtime.reading() as session:
        film = queries.load_video(session, video_id)
        names = ("ada", "ben", "adm", "rae", "uma", "cy", "nobody")
        return {
            name
            for name in names
            if policy.may_watch(getattr(people, name, None), film, now, audience=audience)
        }
