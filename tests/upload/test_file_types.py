"""What is no film is told so with its first bytes, and leaves nothing behind."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from cvtube.errors import PROBLEMS
from cvtube.upload.file_types import KINDS, refusal
from cvtube.videos.containers import ENOUGH
from cvtube.videos.models import Video
from cvtube.videos.upload_sessions import UploadSession
from tests.upload.tus import code, film, metadata


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 100)
    return packed.getvalue()


def tarred() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("film.mp4"))
    return packed.getvalue()


def boxed(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + bytes(12)


def indexed(handler: bytes) -> bytes:
    """An index of one track, as far as anybody looks."""
    return b"\0\0\0\x20moov" + b"\0\0\0\x18hdlr" + bytes(8) + handler + bytes(4)


def ogg(first_packet: bytes) -> bytes:
    return b"OggS\x00\x02" + bytes(20) + b"\x01\x13" + first_packet


TAG = b"ID3\x04\x00\x00\x00\x00\x01\x00" + bytes(128)
WEBM = b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67\x01" + b"\xff" * 7

NO_FILMS = {
    "JPEG": (b"\xff\xd8\xff\xe1\x00\x18Exif", "is_a_picture"),
    "PNG": (b"\x89PNG\r\n\x1a\n", "is_a_picture"),
    "GIF": (b"GIF89a\x01\x00", "is_a_picture"),
    "WebP": (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "is_a_picture"),
    "BMP": (b"BM\x36\x10\x00\x00\x00\x00\x00\x00\x36\x00", "is_a_picture"),
    "TIFF": (b"II*\x00\x08\x00", "is_a_picture"),
    "HEIC": (boxed(b"heic"), "is_a_picture"),
    "HEIF": (boxed(b"mif1"), "is_a_picture"),
    "AVIF": (boxed(b"avif"), "is_a_picture"),
    "Canon raw": (boxed(b"crx "), "is_a_picture"),
    "MP3 with a tag": (b"ID3\x04\x00", "is_sound_only"),
    "MP3 with a short tag": (TAG + b"\xff\xfb\x90\x64", "is_sound_only"),
    "MP3 with a cover": (b"ID3\x04\x00\x00\x00\x02\x00\x00" + bytes(5000), "looks_like_a_song"),
    "MP3": (b"\xff\xfb\x90\x64", "is_sound_only"),
    "AAC": (b"\xff\xf1\x50\x80", "is_sound_only"),
    "WAV": (b"RIFF\x24\x00\x00\x00WAVEfmt ", "is_sound_only"),
    "AIFF": (b"FORM\x00\x00\x10\x00AIFF", "is_sound_only"),
    "FLAC": (b"fLaC\x00\x00", "is_sound_only"),
    "AMR": (b"#!AMR\n", "is_sound_only"),
    "a voice memo": (boxed(b"M4A ") + indexed(b"soun"), "is_sound_only"),
    "a bought song": (boxed(b"M4P "), "is_sound_only"),
    "Opus": (ogg(b"OpusHead\x01\x02"), "is_sound_only"),
    "Vorbis": (ogg(b"\x01vorbis"), "is_sound_only"),
    "PDF": (b"%PDF-1.7\n", "is_a_document"),
    "Word": (zipped("[Content_Types].xml", "word/document.xml"), "is_a_document"),
    "OpenDocument": (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis", "is_a_document"),
    "Word 97": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is_a_document"),
    "RTF": (b"{\\rtf1\\ansi", "is_a_document"),
    "ZIP": (zipped("film.mp4"), "is_an_archive"),
    "gzip": (b"\x1f\x8b" + zlib.compress(b"x"), "is_an_archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "is_an_archive"),
    "RAR": (b"Rar!\x1a\x07\x01\x00", "is_an_archive"),
    "tar": (tarred(), "is_an_archive"),
    "WMV": (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", "unknown_film_kind"),
    "Flash": (b"FLV\x01\x05", "unknown_film_kind"),
    "an MPEG picture by itself": (b"\x00\x00\x01\xb3\x44", "unknown_film_kind"),
    "an HLS playlist": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "is_a_playlist"),
    "the same behind a BOM": (b"\xef\xbb\xbf\n #EXTM3U\n", "is_a_playlist"),
    "a concat script": (b"ffconcat version 1.0\nfile other.mp4\n", "is_a_playlist"),
    "a DASH manifest": (b'<?xml version="1.0"?>\n<MPD xmlns="x">', "is_a_playlist"),
    "HTML": (b"<!doctype html><title>x</title>", "is_a_text"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg">', "is_a_text"),
    "JSON": (b'{"film": "no"}', "is_a_text"),
    "a letter": ("Chère Madame, …\r\n\tVoilà.".encode(), "is_a_text"),
    "a letter in UTF-16": ("Bonjour".encode("utf-16"), "is_a_text"),
    "subtitles": (b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n", "is_a_text"),
    "an app": (b"MZ\x90\x00\x03", "not_a_film"),
    "zeros": (bytes(100), "not_a_film"),
    "leavings and a photo": (b"\1" * 100 + boxed(b"heic"), "not_a_film"),
    "leavings and the word ftyp": (b"\1" * 100 + b"\0\0\0\x18ftypisom" + b"\1" * 100, "not_a_film"),
    "an M4V that lost its head": (film(5000)[8:], "not_a_film"),
}

FILMS = {
    "MP4": film(5000),
    "an iPhone's": boxed(b"qt  "),
    "3GP": boxed(b"3gp4"),
    "WebM": b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01",
    "AVI": b"RIFF\x24\x10\x00\x00AVI LIST",
    "Theora": ogg(b"\x80theora\x03"),
    "Theora with sound in front": ogg(b"\x01vorbis") + ogg(b"\x80theora"),
    "MPEG-TS": (b"\x47" + bytes(187)) * 4,
    "television, switched on in mid-packet": b"\xff\xf1" + bytes(98) + (b"\x47" + bytes(187)) * 9,
    "a film from an editor of sound": boxed(b"M4A ") + indexed(b"vide"),
    "a film that begins like a song": boxed(b"M4A ") + bytes(100),
    "a camcorder's program stream": b"\x00\x00\x01\xba\x44\x00",
    "a video CD's": b"\x00\x00\x01\xba\x21\x00",
    "MP4 behind a tag": TAG + film(2000),
    "MPEG-TS behind a tag": TAG + (b"\x47" + bytes(187)) * 4,
    "MP4 behind leavings": b"\x01\x02\x03" * 333 + boxed(b"isom") + indexed(b"vide"),
    "WebM behind leavings": b"\xfe" * 77 + WEBM,
    "AVI behind leavings": b"\xfe" * 77 + b"RIFF\x24\x10\x00\x00AVI LIST",
}


@pytest.mark.parametrize("name", NO_FILMS)
def test_what_is_no_film_is_told_what_it_is(name):
    begins, expected = NO_FILMS[name]
    assert refusal(begins[:ENOUGH]) == expected


@pytest.mark.parametrize("name", FILMS)
def test_what_may_be_a_film_is_taken(name):
    assert refusal(FILMS[name][:ENOUGH]) is None


@given(st.binary(max_size=ENOUGH))
def test_any_bytes_at_all_get_an_answer_that_has_words(first):
    assert refusal(first) is None or refusal(first) in PROBLEMS


def test_each_kind_has_words():
    assert {kind for kind, _ in KINDS} <= PROBLEMS.keys()


@pytest.mark.parametrize("name", ["JPEG", "PDF", "an HLS playlist", "zeros", "WAV"])
def test_it_is_refused_with_the_first_part_and_leaves_nothing(tus, runtime, name):
    begins, expected = NO_FILMS[name]
    path = tus.create(900_000).headers["Location"]
    data = begins.ljust(50_000, b"\n" if expected in {"is_a_playlist", "is_a_text"} else b"\0")
    assert code(tus.patch(path, 0, data)) == (415, expected)
    assert code(tus.patch(path, 0, data)) == (410, "upload_gone")
    assert list(runtime.storage.list("films/")) == []
    with runtime.reading() as session:
        assert session.scalar(select(func.count(Video.id)).where(Video.deleted_at.is_(None))) == 0


def test_a_short_file_is_looked_at_when_it_is_whole(tus):
    path = tus.create(20).headers["Location"]
    assert tus.patch(path, 0, b"a letter, ").status_code == 204
    assert code(tus.patch(path, 10, b"not a film")) == (415, "is_a_text")


def test_a_deferred_upload_that_stays_empty_is_refused(tus):
    path = tus.create(upload_defer_length=1).headers["Location"]
    assert code(tus.patch(path, 0, upload_length=0)) == (400, "empty_file")


def test_a_film_whose_part_is_redone_with_a_letter_stays(tus, runtime):
    tus.create(5000, film(5000))
    with runtime.reading() as session:
        video = session.scalars(select(Video)).one()
        session.refresh(video, ["chapters"])
        chapter = video.chapters[0].id
    path = tus.create(20, upload_metadata=metadata(chapter=chapter)).headers["Location"]
    assert code(tus.patch(path, 0, b"a letter, not a film")) == (415, "is_a_text")
    with runtime.reading() as session:
        assert session.get_one(Video, video.id).deleted_at is None
        assert session.scalar(select(func.count()).select_from(UploadSession)) == 2
