"""What a file that is no film is instead, so that the refusal can say it.

One small function per kind of file, asked in order; the codes are in `cvtube.errors`. What a
film is says `cvtube.videos.containers`; whether it can be played is the encoder's business.
"""

from __future__ import annotations

import codecs

from cvtube.videos.containers import (
    PICTURE_BRANDS,
    PROTECTED_BRANDS,
    SOUND_BRANDS,
    brand,
    film_start,
    tag_length,
)

_PICTURES = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",  # TIFF and most raw photos
    b"MM\0*",
    b"8BPS",
    b"\0\0\1\0",  # ICO
    b"\0\0\0\x0cjP  ",  # JPEG 2000
    b"\0\0\0\x0cJXL ",
    b"\xff\x0a",  # JPEG XL without a box
    b"qoif",
)
_SOUNDS = (b"ID3", b"fLaC", b"#!AMR", b"MThd", b".snd", b"caff", b"wvpk", b"MAC ")
# Two bytes that begin every frame of MP3 and of AAC without a container (MPEG-1/2 layer III,
# ISO/IEC 13818-7 ADTS).
_FRAMES = (b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9")
_OGG_SOUNDS = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC", b"Speex   ")
_OGG_HEADER = 28  # bytes of a first page before its payload (RFC 3533)

_DOCUMENTS = (
    b"%PDF-",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # Office before 2007
    b"{\\rtf",
    b"%!PS",
)
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\xfd7zXZ\0",
    b"BZh",
    b"\x28\xb5\x2f\xfd",
)
# A ZIP whose first member is one of these is a document to everybody but a programmer.
_OFFICE_MEMBERS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis", b"_rels/", b"docProps")

_OTHER_FILMS = (
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF: WMV
    b"FLV\x01",
    b".RMF",
    b"\0\0\x01\xb3",  # the picture of an MPEG program stream by itself
)

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"[playlist]", b"[Reference]", b"<?wpl", b"<asx", b"<ASX")
_PRINTABLE = bytes({*range(0x20, 0x100), *b"\t\n\r\f"} - {0x7F})


def refusal(first_bytes: bytes) -> str | None:
    """The code of what the file is instead of a film; None if it may be one."""
    if not first_bytes:
        return "empty_file"
    for code, is_it in KINDS:
        if is_it(first_bytes):
            return code
    return None if film_start(first_bytes) else "not_a_film"


def _is_picture(first: bytes) -> bool:
    return (
        first.startswith(_PICTURES)
        or brand(first) in PICTURE_BRANDS
        or (first.startswith(b"RIFF") and first[8:12] == b"WEBP")
        or (first.startswith(b"BM") and first[6:10] == bytes(4))
    )


def _has_long_tag(first: bytes) -> bool:
    """A song with its cover, all but always; what comes behind the tag is not seen yet."""
    return tag_length(first) >= len(first)


def _is_sound(first: bytes) -> bool:
    return (
        (first.startswith((*_SOUNDS, *_FRAMES)) and film_start(first) is None)
        or _is_boxed_sound(first)
        or (first.startswith((b"RIFF", b"RF64")) and first[8:12] == b"WAVE")
        or (first.startswith(b"FORM") and first[8:11] == b"AIF")
        or _is_ogg_sound(first)
    )


def _is_boxed_sound(first: bytes) -> bool:
    """The brand alone does not tell: editors write it before films, too."""
    if brand(first) not in SOUND_BRANDS:
        return False
    at = first.find(b"moov")
    whole = at >= 4 and int.from_bytes(first[at - 4 : at], "big") <= len(first) - at + 4  # noqa: PLR2004
    return brand(first) in PROTECTED_BRANDS or (whole and b"vide" not in first)


def _is_ogg_sound(first: bytes) -> bool:
    # Every stream's first page comes before any other page, so a picture would be seen here.
    sounds = first.startswith(b"OggS") and first[_OGG_HEADER:].startswith(_OGG_SOUNDS)
    return sounds and not any(picture in first for picture in (b"\x80theora", b"BBCD", b"OVP80"))


def _is_document(first: bytes) -> bool:
    office = first.startswith(b"PK\x03\x04") and first[30:].startswith(_OFFICE_MEMBERS)
    return office or first.startswith(_DOCUMENTS)


def _is_archive(first: bytes) -> bool:
    return first.startswith(_ARCHIVES) or first[257:262] == b"ustar"


def _is_other_film(first: bytes) -> bool:
    return first.startswith(_OTHER_FILMS)


def _is_playlist(first: bytes) -> bool:
    text = first.removeprefix(codecs.BOM_UTF8).lstrip()
    return text.startswith(_PLAYLISTS) or (text.startswith(b"<") and b"<MPD" in text)


def _is_text(first: bytes) -> bool:
    return first.startswith(_BOMS) or not first.translate(None, _PRINTABLE)


KINDS = (
    ("is_a_picture", _is_picture),
    ("looks_like_a_song", _has_long_tag),
    ("is_sound_only", _is_sound),
    ("is_a_document", _is_document),
    ("is_an_archive", _is_archive),
    ("unknown_film_kind", _is_other_film),
    ("is_a_playlist", _is_playlist),
    ("is_a_text", _is_text),
)
