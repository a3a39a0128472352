"""Reading and judging what the encoder left: nothing half-made gets past."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.storage.contract import StoredObject
from cvtube.storage.local import LocalStorage
from cvtube.transcode.analyze import loudness
from cvtube.transcode.analyze.loudness import SoundTreatment
from cvtube.transcode.package import verify
from cvtube.transcode.package.hls import PackageError, Track, peak_bandwidth, read_track
from cvtube.transcode.package.mp4 import BoxError, InitSection, describe
from cvtube.transcode.plan import ladder
from tests.transcode.samples import SOUND, SOURCE, film

# -- boxes ------------------------------------------------------------------------------------


def box(name, *inside):
    body = b"".join(inside)
    return struct.pack(">I4s", len(body) + 8, name) + body


def init(entry):
    table = box(b"stsd", struct.pack(">II", 0, 1), entry)
    track = box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", table))))
    return box(b"ftyp", b"isom") + box(b"moov", track)


def h264(width=1280, height=720, config=b"\x01\x64\x00\x1f"):
    fixed = bytes(24) + struct.pack(">HH", width, height) + bytes(50)
    return box(b"avc1", fixed, box(b"avcC", config))


def av1(width=1920, height=1080, config=b"\x81\x08\x0c\x00"):
    fixed = bytes(24) + struct.pack(">HH", width, height) + bytes(50)
    return box(b"av01", fixed, box(b"av1C", config))


def aac(length=b"\x80\x80\x80"):
    specific = b"\x05" + length + b"\x02\x11\x90"
    config = b"\x04" + length + bytes([13 + len(specific)]) + b"\x40" + bytes(12) + specific
    es = b"\x03" + length + bytes([3 + len(config)]) + bytes(3) + config
    return box(b"mp4a", bytes(28), box(b"esds", bytes(4), es))


def test_codecs_are_told_as_players_want_them():
    assert describe(init(h264())) == InitSection("avc1.64001f", 1280, 720)
    assert describe(init(av1())) == InitSection("av01.0.08M.08", 1920, 1080)
    assert describe(init(av1(config=b"\x81\x2d\xcc\x00"))).codecs == "av01.1.13H.10"
    assert describe(init(aac())) == InitSection("mp4a.40.2", 0, 0)
    assert describe(init(aac(length=b""))) == InitSection("mp4a.40.2", 0, 0)


@given(st.binary(max_size=300))
def test_rubbish_is_no_header(rubbish):
    cut_off, unknown = init(h264())[: len(rubbish)], init(box(b"hvc1", rubbish))
    for content in (rubbish, init(rubbish), cut_off, unknown):
        with pytest.raises(BoxError):
            describe(content)


# -- playlists --------------------------------------------------------------------------------


def playlist(name="h264-240", *, ended=True, uri=None):
    header = len(init(h264(426, 240)))
    lines = [
        "#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:4",
        f'#EXT-X-MAP:URI="{name}.mp4",BYTERANGE="{header}@0"',
        "#EXTINF:4.000000,", f"#EXT-X-BYTERANGE:1000@{header}", uri or f"{name}.mp4",
        "#EXTINF:1.500000,", f"#EXT-X-BYTERANGE:400@{header + 1000}", f"{name}.mp4",
    ]  # fmt: skip
    return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if ended else [])])


@pytest.fixture
def made(tmp_path):
    def write(text, content=None):
        (tmp_path / "h264-240.m3u8").write_text(text)
        (tmp_path / "h264-240.mp4").write_bytes(content or init(h264(426, 240)) + bytes(1400))
        return read_track(tmp_path, "h264-240")

    return write


def test_a_track_knows_its_segments(made):
    track = made(playlist())
    assert [s for s, _o, _z in track.segments] == [4.0, 1.5]
    assert track.entry.codecs == "avc1.64001f"
    assert track.init == (0, track.size - 1400)
    facts = track.facts()
    assert facts["average_bandwidth"] == round(1400 * 8 / 5.5)
    assert facts["bandwidth"] == round(1400 * 8 / 5.5)  # the two together are a target and a half


@pytest.mark.parametrize(
    "text",
    ["", "#EXTM3U", playlist(ended=False), playlist(uri="/etc/passwd"), playlist()[:150]],
)
def test_an_unfinished_playlist_is_no_track(made, text):
    with pytest.raises(PackageError):
        made(text)


def test_neither_is_a_file_without_header(made):
    with pytest.raises(PackageError):
        made(playlist(), content=bytes(5000))


def test_a_missing_file_is_noticed(tmp_path):
    with pytest.raises(PackageError):
        read_track(tmp_path, "audio")


SEGMENTS = st.lists(
    st.tuples(st.floats(0.02, 4.004), st.integers(0, 10**9), st.integers(1, 10**7)), min_size=1
)


@given(SEGMENTS)
def test_the_peak_is_never_below_the_mean_of_a_long_run(segments):
    peak = peak_bandwidth(segments)
    assert peak > 0
    for seconds, _offset, size in segments:
        if seconds >= 2:  # half a target
            assert peak >= int(size * 8 / seconds)


# -- judging ----------------------------------------------------------------------------------

PLAN = ladder.plan(film(width=426, height=240), SOUND, 0.0)  # ten seconds, one rendition


def track(name="h264-240", cuts=(4.0, 4.0, 2.0), size=(426, 240), **changes):
    segments, at = [], 800
    for seconds in cuts:
        segments.append((seconds, at, 500))
        at += 500
    made = Track(name, None, at, InitSection("x", *size), (0, 800), tuple(segments))
    return replace(made, **changes)


AUDIO = track("audio", (4.010667, 3.989333, 2.0), (0, 0))


def test_what_was_ordered_passes():
    verify.tracks(PLAN, [track()], AUDIO)


@pytest.mark.parametrize(
    ("rendition", "sound"),
    [
        (track(cuts=(4.0, 4.0)), AUDIO),  # too short, although the encoder said all was well
        (track(cuts=(4.0, 4.0, 2.033333)), AUDIO),
        (track(), track("audio", (4.010667, 3.989333, 1.9), (0, 0))),
        (track(), track("audio", (4.010667, 5.989333), (0, 0))),
        (track(size=(640, 360)), AUDIO),
        (track(size=(240, 426)), AUDIO),
        (track(init=(0, 700)), AUDIO),
        (track(size=(426, 240), init=(0, 900)), AUDIO),
        (replace(track(), size=10_000), AUDIO),
    ],
)
def test_what_was_not_ordered_does_not(rendition, sound):
    with pytest.raises(PackageError):
        verify.tracks(PLAN, [rendition], sound)


def test_renditions_are_cut_at_the_same_instants():
    plan = ladder.plan(film(width=640, height=480), SOUND, 0.0)
    other = track("h264-720", (2.0, 4.0, 4.0), (640, 480))
    with pytest.raises(PackageError, match="same instants"):
        verify.tracks(plan, [other, track(size=(480, 360))], AUDIO)


def test_a_picture_is_whole_or_none(tmp_path):
    path = tmp_path / "poster.jpg"
    for content in (None, b"", b"\xff\xd8half", b"GIF89a\xff\xd9"):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(PackageError):
            verify.picture_file(path)
    path.write_bytes(b"\xff\xd8whole\xff\xd9")
    verify.picture_file(path)


def test_the_storage_is_asked_whether_it_has_it_all(tmp_path):
    storage = LocalStorage(tmp_path / "storage", "http://localhost", b"k" * 32)
    (tmp_path / "film").write_bytes(bytes(10))
    kept = storage.put_file("films/a.mp4", tmp_path / "film")
    verify.stored(storage, [kept])
    for claimed in (StoredObject("films/b.mp4", 10), StoredObject("films/a.mp4", 11)):
        with pytest.raises(PackageError):
            verify.stored(storage, [kept, claimed])


# -- loudness ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lufs", "gain"), [(-16, 0), (-23, 7), (-10, -6), (-34, 18), (-45, 18), (-50.1, 0), (-70, 0)]
)
def test_voices_are_raised_within_reason_and_rooms_are_not(lufs, gain):
    assert loudness.gain_db(lufs) == gain


def test_a_sound_too_short_to_be_measured_is_taken_as_it_is():
    """A browser's microphone that was taken away at once; the film is not broken."""
    click = replace(SOUND, span=replace(SOUND.span, end=0.06, packets=3))
    assert loudness.choose_sound(None, SOURCE, film((click,))) == SoundTreatment(click)
