"""Films in every state a moderator meets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from cvtube.accounts.models import User
from cvtube.mail.models import Mail
from cvtube.moderation.decisions import SiteDetails
from cvtube.moderation.jobs import carry_out_decisions
from cvtube.videos import lifecycle, queries
from cvtube.videos.models import Visibility
from tests import factories

SITE = SiteDetails(film_link="https://cv.example.org/my-films/1", contact="help@example.org")


@dataclass(frozen=True)
class Film:
    """A film's ids, in the order of its chapters."""

    id: str
    clips: Sequence[str]


class Studio:
    """Makes films, each in one transaction."""

    def __init__(self, runtime, people) -> None:
        self._runtime = runtime
        self._people = people
        # Made before any transaction of a test: SQLite has one writer at a time.
        self.everybody = people.ada, people.ben, people.cy, people.mo

    def sent(
        self,
        owner: User | None = None,
        *,
        titles: Sequence[str] = ("",),
        audience: Visibility = Visibility.RECRUITERS,
    ) -> Film:
        """A film whose parts are ready and wait for a moderator."""
        owner = owner or self._people.ada
        now = self._runtime.now()
        with self._runtime.transaction() as session:
            video = factories.make_video(
                session, owner, now, chapter_titles=titles, occupation_code="G1602"
            )
            clips = [
                factories.make_ready_clip(session, chapter, now, owner=owner).id
                for chapter in list(video.chapters)
            ]
            lifecycle.publish(session, video, now, actor=owner, audience=audience)
            if audience is Visibility.PRIVATE_LINK:
                lifecycle.make_link(session, video, now, actor=owner)
            return Film(video.id, clips)

    def approved(self, owner: User | None = None, *, titles: Sequence[str] = ("",)) -> Film:
        """A film that its audience can watch."""
        film, moderator = self.sent(owner, titles=titles), self._people.ben
        with self._runtime.transaction() as session:
            video = queries.load_video(session, film.id)
            lifecycle.approve(session, video, self._runtime.now(), actor=moderator)
        return film

    def retake(self, film: Film, chapter: int = 0) -> str:
        """A new take of one chapter, ready; returns its clip's id."""
        now = self._runtime.now()
        with self._runtime.transaction() as session:
            video = queries.load_video(session, film.id)
            clip = factories.make_ready_clip(
                session, video.chapters[chapter], now, owner=video.owner
            )
            return clip.id


@pytest.fixture
def studio(runtime, people) -> Studio:
    return Studio(runtime, people)


@pytest.fixture
def take_effect(clock):
    """Lets the seconds pass in which decisions can be undone, and the clock look for them."""

    def pass_by() -> None:
        clock.advance(seconds=10)
        carry_out_decisions()

    return pass_by


@pytest.fixture
def mails(runtime):
    """Every mail there is, oldest first."""

    def read() -> Sequence[Mail]:
        with runtime.reading() as session:
            return session.scalars(select(Mail).order_by(Mail.created_at, Mail.id)).all()

    return read
