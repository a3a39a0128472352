"""What was sent is shown as it is where that is safe, and only there."""

from __future__ import annotations

import struct
from dataclasses import replace
from fractions import Fraction

import pytest

from cvtube.transcode import live_preview
from cvtube.transcode.analyze.media import Film, Light, Packets, Span, Turn
from cvtube.transcode.attempt import Attempt
from cvtube.transcode.ffmpeg import encode
from cvtube.transcode.package import h264
from cvtube.transcode.package.hls import Track
from cvtube.transcode.package.mp4 import InitSection
from cvtube.transcode.plan import ladder, stream_copy
from cvtube.videos.containers import Container
from cvtube.videos.models import Stage
from tests.transcode.media_factory import AUTHOR
from tests.transcode.samples import PICTURE, SOUND, SOURCE, SPAN, tool
from tests.transcode.test_films_that_play import corners

FRAMES = 300  # ten seconds at 30


def starts(order=range(FRAMES)):
    return [position / 30 for position in order]


def keys(every=60, order=range(FRAMES)):
    return [int(position % every == 0) for position in order]


def swinging(seconds):
    return [start + seconds * (i % 2) for i, start in enumerate(starts())]


def long(frames, rate, every):
    return [i / rate for i in range(frames)], keys(every, range(frames))


PACKETS = Packets(starts(), keys(), hidden=False, new_parameters=False)
FIT = replace(
    PICTURE, width=640, height=360, profile="High", level=30, pixels="yuv420p", progressive=True
)


def plan(packets=PACKETS, container=Container.MP4, sounds=(SOUND,), **changes):
    film = Film(container, replace(FIT, **changes), sounds, packets)
    return ladder.plan(film, sounds[0] if sounds else None, 0.0, av1=True)


