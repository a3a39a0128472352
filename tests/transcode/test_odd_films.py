"""Whatever a recorder, an editor or a cable made of a film, all of it is seen and heard."""

from __future__ import annotations

import subprocess

import pytest

from cvtube.errors import Refused
from cvtube.toolchain.inputs import PICTURE_CODECS, SOUND_CODECS, Source
from cvtube.transcode.analyze import loudness, probe
from cvtube.transcode.analyze.checks import Checks
from cvtube.videos.models import AssetKind, Stage
from tests.transcode.media_factory import CORNERS
from tests.transcode.oddities import COLOURS
from tests.transcode.test_films_that_play import corners
from tests.transcode.test_odd_sounds import onsets, samples

JOINED = {
    "clock-jumps-ahead.ts": 4,
    "clock-jumps-back.ts": 4,
    "clock-begins-anew.ts": 6,
    "clock-skips-three-seconds.ts": 4,
    "joined.webm": 6,
    "joined.mp4": 4,
    "joined.avi": 4,
    "joined.vob": 6,
    "leavings-in-front-of-two.mp4": 4,
}


@pytest.mark.parametrize("name", JOINED)
def test_recordings_in_a_row_are_played_in_a_row(name, films, transcode, tools, tmp_path):
    sent = transcode(films(name))
    assert (sent.row().stage, sent.row().error_code) == (Stage.READY, None)
    assert abs(sent.row().duration_ms / 1000 - JOINED[name]) <= 0.1
    begun = onsets(samples(tools, sent.save("audio", tmp_path), mono=True))
    assert begun == pytest.approx(list(range(JOINED[name])), abs=0.1)


LENGTHS = {
    "late-sound.ts": 14,
    "ten-minute-frame.mp4": 1.5,
    "words-and-fonts.mkv": 1.5,
    "painted-cover.mp4": 2,
    "editors-brand.mp4": 2,
    "switched-on.ts": 2,
    "second-sound-of-cinemas.ts": 2,
    "aac.avi": 2,
    "second-sound-of-24-channels.mov": 2,
    "tag-in-front.mp4": 2,
    "tag-in-front.webm": 2,
    "leavings-in-front.mp4": 2,
    "leavings-in-front.webm": 2,
    "camcorder.mpg": 3,
    "camcorder.vob": 3,
    "camcorder.mod": 3,
    "video-cd.mpg": 3,
}


@pytest.mark.parametrize("name", LENGTHS)
def test_an_odd_film_is_as_long_as_it_is(name, films, transcode):
    sent = transcode(films(name))
    assert (sent.row().stage, sent.row().error_code) == (Stage.READY, None)
    assert abs(sent.row().duration_ms / 1000 - LENGTHS[name]) <= 0.1


PICTURES = (
    "prores-4444.mov", "old-tape.avi", "theora.ogv", "divx-3.avi", "camcorder.vob", *COLOURS,
)  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_another_time_has_its_own_colours(name, films, transcode, tools, tmp_path):
    sent = transcode(films(name))
    assert (sent.row().stage, sent.row().error_code) == (Stage.READY, None)
    for asset in sent.renditions():
        found = corners(tools, sent.save(asset.name, tmp_path), asset.width, asset.height)
        assert found == list(CORNERS), asset.name


def test_what_the_file_leaves_out_is_in_no_rendition(films, transcode):
    sent = transcode(films("cropped.mp4"))
    shapes = {(a.width / a.height) for a in sent.renditions()}
    assert all(shape == pytest.approx(320 / 360, abs=0.02) for shape in shapes)
    assert not [a for a in sent.row().assets if a.kind is AssetKind.EARLY]


SOUNDS = {
    "pcm_mulaw": "mov", "pcm_alaw": "mov", "pcm_f32le": "mov", "pcm_f64le": "matroska",
    "pcm_s32le": "mov", "pcm_s8": "mov", "pcm_u8": "avi", "pcm_s16be": "mov", "alac": "mov",
    "adpcm_ima_wav": "avi", "adpcm_ima_qt": "mov", "adpcm_ms": "avi", "flac": "matroska",
    "eac3": "mp4", "ac3": "mpegts", "mp2": "mpegts", "libmp3lame": "avi", "libvorbis": "matroska",
}  # fmt: skip


@pytest.mark.parametrize("encoder", SOUNDS)
def test_a_sound_of_any_simple_kind_is_heard(encoder, films, runner, tools):
    film = runner.folder / "original"
    given = ("-v", "error", "-i", films("plain.mp4"), "-c:v", "copy", "-c:a", encoder)
    container = SOUNDS[encoder]
    command = [tools.ffmpeg.path, *given, "-f", container, film]
    subprocess.run([str(part) for part in command], check=True)
    found = probe.examine(runner, film)
    checks = Checks()
    loudness.choose_sound(runner, Source(film, found.container), found, checks)
    assert checks.lufs > -30


def test_every_decoder_on_the_list_is_there(tools):
    """One that is missing would refuse its films as if they were damaged."""
    wanted = {*SOUND_CODECS.values(), *PICTURE_CODECS.values()} - {"av1"}
    assert wanted - tools.ffmpeg.decoders == set()


@pytest.mark.parametrize("name", ["sound-only.mp4", "sound-with-cover.mp4"])
def test_a_song_is_told_from_a_film(name, films, runner):
    path = runner.folder / "original"
    path.write_bytes(films(name).read_bytes())
    with pytest.raises(Refused, match="film_no_picture"):
        probe.examine(runner, path)
