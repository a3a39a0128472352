"""A film in the making, and a browser in which its owner looks at it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from cvtube.accounts.models import CandidateProfile
from cvtube.jobs import claiming
from cvtube.jobs.kinds import TRANSCODE
from cvtube.videos import keys, lifecycle, queries
from cvtube.videos.models import Chapter, Clip, OriginalChunk, Video
from tests import factories
from tests.factories import LEASE


class Filming:
    """Ada's film, and what happens to it behind her back."""

    def __init__(self, runtime, people) -> None:
        self._runtime, self.people = runtime, people
        self.ada = people.ada
        self.browser = people.client("ada")
        self.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def be(self, **profile) -> None:
        """What Ada's profile says."""
        with self._runtime.transaction() as session:
            row = session.get_one(CandidateProfile, self.ada.id)
            for name, value in profile.items():
                setattr(row, name, value)

    def start(self) -> str:
        """A film begun by pressing the button; returns its id."""
        answer = self.browser.post("/studio/films")
        assert answer.status_code == 303
        self.film_id = answer.headers["Location"].rpartition("/")[2]
        return self.film_id

    @property
    def chapters(self) -> list[Chapter]:
        with self._runtime.reading() as session:
            of_film = select(Chapter).where(Chapter.video_id == self.film_id)
            return list(session.scalars(of_film.order_by(Chapter.position)))

    @property
    def topics(self) -> list[str]:
        return [chapter.topic for chapter in self.chapters]

    @property
    def film(self) -> Video:
        with self._runtime.reading() as session:
            return queries.load_video(session, self.film_id)

    def take(
        self, number: int, *, chosen: bool = False, ready: bool = False, stills: int = 0
    ) -> str:
        """A take that is all here, of the film's part with this number (from 0)."""
        now = self._runtime.now()
        with self._runtime.transaction() as session:
            chapter = session.get_one(Chapter, self.chapters[number].id)
            take = lifecycle.start_take(session, chapter, now, actor=self.ada)
            key = keys.chunk(take.video_id, take.id, 0)
            session.add(OriginalChunk(key=key, clip_id=take.id, start=0, size=9))
            session.flush()
            lifecycle.complete_upload(session, take.id, 9, now)
            if chosen or ready:
                session.refresh(take)
                lifecycle.choose_take(session, take, now, actor=self.ada)
            if ready:
                held = claiming.claim(session, TRANSCODE, take.id, now, lease=LEASE, max_tries=4)
                made = lifecycle.Made(
                    9000, 1280, 720, factories.make_assets(held, 9000, stills=stills)
                )
                lifecycle.finish_transcode(session, held, made, now)
            return take.id

    def all_ready(self, *, stills: int = 0) -> None:
        for number in range(len(self.chapters)):
            self.take(number, ready=True, stills=stills)

    def choose_picture(self, number: int, still: int = 0) -> str:
        """Has this still of the part with this number stand for the film; returns the clip's id."""
        clip_id = self.chapters[number].live_clip_id or ""
        answer = self.post(f"/films/{self.film_id}/poster", picture=f"{clip_id}-{still}")
        assert answer.status_code == 303, answer.text
        return clip_id

    def clip(self, clip_id: str) -> Clip:
        with self._runtime.reading() as session:
            return session.get_one(Clip, clip_id)

    def approve(self) -> None:
        with self._runtime.transaction() as session:
            video = queries.load_video(session, self.film_id)
            lifecycle.approve(session, video, self._runtime.now(), actor=self.people.ben)

    def get(self, path: str) -> str:
        answer = self.browser.get(f"/studio{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, **form):
        return self.browser.post(f"/studio{path}", data=form)


@pytest.fixture
def filming(runtime, people) -> Filming:
    made = Filming(runtime, people)
    assert people.ben  # before any transaction of a test
    made.start()
    return made


def said(page: str) -> str:
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.fixture
def browse(open_as) -> Callable[..., Page]:
    """Opens a page as Ada; no script on it may fail."""
    return partial(open_as, "ada")
