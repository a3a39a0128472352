"""Of several who send one upload the newest is heard; the others hold no thread."""

from __future__ import annotations

import threading

import pytest

from cvtube.errors import Refused
from cvtube.upload import senders, streams
from cvtube.upload.streams import Body
from tests.upload.tus import film


class Line:
    """A connection that brings some bytes, and then nothing until it is hung up."""

    def __init__(self, brings: bytes) -> None:
        self._brings = brings
        self.begun, self._ended = threading.Event(), threading.Event()

    def read(self, _size: int, /) -> bytes:
        if self._brings:
            piece, self._brings = self._brings, b""
            return piece
        self.begun.set()
        assert self._ended.wait(20)
        return b""

    def hang_up(self) -> None:
        self._ended.set()


def stored(runtime, body: Body) -> list[streams.Chunk]:
    key = lambda start: f"films/one/two/chunks/{start}"  # noqa: E731
    return list(streams.store(runtime.storage, body, key, start=0, room=10_000))


def test_the_one_before_ends_and_leaves_nothing_behind(runtime):
    old_line, said = Line(film(1000)), []
    old = Body(old_line, expected=10_000, connection=old_line)

    def send() -> None:
        with senders.only("one", old), pytest.raises(Refused) as refused:
            stored(runtime, old)
        said.append(refused.value.code)

    thread = threading.Thread(target=send)
    thread.start()
    assert old_line.begun.wait(20)
    new_line = Line(film(5000))
    new_line.hang_up()
    with senders.only("one", Body(new_line)):
        thread.join(20)
    assert said == ["upload_offset"]
    assert not list(runtime.storage.list("films/one/two/"))


def test_another_upload_and_one_that_has_ended_disturb_nobody():
    line = Line(b"")
    body = Body(line, connection=line)
    with senders.only("one", Body(Line(b""))):
        pass
    with senders.only("one", body), senders.only("two", Body(Line(b""))):
        assert not body.abandoned
