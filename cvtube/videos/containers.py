"""What kind of file the first bytes begin, whatever its name or its sender says.

Upload refuses what is no film before the rest is sent; the encoder is forced to read the
file as exactly this kind. Guessing again later is how a playlist that names other people's
files gets read as a film, so this table is the only one.
"""

from __future__ import annotations

import enum

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


class Container(enum.StrEnum):
    """The kinds of file a film may come in."""

    MP4 = "mp4"  # also MOV and 3GP
    MATROSKA = "matroska"  # also WebM
    AVI = "avi"
    MPEGTS = "mpegts"
    OGG = "ogg"


def sniff(first_bytes: bytes) -> Container | None:
    """The kind of file that begins with these bytes (`ENOUGH` of them), None for no film."""
    if _begins_mp4(first_bytes):
        return Container.MP4
    if first_bytes.startswith(b"\x1a\x45\xdf\xa3"):  # EBML, RFC 8794
        return Container.MATROSKA
    if first_bytes.startswith(b"RIFF") and first_bytes[8:12] == b"AVI ":
        return Container.AVI
    if first_bytes.startswith(b"OggS"):  # RFC 3533
        return Container.OGG
    return Container.MPEGTS if _has_packets(first_bytes) else None


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
