"""How much is read at a time: as much as a break of the connection cannot take away."""

from __future__ import annotations

import io

from werkzeug.wsgi import LimitedStream

from cvtube.upload.streams import RAW_READ, READ, Body


class Asked(io.RawIOBase):
    """A raw stream, which gives what there is and then breaks."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)
        self.sizes: list[int] = []

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self.sizes.append(len(buffer))
        if not self._pieces:
            raise ConnectionResetError
        piece = self._pieces.pop(0)
        buffer[: len(piece)] = piece
        return len(piece)


def everything(body: Body) -> bytes:
    return b"".join(iter(lambda: body.read(RAW_READ), b""))


def test_a_raw_stream_is_read_in_large_pieces_and_nothing_that_came_is_lost():
    stream = Asked(bytes(100_000), b"x", bytes(5))
    body = Body(stream, expected=10**6)
    assert everything(body) == bytes(100_000) + b"x" + bytes(5)
    assert body.broken
    assert set(stream.sizes) == {RAW_READ}


def test_a_stream_that_gathers_is_read_in_small_ones():
    """What it has gathered when the connection breaks is lost, and is sent twice."""
    stream = Asked(bytes(READ))
    body = Body(LimitedStream(stream, 10**6), expected=10**6)
    assert everything(body) == bytes(READ)
    assert set(stream.sizes) == {READ}
