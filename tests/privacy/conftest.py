"""Films with real objects behind their rows, on each storage and database."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from sqlalchemy.orm import Session

from cvtube import runtime as runtimes
from cvtube.runtime import Runtime
from cvtube.storage.contract import Storage
from cvtube.videos import keys, lifecycle, queries
from cvtube.videos.models import Clip, OriginalChunk
from tests import factories


@pytest.fixture
def any_storage(database_kind: str, request: pytest.FixtureRequest) -> Storage:
    """Local files beside SQLite, as on one machine, S3 beside PostgreSQL; or what a test wants."""
    usual = {"sqlite": "local", "postgresql": "s3"}[database_kind]
    return request.getfixturevalue(f"{getattr(request, 'param', usual)}_storage")


@pytest.fixture
def runtime(runtime: Runtime, any_storage: Storage) -> Runtime:
    """The process's runtime, with that storage."""
    installed = replace(runtime, storage=any_storage)
    runtimes.install(installed)
    return installed


@pytest.fixture
def notifier(runtime: Runtime) -> factories.SilentNotifier:
    """Jobs are rung for and run by the test, not by a worker."""
    silent = factories.SilentNotifier()
    runtimes.install(replace(runtime, notifier=silent))
    return silent


@dataclass(frozen=True)
class Film:
    """A film's ids."""

    id: str
    chapter_id: str
    clip_id: str


class Archive:
    """Makes films whose every row has its object, and looks what is left of them."""

    def __init__(self, runtime: Runtime, people) -> None:
        self._runtime = runtime
        self._people = people
        self.everybody = people.ada, people.ben, people.cy

    def film(self, owner=None, *, approved: bool = False) -> Film:
        """A film that is ready: its original, and all that was made of it."""
        owner, now = owner or self._people.ada, self._runtime.now()
        with self._runtime.transaction() as session:
            video = factories.make_video(session, owner, now)
            clip = factories.make_ready_clip(session, video.chapters[0], now, owner=owner)
            self._send(session, clip)
            film = Film(video.id, video.chapters[0].id, clip.id)
        if approved:
            with self._runtime.transaction() as session:
                video = queries.load_video(session, film.id)
                lifecycle.publish(session, video, now, actor=owner)
                lifecycle.approve(session, video, now, actor=self._people.ben)
        with self._runtime.reading() as session:
            video = queries.load_video(session, film.id)
            for asset in video.chapters[0].live_clip.assets:
                self.put(asset.key)
        return film

    def _send(self, session: Session, clip: Clip) -> None:
        for start in (0, 500):
            key = keys.chunk(clip.video_id, clip.id, start)
            session.add(OriginalChunk(key=key, clip_id=clip.id, start=start, size=500))
            self.put(key)

    def put(self, key: str) -> str:
        """An object, whether or not a row stands for it."""
        self._runtime.storage.put(key, io.BytesIO(b"x"))
        return key

    def objects(self, prefix: str = "") -> set[str]:
        """Every key there is."""
        return {stored.key for stored in self._runtime.storage.list(prefix)}

    def delete(self, film: Film) -> None:
        """As its owner does."""
        with self._runtime.transaction() as session:
            video = queries.load_video(session, film.id)
            lifecycle.delete_video(session, video, self._runtime.now(), actor=video.owner)


@pytest.fixture
def archive(runtime, people) -> Archive:
    return Archive(runtime, people)


class Killed(BaseException):
    """The process is gone: nothing after this line runs, and nothing catches it."""


class Doomed:
    """A runtime whose process dies at its n-th contact with storage or database."""

    def __init__(self, runtime: Runtime, at: int) -> None:
        self._runtime = runtime
        self._left = at

    def __getattr__(self, name: str):
        return getattr(self._runtime, name)

    @property
    def storage(self) -> Doomed.Storage:
        return self.Storage(self._runtime.storage, self.step)

    def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Killed

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        self.step()  # before it
        with self._runtime.transaction() as session:
            yield session
            self.step()  # with everything written, and nothing committed
        self.step()  # right after the commit

    class Storage:
        """Every call counts, and so does every single object that is deleted."""

        def __init__(self, storage, step: Callable[[], None]) -> None:
            self._storage = storage
            self._step = step

        def list(self, prefix):
            self._step()
            return self._storage.list(prefix)

        def delete(self, key):
            self._step()
            self._storage.delete(key)

        def delete_prefix(self, prefix):
            for stored in list(self._storage.list(prefix)):
                self.delete(stored.key)


def die_everywhere(
    runtime: Runtime, prepare: Callable[[], str], job: Callable[[str], None]
) -> Iterator[str]:
    """Kill the job at each of its steps, run it again, and yield its subject to be looked at."""
    for at in range(1, 100):
        subject = prepare()
        runtimes.install(Doomed(runtime, at))  # type: ignore[arg-type]
        try:
            job(subject)
        except Killed:
            killed = True
        else:
            killed = False
        finally:
            runtimes.install(runtime)
        job(subject)
        yield subject
        if not killed:
            assert at > 3, "the job was never killed"
            return
    pytest.fail("the job never came to its end")
