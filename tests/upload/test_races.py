"""Two senders at one place: one wins, the other is told, and the bytes are there once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from cvtube.upload import jobs
from cvtube.videos import lifecycle
from cvtube.videos.models import Stage, Video, VideoEvent
from cvtube.web import unit_of_work
from tests.upload.tus import Tus, checksum, clip_of, code, film, original, stray_objects

pytestmark = pytest.mark.both_databases


class Meeting:
    """A storage where everybody has stored before anybody goes on."""

    def __init__(self, storage, parties: int) -> None:
        self._storage, self._barrier = storage, threading.Barrier(parties, timeout=20)
        self.meet = False
        self.after_put = lambda: None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def put(self, key, stream):
        stored = self._storage.put(key, stream)
        if self.meet:
            self._barrier.wait()
        self.after_put()
        return stored


@pytest.fixture
def meeting(runtime, app) -> Meeting:
    storage = Meeting(runtime.storage, 2)
    unit_of_work.bind_runtime(app, replace(runtime, storage=storage))
    return storage


@pytest.mark.parametrize("checked", [False, True])
def test_of_two_at_one_place_one_wins_and_nothing_is_kept_of_the_other(
    runtime, people, meeting, checked
):
    data = film(20_000)
    path = Tus(people.client("ada")).create(20_000).headers["Location"]
    senders = [Tus(people.client("ada")), Tus(people.client("ada"))]
    said = {"upload_checksum": checksum(data)} if checked else {}
    meeting.meet = True
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda tus: tus.patch(path, 0, data, **said), senders))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert code(max(answers, key=lambda a: a.status_code)) == (409, "upload_offset")
    assert original(runtime, path) == data
    assert stray_objects(runtime, path) == set()
    with runtime.reading() as session:
        assert session.scalars(select(VideoEvent.verb)).all().count("uploaded") == 1
    assert clip_of(runtime, path).stage is Stage.UPLOADED


@pytest.mark.parametrize("how", ["given up", "film deleted", "expired"])
def test_bytes_that_arrive_while_the_upload_is_given_up_are_not_kept(
    runtime, people, meeting, clock, how
):
    data = film(20_000)
    path = Tus(people.client("ada")).create(20_000).headers["Location"]
    clip = clip_of(runtime, path)

    def give_up() -> None:
        meeting.after_put = lambda: None
        if how == "given up":
            assert Tus(people.client("ada")).delete(path).status_code == 204
        elif how == "film deleted":
            with runtime.transaction() as session:
                video = session.get_one(Video, clip.video_id)
                lifecycle.delete_video(session, video, clock(), actor=people.ada)
        else:
            clock.advance(days=8)
            jobs.expire_uploads()

    meeting.after_put = give_up
    answer = Tus(people.client("ada")).patch(path, 0, data)
    assert code(answer) == (410, "upload_gone")
    assert list(runtime.storage.list("films/")) == []
    assert clip_of(runtime, path).stage is Stage.ABANDONED