def track(size=400_000, cuts=(4.0, 4.0, 2.0)):
    segments = tuple((cut, 0, size // len(cuts)) for cut in cuts)
    return Track(
        "h264-360", SOURCE.path, size, InitSection("avc1.64001e", 640, 360), (0, 0), segments
    )


def test_a_film_that_is_what_a_rung_should_be_is_safe_and_stays():
    made = plan()
    assert stream_copy.safe(made)
    assert stream_copy.as_rendition(made).name == "h264-360"
    assert stream_copy.fits(made, stream_copy.as_rendition(made), track())


def shuffled():
    """Each key frame is followed by one that is shown before it."""
    order = list(range(FRAMES))
    for key in range(60, FRAMES, 60):
        order[key - 1], order[key] = order[key], order[key - 1]
    return order


def trimmed(*cut):
    made = plan()
    return replace(made, film=replace(made.film, trim=cut))


HAZARDS = {
    "trimmed": trimmed(0.5, None),
    "trimmed, at its end": trimmed(0.0, 3.0),
    "codec": plan(codec="hevc"),
    "codec, in a browser's own container": plan(container=Container.MATROSKA),
    "profile": plan(profile="High 4:4:4 Predictive"),
    "pixels": plan(pixels="yuv420p10le"),
    "pixels, of a compact camera": plan(pixels="yuvj420p"),
    "light": plan(light=Light.HLG),
    "light, of television": plan(matrix="bt601"),
    "interlaced": plan(progressive=False),
    "turned": plan(turn=Turn.CLOCKWISE),
    "pixel shape": plan(pixel_shape=Fraction(4, 3)),
    "cropped": plan(cropped=True),
    "size": plan(width=3840, height=2160),
    "size, odd": plan(width=641),
    "new parameters": plan(replace(PACKETS, new_parameters=True)),
    "beginning": plan(replace(PACKETS, hidden=True)),
    "beginning, after the sound's": plan(span=replace(SPAN, start=1.0, end=11.0)),
    "rate": plan(replace(PACKETS, starts=[0.0, *starts()[2:], 10.0])),
    "rate, uneven": plan(replace(PACKETS, starts=swinging(0.015))),
    "rate, twice as high": plan(
        Packets(*long(600, 60, 60), hidden=False, new_parameters=False),
        span=replace(SPAN, packets=600, gap=1 / 60),
    ),
    "key frames": plan(
        Packets(*long(1800, 30, 360), hidden=False, new_parameters=False),
        span=Span(0.0, 60.0, 1800, 1 / 30), sounds=(),
    ),
    "key frames, none at first": plan(replace(PACKETS, keys=[0, *keys()[1:]])),
    "open groups": plan(replace(PACKETS, starts=starts(shuffled()), keys=keys(order=shuffled()))),
}  # fmt: skip


@pytest.mark.parametrize("name", HAZARDS)
def test_each_hazard_is_seen_for_what_it_is(name):
    made = HAZARDS[name]
    assert not stream_copy.safe(made)
    found = {
        code for code, broken in stream_copy.HAZARDS.items() if broken(made, made.film.packets)
    }
    assert name.partition(",")[0] in found


def test_every_hazard_has_its_film():
    assert {name.partition(",")[0] for name in HAZARDS} == set(stream_copy.HAZARDS)


@pytest.mark.parametrize(
    ("made", "copy"),
    [
        (plan(), track(size=1_000_000)),  # 800 kbit/s where 350 are the most
        (plan(), track(cuts=(5.0, 5.0))),
        (plan(replace(PACKETS, keys=keys(120))), track()),
        (plan(level=31), track()),
        (plan(width=704, height=396), track()),  # no rung's size
    ],
    ids=["bit rate", "segments", "long groups", "level", "size"],
)
def test_what_does_not_fit_is_a_first_look_only(made, copy):
    assert stream_copy.safe(made)
    assert not stream_copy.fits(made, stream_copy.as_rendition(made), copy)


def test_a_copy_is_not_decoded_and_each_frame_is_put_on_its_tick():
    argv = encode.copy(tool(), SOURCE, plan(), "h264-360")
    assert "-filter_complex" not in argv
    assert argv[argv.index("-c:v") + 1] == "copy"
    assert argv[argv.index("-bsf:v") + 1] == (
        "filter_units=remove_types=6,setts=pts=round((PTS*TB-0.000000)*30/1)/(30/1*TB)"
        ":dts=round((DTS*TB-0.000000)*30/1)/(30/1*TB)"
    )


@pytest.mark.parametrize(
    ("errors", "damaged"),
    [
        ("", False),
        ("Svt[info]: SVT [version]\n[libx264 @ 0x1] VBV underflow", False),
        ("[h264 @ 0x1] error while decoding MB 3 7, bytestream -5", True),
        ("[vist#0:0/h264 @ 0x1] [dec:h264 @ 0x2] Error submitting packet to decoder", True),
    ],
)
def test_a_decoder_that_complains_is_heard(errors, damaged):
    assert stream_copy.is_damaged(errors) is damaged


# -- what flags cannot tell -----------------------------------------------------------------------


def unit(kind, inside=b"x"):
    body = bytes([0x60 | kind]) + inside
    return struct.pack(">I", len(body)) + body


def film(tmp_path, *fragments):
    def box(name, inside):
        return struct.pack(">I4s", len(inside) + 8, name) + inside

    path = tmp_path / "copy.mp4"
    body = b"".join(box(b"moof", b"") + box(b"mdat", b"".join(units)) for units in fragments)
    path.write_bytes(box(b"ftyp", b"iso5") + box(b"moov", b"avcC" + unit(7) + unit(8)) + body)
    return path


@pytest.mark.parametrize(
    ("fragments", "well"),
    [
        ([[unit(6), unit(5), unit(1)], [unit(5)]], True),
        ([[unit(7), unit(8), unit(5)]], True),  # the header's own, said again
        ([[unit(7, b"other"), unit(5)]], False),
        ([[unit(5)], [unit(8, b"other"), unit(5)]], False),
        ([[unit(5)], [unit(1), unit(5)]], False),  # a key frame that leans on older ones
        ([[unit(5), b"\0\0\1\0x"]], False),
        ([[unit(6)]], False),
        ([], False),
    ],
)
def test_parameters_and_key_frames_are_looked_at_unit_by_unit(tmp_path, fragments, well):
    assert h264.copies_well(film(tmp_path, *fragments)) is well


# -- real films -----------------------------------------------------------------------------------


@pytest.fixture
def looks(monkeypatch):
    """What the owner was shown early, from the first moment on."""
    seen = []
    real = live_preview.preview.publish_preview

    def show(session, held, early_ms, tracks):
        seen.append((early_ms, [track.name for track in tracks]))
        return real(session, held, early_ms, tracks)

    monkeypatch.setattr(live_preview.preview, "publish_preview", show)
    return seen


def test_it_is_watched_at_once_and_stays(films, transcode, looks):
    sent = transcode(films("sent-as-needed.mp4"))
    assert sent.row().stage is Stage.READY
    assert looks == [(4500, ["h264-360", "audio"])]
    rung, other = sent.asset("h264-360").facts, sent.asset("av1-360").facts
    assert [s[0] for s in rung["segments"]] == [s[0] for s in other["segments"]] == [4.0, 0.5]
    assert sent.made_keys() == {asset.key for asset in sent.row().assets}
    content = sent.read("h264-360")
    assert AUTHOR.encode() in films("sent-as-needed.mp4").read_bytes()
    assert AUTHOR.encode() not in content  # nor in what is between the pictures
    picture = content.index(b"mdat") + 100  # in the midst of the first one
    # Not a bit of it was encoded again.
    assert content[picture : picture + 500] in films("sent-as-needed.mp4").read_bytes()


def test_what_no_browser_could_decode_is_encoded_after_all(films, transcode, tools, tmp_path):
    sent = transcode(films("damaged-inside.mp4"))
    corners(tools, sent.save("h264-360", tmp_path), 640, 360)  # decodes without a word
    (run,) = sent.runs()
    assert run.outcome == "ready"


def test_what_is_too_heavy_is_watched_at_once_and_then_replaced(films, transcode, looks):
    sent = transcode(films("sent-too-heavy.mp4"))
    assert looks == [(4500, ["h264-360", "audio"])]
    assert sent.row().stage is Stage.READY
    assert sent.asset("h264-360").facts["average_bandwidth"] < 525_000
    assert sent.made_keys() == {asset.key for asset in sent.row().assets}


@pytest.mark.parametrize("name", ["open-groups.mp4", "edited.mp4", "two-encoders.mp4"])
def test_what_only_looks_right_is_encoded(name, films, transcode, monkeypatch):
    copied = []
    real = Attempt._copy

    def copy(*arguments):
        copied.append(real(*arguments))
        return copied[-1]

    monkeypatch.setattr(Attempt, "_copy", copy)
    sent = transcode(films(name))
    assert sent.row().stage is Stage.READY
    assert copied == [None]
