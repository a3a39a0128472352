"""Reads from an MP4's own boxes (ISO/IEC 14496-12) what playlists must say about it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

_PATH = ("moov", "trak", "mdia", "minf", "stbl", "stsd")
_STSD_HEADER = 8  # version, flags, number of entries
_VISUAL_ENTRY, _AUDIO_ENTRY = 78, 28  # bytes before the boxes inside a sample entry
_ES, _DECODER_CONFIG, _DECODER_SPECIFIC = 3, 4, 5  # descriptor tags, ISO/IEC 14496-1


class BoxError(Exception):
    """The bytes are no initialisation section of ours."""


class InitSection(NamedTuple):
    """What an initialisation section says of its one track."""

    codecs: str  # as in RFC 6381, for EXT-X-STREAM-INF
    width: int  # 0 for sound
    height: int


def describe(init: bytes) -> InitSection:
    """The codec string and size of the track an initialisation section begins."""
    try:
        body = memoryview(init)
        for name in _PATH:
            body = dict(_boxes(body))[name]
        kind, entry = next(_boxes(body[_STSD_HEADER:]))
        return _DESCRIBED[kind](entry)
    except (KeyError, StopIteration, IndexError, struct.error) as error:
        raise BoxError("not an initialisation section with one known track") from error


def _boxes(body: memoryview) -> Iterator[tuple[str, memoryview]]:
    while len(body) >= 8:  # noqa: PLR2004 (size and name)
        size, name = struct.unpack_from(">I4s", body)
        if not 8 <= size <= len(body):  # noqa: PLR2004
            raise BoxError("a box larger than what holds it")
        yield name.decode("latin-1"), body[8:size]
        body = body[size:]


def _h264(entry: memoryview) -> InitSection:
    width, height = struct.unpack_from(">HH", entry, 24)
    config = dict(_boxes(entry[_VISUAL_ENTRY:]))["avcC"]
    # Profile, constraints and level, ISO/IEC 14496-15.
    return InitSection(f"avc1.{config[1]:02x}{config[2]:02x}{config[3]:02x}", width, height)


def _av1(entry: memoryview) -> InitSection:
    width, height = struct.unpack_from(">HH", entry, 24)
    config = dict(_boxes(entry[_VISUAL_ENTRY:]))["av1C"]
    # Profile, level, tier and depth; "AV1 Codec ISO Media File Format Binding", section 5.
    profile, level = config[1] >> 5, config[1] & 0x1F
    tier, depth = "MH"[config[2] >> 7], 10 if config[2] & 0x40 else 8
    return InitSection(f"av01.{profile}.{level:02}{tier}.{depth:02}", width, height)


def _aac(entry: memoryview) -> InitSection:
    es = dict(_boxes(entry[_AUDIO_ENTRY:]))["esds"]
    stream = _descriptor(es[4:], _ES)
    config = _descriptor(stream[3:], _DECODER_CONFIG)
    specific = _descriptor(config[13:], _DECODER_SPECIFIC)
    return InitSection(f"mp4a.{config[0]:02x}.{specific[0] >> 3}", 0, 0)


_DESCRIBED = {"avc1": _h264, "av01": _av1, "mp4a": _aac}


def _descriptor(body: memoryview, tag: int) -> memoryview:
    """The inside of the descriptor that begins here; its length is in groups of seven bits."""
    if body[0] != tag:
        raise BoxError("another descriptor than expected")
    length, at = 0, 1
    while True:
        length = length << 7 | body[at] & 0x7F
        at += 1
        if not body[at - 1] & 0x80:
            return body[at : at + length]
