"""A film is known by its first bytes, and nothing that is none passes for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.videos.containers import ENOUGH, PICTURE_BRANDS, Container, brand, sniff

TS = b"\x47" + bytes(187)
M2TS = bytes(4) + b"\x47" + bytes(187)


@pytest.mark.parametrize(
    ("begins", "kind"),
    [
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", Container.MP4),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00", Container.MP4),
        (b"\x00\x00\x00\x1cftyp3gp4\x00\x00\x03\x00", Container.MP4),
        (b"\x00\x00\x00\x1cftypM4V \x00\x00\x00\x01", Container.MP4),
        (b"\x00\x00\x00\x08wide\x00\x01\x02\x03mdat", Container.MP4),
        (b"\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x10\x00\x00", Container.MP4),
        (b"\x00\x00\x00\x00mdat", Container.MP4),
        (b"\x00\x00\x04\x00moov\x00\x00\x00\x6cmvhd", Container.MP4),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01", Container.MATROSKA),
        (b"RIFF\x24\x10\x00\x00AVI LIST", Container.AVI),
        (b"OggS\x00\x02", Container.OGG),
        (TS * 4, Container.MPEGTS),
        (M2TS * 4, Container.MPEGTS),
    ],
)
def test_every_kind_of_film_is_known_by_its_first_bytes(begins, kind):
    assert sniff(begins.ljust(ENOUGH, b"\0")) is kind


@pytest.mark.parametrize(
    "begins",
    [
        b"",
        b"#EXTM3U\n#EXTINF:1,\nvictim.ts\n",
        b"ffconcat version 1.0\nfile other.mp4\n",
        b'<?xml version="1.0"?><MPD></MPD>',
        b"RIFF\x24\x10\x00\x00WAVEfmt ",
        b"RIFF\x24\x10\x00\x00WEBPVP8 ",
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.7\n",
        b"G" + b"ood morning, this is a text that begins with the sync byte. " * 20,
        b"\x00\x00\x00\x02moov",
        b"\x00\x00\x00\x0cjP  \r\n\x87\n",
        TS * 2,
    ],
)
def test_nothing_else_is_taken_for_a_film(begins):
    assert sniff(begins) is None


@pytest.mark.parametrize("kind", sorted(PICTURE_BRANDS))
def test_a_photo_boxed_like_a_film_is_not_one(kind):
    assert sniff(b"\x00\x00\x00\x18ftyp" + kind + b"\x00\x00\x00\x00mif1") is None


@given(st.binary(max_size=ENOUGH))
def test_any_bytes_at_all_get_an_answer(begins):
    assert sniff(begins) in {None, *Container}
    assert brand(begins) is None or len(brand(begins)) <= 4


def test_whatever_follows_the_first_bytes_changes_nothing():
    begins = b"\x00\x00\x00\x20ftypisom".ljust(ENOUGH, b"\0")
    assert sniff(begins) is sniff(begins + b"#EXTM3U" * 1000)
