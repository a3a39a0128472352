"""What kind of file the first bytes begin, whatever its name or its sender says.

Upload refuses what is no film before the rest is sent; the encoder is forced to read the
file as exactly this kind. Guessing again later is how a playlist that names other people's
files gets read as a film, so this table is the only one.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from mmap import mmap
from typing import NamedTuple

ENOUGH = 4096  # bytes that decide every case below

# ISO/IEC 14496-12 and -15, and the registry at https://mp4ra.org: a picture (HEIF, AVIF, raw
# photo) is boxed like a film and says by its brand alone that it is none.
PICTURE_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2",
     b"msf1", b"miaf", b"avif", b"avis", b"avci", b"avcs", b"jpeg", b"jpgs", b"j2ki", b"j2is",
     b"jxs ", b"crx ", b"jp2 ", b"jpx ", b"jxl "}
)  # fmt: skip
PROTECTED_BRANDS = frozenset({b"M4P ", b"aax ", b"aaxc"})  # bought sound
SOUND_BRANDS = PROTECTED_BRANDS | {b"M4A ", b"M4B ", b"F4A ", b"F4B "}

# QuickTime files from before 2001, and some cameras' to this day, have no `ftyp` in front.
_FIRST_ATOMS = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_SMALLEST_ATOM = 8
_LARGE_ATOM = frozenset({0, 1})  # "up to the end" and "the size is 64 bits wide, further on"

_TS_SYNC = 0x47
_TS_PACKETS = (188, 192, 204)  # plain, with the time stamps of camcorders (M2TS), with a check sum
_TS_IN_A_ROW = 3  # packets, if the file begins with one (or with its time stamp)
_TS_SOMEWHERE = 8  # packets, if it begins in the middle of one, or with something else

_EBML = b"\x1a\x45\xdf\xa3"  # RFC 8794
_SEGMENT = b"\x18\x53\x80\x67"
_EBML_HEADER = 80  # bytes; a header of Matroska or WebM is half of that
_FILE_TYPE = range(16, 1025)  # bytes of a plausible one
_AFTER_FILE_TYPE = _FIRST_ATOMS | {b"moof", b"sidx", b"styp", b"uuid", b"meta", b"pdin"}

# A pack, and the bits that tell MPEG-2 from MPEG-1 (ISO/IEC 13818-1, 2.5.3.4; 11172-1, 2.4.3.2).
_PACK = b"\0\0\x01\xba"
_PACK_BITS = ((0xC0, 0x40), (0xF0, 0x20))


class Container(enum.StrEnum):
    """The kinds of file a film may come in."""

    MP4 = "mp4"  # also MOV and 3GP
    MATROSKA = "matroska"  # also WebM
    AVI = "avi"
    MPEGTS = "mpegts"
    OGG = "ogg"
    MPEGPS = "mpegps"  # of camcorders that wrote to DVDs and disks


class Beginning(NamedTuple):
    """Where in a file a film begins, and of which kind it is."""

    at: int  # byte
    container: Container


def film_start(first_bytes: bytes) -> Beginning | None:
    """Where among a file's first bytes (`ENOUGH` of them) its film begins, None for no film.

    That is the first byte, but for what somebody has put in front: programs that keep songs in
    order write a tag (ID3) before films, too, and rescued files have leavings before them.
    """
    if container := sniff(first_bytes):
        return Beginning(0, container)
    tag = tag_length(first_bytes)
    if tag and (container := sniff(first_bytes[tag:])):
        return Beginning(tag, container)
    return min(beginnings(first_bytes), default=None)


def beginnings(content: bytes | mmap) -> Iterator[Beginning]:
    """Wherever but at its first byte an MP4, a Matroska or an AVI clearly begins, in no order."""
    for container, (mark, before, is_one) in _MARKS.items():
        at = content.find(mark, before + 1)
        while at > 0:
            if is_one(content, at - before):
                yield Beginning(at - before, container)
            at = content.find(mark, at + len(mark))


def _is_file_type(content: bytes | mmap, at: int) -> bool:
    """A file type, and behind it another box of the outermost level (ISO/IEC 14496-12)."""
    size = int.from_bytes(content[at : at + 4], "big")
    after = content[at + size + 4 : at + size + 8]
    known = size in _FILE_TYPE and after in _AFTER_FILE_TYPE
    return known and sniff(content[at : at + ENOUGH]) is Container.MP4


def _is_matroska(content: bytes | mmap, at: int) -> bool:
    """A header that names Matroska or WebM, with its segment right behind it."""
    begun = content[at : at + _EBML_HEADER]
    named = b"webm" in begun or b"matroska" in begun
    return named and begun[5 + (begun[4] & 0x7F) :].startswith(_SEGMENT)


def _is_avi(content: bytes | mmap, at: int) -> bool:
    return content[at : at + 4] == b"RIFF"


# The bytes that mark a beginning, how many stand before them, and what must be true of it, too.
_MARKS = {
    Container.MP4: (b"ftyp", 4, _is_file_type),
    Container.MATROSKA: (_EBML, 0, _is_matroska),
    Container.AVI: (b"AVI LIST", 8, _is_avi),
}


def tag_length(first_bytes: bytes) -> int:
    """Bytes of an ID3 tag in front (id3.org, ID3v2.4, 3.1); 0 without one."""
    if not first_bytes.startswith(b"ID3") or len(first_bytes) < 10:  # noqa: PLR2004 (its header)
        return 0
    length = 0
    for seven_bits in first_bytes[6:10]:
        length = length << 7 | seven_bits & 0x7F
    footer = 10 * bool(first_bytes[5] & 0x10)
    return 10 + length + footer


def sniff(first_bytes: bytes) -> Container | None:
    """The kind of file whose very first bytes are these (`ENOUGH` of them), None for no film."""
    return next((kind for kind, begins in _KINDS.items() if begins(first_bytes)), None)


def brand(first_bytes: bytes) -> bytes | None:
    """What a boxed file says it is (the major brand of its `ftyp`), if it does."""
    return first_bytes[8:12] if first_bytes[4:8] == b"ftyp" else None


def _begins_mp4(first_bytes: bytes) -> bool:
    said = brand(first_bytes)
    if said is not None:
        return said not in PICTURE_BRANDS
    size = int.from_bytes(first_bytes[:4], "big")
    plausible = size >= _SMALLEST_ATOM or size in _LARGE_ATOM
    return plausible and first_bytes[4:8] in _FIRST_ATOMS


def _begins_avi(first_bytes: bytes) -> bool:
    return first_bytes.startswith(b"RIFF") and first_bytes[8:12] == b"AVI "


def _begins_with_a_pack(first_bytes: bytes) -> bool:
    if not first_bytes.startswith(_PACK):
        return False
    return any(first_bytes[4:5] and first_bytes[4] & mask == bits for mask, bits in _PACK_BITS)


def _has_packets(first_bytes: bytes) -> bool:
    """Television is switched on in mid-packet, and so is what records it."""
    return any(
        _packets_from(first_bytes, *place, _TS_IN_A_ROW) for place in ((0, 188), (4, 192))
    ) or (
        any(
            _packets_from(first_bytes, start, length, _TS_SOMEWHERE)
            for length in _TS_PACKETS
            for start in range(len(first_bytes) - length * _TS_SOMEWHERE)
            if first_bytes[start] == _TS_SYNC
        )
    )


def _packets_from(first_bytes: bytes, start: int, length: int, in_a_row: int) -> bool:
    syncs = first_bytes[start : start + length * in_a_row : length]
    return len(syncs) == in_a_row and set(syncs) == {_TS_SYNC}


_KINDS = {
    Container.MP4: _begins_mp4,
    Container.MATROSKA: lambda first: first.startswith(_EBML),
    Container.AVI: _begins_avi,
    Container.OGG: lambda first: first.startswith(b"OggS"),  # RFC 3533
    Container.MPEGPS: _begins_with_a_pack,
    Container.MPEGTS: _has_packets,
}
