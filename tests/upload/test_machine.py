"""Whatever senders and networks do, in any order: an acknowledged byte is there, once."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from cvtube.videos.models import OriginalChunk, Stage, VideoEvent
from cvtube.web import unit_of_work
from tests.upload.test_tus_patch import Breaking
from tests.upload.tus import Tus, checksum, clip_of, film, original, upload_of

LENGTH = 60_000
CHUNK = 10_000

EXAMPLES = int(os.environ.get("CVTUBE_TEST_EXAMPLES", "12"))


class CrashingError(BaseException):
    """The process dies; nothing in it gets to run."""


class CrashingRuntime:
    """A runtime whose process dies at the n-th step it takes."""

    def __init__(self, runtime) -> None:
        self.runtime = runtime
        self.left: int | None = None
        self.crashing = replace(runtime, storage=self, engine=runtime.engine)
        real = self.crashing.transaction

        @contextmanager
        def transaction():
            self.take_step()
            with real() as session:
                yield session
            self.take_step()

        object.__setattr__(self.crashing, "transaction", transaction)

    def __getattr__(self, name: str):
        return getattr(self.runtime.storage, name)

    def put(self, key, stream):
        self.take_step()
        stored = self.runtime.storage.put(key, stream)
        self.take_step()
        return stored

    def delete(self, key):
        self.take_step()
        self.runtime.storage.delete(key)

    def take_step(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise CrashingError


class Uploading(RuleBasedStateMachine):
    """One upload, sent by somebody on a bad network to a server on a bad day."""

    def __init__(self, app, runtime, people, clock) -> None:
        super().__init__()
        self.runtime, self.people, self.clock = runtime, people, clock
        self.process = CrashingRuntime(runtime)
        unit_of_work.bind_runtime(app, self.process.crashing)
        self.tus = Tus(people.client("ada"))
        self.data = film(LENGTH)
        self.acknowledged = 0
        self.gone = False

    @initialize(deferred=st.booleans())
    def begin(self, deferred: bool) -> None:
        self.deferred = deferred
        said = {"upload_defer_length": 1} if deferred else {"upload_length": LENGTH}
        self.path = self.tus.create(None, **said).headers["Location"]

    def end(self, size: int) -> int:
        return min(self.acknowledged + size, LENGTH)

    def sends(self, size: int) -> bytes:
        return self.data[self.acknowledged : self.end(size)]

    def lengths(self) -> dict[str, int]:
        return {"upload_length": LENGTH} if self.deferred else {}

    def expect(self, answer, good: int) -> bool:
        """Whether it went well; once the upload is gone, nothing does."""
        assert answer.status_code == (410 if self.gone else good)
        return not self.gone and good < 400

    @rule(size=st.integers(0, 35_000), checked=st.booleans(), says_length=st.booleans())
    def patch(self, size: int, checked: bool, says_length: bool) -> None:
        data = self.sends(size)
        said = {"upload_checksum": checksum(data)} if checked else {}
        said |= self.lengths() if says_length else {}
        answer = self.tus.patch(self.path, self.acknowledged, data, **said)
        if self.expect(answer, 204):
            self.acknowledged += len(data)
            assert answer.headers["Upload-Offset"] == str(self.acknowledged)

    @rule(size=st.integers(1, 35_000), comes=st.floats(0, 0.99), checked=st.booleans())
    def patch_that_is_cut(self, size: int, comes: float, checked: bool) -> None:
        data = self.sends(size)
        arrives = data[: int(len(data) * comes)]
        said = {"upload_checksum": checksum(data)} if checked else {}
        if not data:
            return
        answer = self.tus.patch_stream(
            self.path, self.acknowledged, Breaking(arrives), announced=len(data), **said
        )
        if self.expect(answer, 400 if checked else 204):
            self.acknowledged += len(arrives)

    @rule(size=st.integers(1, 35_000), cut=st.integers(0, 8))
    def patch_while_the_server_dies(self, size: int, cut: int) -> None:
        data = self.sends(size)
        self.process.left = cut
        try:
            self.tus.patch(self.path, self.acknowledged, data, **self.lengths())
        except CrashingError:
            pass
        finally:
            self.process.left = None
        self.ask()

    @rule(away=st.integers(-LENGTH, LENGTH).filter(bool))
    def patch_elsewhere(self, away: int) -> None:
        offset = self.acknowledged + away
        if offset >= 0:
            self.expect(self.tus.patch(self.path, offset, b"x"), 409)

    @rule(size=st.integers(1, 35_000))
    def patch_damaged(self, size: int) -> None:
        data = self.sends(size)
        if data:
            said = checksum(data + b"!")
            answer = self.tus.patch(self.path, self.acknowledged, data, upload_checksum=said)
            self.expect(answer, 460)

    @rule()
    def patch_too_much(self) -> None:
        if not self.deferred:
            rest = bytes(LENGTH - self.acknowledged + 1)
            self.expect(self.tus.patch(self.path, self.acknowledged, rest), 413)

    @rule()
    def ask(self) -> None:
        answer = self.tus.head(self.path)
        if self.expect(answer, 200):
            stands = int(answer.headers["Upload-Offset"])
            assert stands >= self.acknowledged  # it never goes back
            self.acknowledged = stands

    @rule(days=st.integers(1, 6))
    def wait(self, days: int) -> None:
        upload = upload_of(self.runtime, self.path)
        self.clock.advance(days=days)
        if upload.finished_at is None and upload.expires_at <= self.clock():
            self.gone = True

    @precondition(lambda self: self.acknowledged > LENGTH // 2)
    @rule()
    def give_up(self) -> None:
        if self.expect(self.tus.delete(self.path), 204):
            self.gone = True

    @invariant()
    def what_is_acknowledged_is_there(self) -> None:
        if hasattr(self, "path"):
            assert original(self.runtime, self.path) == self.data[: self.acknowledged]

    @invariant()
    def it_is_finished_once_and_only_when_whole(self) -> None:
        if not hasattr(self, "path"):
            return
        clip = clip_of(self.runtime, self.path)
        with self.runtime.reading() as session:
            finished = session.scalar(
                select(func.count()).where(
                    VideoEvent.clip_id == clip.id, VideoEvent.verb == "uploaded"
                )
            )
            size = session.scalar(
                select(func.sum(OriginalChunk.size)).where(OriginalChunk.clip_id == clip.id)
            )
        if clip.stage is not Stage.ABANDONED:
            assert finished == (clip.stage is Stage.UPLOADED)
        if finished:
            assert (finished, size) == (1, LENGTH)


@pytest.mark.both_databases
def test_an_acknowledged_byte_is_there_whatever_happens(app, runtime, people, clock, monkeypatch):
    monkeypatch.setattr("cvtube.upload.streams.CHUNK", CHUNK)
    # Many are begun on one day and left open; those of unknown length count at their limit.
    roomy = {"open_uploads_per_person": 100, "upload_max_mib": 1}
    object.__setattr__(runtime, "settings", runtime.settings.model_copy(update=roomy))
    run_state_machine_as_test(
        lambda: Uploading(app, runtime, people, clock),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
        ),
    )
