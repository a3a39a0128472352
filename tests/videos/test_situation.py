"""How a film and its parts stand for their owner: nothing is called online that nobody sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from cvtube.accounts.models import User
from cvtube.jobs.models import Job
from cvtube.videos import policy, status
from cvtube.videos.models import Chapter, Clip, Review, Stage, Video, Visibility
from cvtube.videos.status import Situation

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def clip(review=Review.APPROVED, stage=Stage.READY, **fields):
    return Clip(review=review, stage=stage, **fields)


def film(*lives, visibility=Visibility.RECRUITERS, **fields):
    chapters = [Chapter(position=i, live_clip=live) for i, live in enumerate(lives)]
    return Video(owner=User(), visibility=visibility, chapters=chapters, **fields)


def states(video):
    return [status.of_part(video, chapter, NOW) for chapter in video.chapters]


@pytest.mark.parametrize(
    ("visibility", "link", "expires_at", "other"),
    list(
        product(
            Visibility,
            (None, "key"),
            (NOW - MINUTE, NOW + MINUTE),
            (
                None,
                *((stage, Review.NONE) for stage in Stage),
                *((Stage.READY, one) for one in Review),
            ),
        )
    ),
)
def test_a_part_is_online_if_and_only_if_others_come_upon_its_film(
    visibility, link, expires_at, other
):
    second = clip(stage=other[0], review=other[1]) if other else None
    video = film(clip(), second, visibility=visibility, link_key=link, expires_at=expires_at)
    seen = policy.is_listed(video, NOW) or policy.is_open_by_link(video, NOW)
    assert (states(video)[0] is Situation.ONLINE) is seen
    assert seen or Situation.ONLINE not in states(video)
    assert states(video)[0] in {Situation.ONLINE, Situation.APPROVED}


def test_a_hidden_film_is_approved_and_neither_ready_nor_online():
    hidden = film(clip(), clip(), visibility=Visibility.DRAFT)
    assert status.of_film(hidden, NOW) is Situation.APPROVED
    assert policy.is_approved(hidden)
    changed = film(clip(), clip(Review.NONE), visibility=Visibility.DRAFT)
    assert status.of_film(changed, NOW) is Situation.READY
    assert not policy.is_approved(changed)


def test_parts_that_must_be_filmed_again_do_not_count_as_filmed():
    video = film(clip(), None, clip(Review.NEEDS_CHANGES), clip(Review.NONE, Stage.FAILED))
    assert status.filmed(video) == 1


def test_the_percents_of_a_film_do_not_fall_when_one_part_is_done_before_the_others():
    def under_way(percent, sent):
        job = Job(progress=percent, queued_at=NOW + sent * MINUTE)
        return clip(Review.NONE, Stage.TRANSCODING, job=job)

    first, second = under_way(90, 0), under_way(10, 1)
    old = clip(ready_at=NOW - MINUTE)  # made before any of this began
    video = film(old, first, second)
    assert status.progress(video) == 50
    first.stage, first.job.progress, first.ready_at = Stage.READY, 100, NOW + 2 * MINUTE
    assert status.progress(video) == 55
    second.stage, second.ready_at = Stage.READY, NOW + 3 * MINUTE
    assert status.progress(video) is None
