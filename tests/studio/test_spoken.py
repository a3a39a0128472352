"""The recordings say what the screens say, all of it and nothing else."""

from __future__ import annotations

import html
import json
import re
import subprocess

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from tools.spoken.texts import INDEX, RECORDINGS, VOICES, plain, wanted

BYTES_A_SECOND = 4000  # 32 kb/s, always
FIRST_FRAME = bytes.fromhex("fff344")  # MPEG-2 layer III, 32 kb/s at 24 kHz
LARGEST_INDEX = 60_000
LARGEST_OF_ALL = 15_500_000  # bytes in the wheel; a browser fetches what is listened to


@pytest.fixture(params=VOICES)
def language(request) -> str:
    return request.param


def names(language: str) -> dict[str, str]:
    return json.loads((RECORDINGS / language / INDEX).read_text(encoding="utf-8"))


def test_every_text_has_its_recording_and_every_recording_its_text(language):
    assert names(language) == wanted(language), "run `make spoken`"
    files = {path.name for path in (RECORDINGS / language).iterdir()}
    assert files == {INDEX, *wanted(language).values()}, "run `make spoken`"


def test_the_texts_are_those_of_the_screens(filming):
    """Collected from the templates and the programme, met on a real screen."""
    page = filming.get(f"/chapters/{filming.chapters[0].id}")
    for text in ("Who are you?", "Smile and say hello.", "Prepare what I say"):
        assert text in html.unescape(page)
        assert text in wanted("en")
    assert {"Sign in with my card", "Card number", "Your video in 3 steps"} <= set(wanted("en"))
    assert {"Not filmed yet", "Verified recruiters can watch my video.", "your health"} <= set(
        wanted("en")
    )


def test_texts_are_told_apart_by_their_words_alone():
    assert plain(" Qui\n  êtes-vous\u202f\u00a0? ") == "Qui êtes-vous ?"
    assert all(text == plain(text) for text in wanted("fr"))


def test_every_recording_is_as_long_as_its_text(language):
    odd = {}
    for text, name in names(language).items():
        sound = (RECORDINGS / language / name).read_bytes()
        seconds = len(sound) / BYTES_A_SECOND
        if not sound.startswith(FIRST_FRAME) or not 0.4 < seconds < 1 + 0.12 * len(text):
            odd[text] = seconds
    assert odd == {}


def test_every_recording_can_be_decoded(language, tmp_path):
    folder = RECORDINGS / language
    playlist = tmp_path / "all.txt"
    playlist.write_text("".join(f"file '{path}'\n" for path in sorted(folder.glob("*.mp3"))))
    command = [get_ffmpeg_exe(), "-v", "error", "-xerror", "-f", "concat", "-safe", "0"]
    command += ["-i", playlist, "-f", "s16le", "-"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert done.stderr == b""
    decoded_s = len(done.stdout) / 2 / 24_000
    kept_s = sum(path.stat().st_size for path in folder.glob("*.mp3")) / BYTES_A_SECOND
    assert decoded_s == pytest.approx(kept_s, rel=0.1)


def test_recordings_stay_small():
    files = [path for path in RECORDINGS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < LARGEST_OF_ALL
    assert max(path.stat().st_size for path in files if path.name == INDEX) < LARGEST_INDEX


def test_browsers_keep_what_they_heard_and_may_ask_for_a_part(filming):
    page = filming.get(f"/chapters/{filming.chapters[0].id}")
    address = re.search(r'data-recordings="([^"]+)"', page)[1]
    index = filming.browser.get(address)
    assert index.json == names("en")
    sound = filming.browser.get(
        f"/static/spoken/en/{index.json['Who are you?']}", headers={"Range": "bytes=0-2"}
    )
    assert (sound.status_code, sound.data) == (206, FIRST_FRAME)
    for answer in (index, sound):
        assert "immutable" in answer.headers["Cache-Control"]
    assert sound.mimetype == "audio/mpeg"
    missing = filming.browser.get("/static/spoken/en/0000000000000000.mp3")
    assert missing.status_code == 404
    assert "immutable" not in missing.headers.get("Cache-Control", "")
