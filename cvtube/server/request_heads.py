"""What a request's head announces: how much of it to wait for, and which lane it takes.

This decides only when a thread looks at the request, so it may be loose: whether the request is
one at all, gunicorn's parser says afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

LARGEST_HEAD = 32 * 1024  # bytes; every browser's cookies and every address of ours are below 8 KiB
COLLECTED = 64 * 1024  # bytes of a body that wait for their thread; forms are smaller than this

_END = b"\r\n\r\n"
_FIELD = re.compile(
    rb"\r\n(content-length|transfer-encoding|expect|content-type)[ \t]*:[ \t]*([^\r\n]*)",
    re.IGNORECASE,
)
_HEALTH = re.compile(rb"(GET|HEAD) /healthz[ ?]")
_UPLOAD = b"application/offset+octet-stream"


class Lane(Enum):
    """Threads that only their own kind of request can use up."""

    HEALTH = "health"
    PAGES = "pages"
    BODIES = "bodies"


@dataclass(frozen=True)
class Head:
    """A request of which at least the head is there."""

    size: int  # bytes, with the empty line
    lane: Lane
    awaited: int  # bytes of the body that a thread should find when it begins
    asks_first: bool  # waits for "100 Continue" before its body

    @property
    def needed(self) -> int:
        """Bytes from the request's first one on."""
        return self.size + self.awaited


class HeadTooLarge(Exception):
    """Nobody's browser sends this."""


def parse(received: bytearray) -> Head | None:
    """The head of what was received, or None as long as it is not whole.

    Raises:
        HeadTooLarge: it has no end within LARGEST_HEAD bytes.
    """
    end = received.find(_END, 0, LARGEST_HEAD)
    if end < 0:
        if len(received) >= LARGEST_HEAD:
            raise HeadTooLarge
        return None
    size = end + len(_END)
    fields = {name.lower(): value.strip() for name, value in _FIELD.findall(received, 0, end)}
    asks_first = fields.get(b"expect", b"").lower() == b"100-continue"
    if b"transfer-encoding" in fields:
        return Head(size, Lane.BODIES, 1, asks_first)
    length = _number(fields.get(b"content-length", b"0"))
    large = length > COLLECTED or fields.get(b"content-type", b"").lower().startswith(_UPLOAD)
    if large:
        return Head(size, Lane.BODIES, min(length, COLLECTED), asks_first)
    lane = Lane.HEALTH if _HEALTH.match(received) else Lane.PAGES
    return Head(size, lane, length, asks_first)


def _number(value: bytes) -> int:
    """What is no number, the parser refuses: there is nothing to wait for."""
    return int(value) if re.fullmatch(rb"\d{1,18}", value) else 0
