"""The recordings say what the screens say, all of it and nothing else."""

from __future__ import annotations

import html
import io
import json
import re
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from cvtube.web.recordings import INDEX, archive_of
from tools.speech import environment
from tools.spoken import archive
from tools.spoken.texts import VOICES, plain, wanted

BYTES_A_SECOND = 4000  # 32 kb/s, always
FIRST_FRAME = bytes.fromhex("fff344")  # MPEG-2 layer III, 32 kb/s at 24 kHz
LARGEST_INDEX = 60_000
LARGEST_OF_ALL = 15_500_000  # bytes in the wheel; a browser fetches what is listened to


@pytest.fixture(params=VOICES)
def language(request) -> str:
    return request.param


def names(language: str) -> dict[str, str]:
    return json.loads(archive_of(language).read(INDEX))


def test_every_text_has_its_recording_and_every_recording_its_text(language):
    assert names(language) == wanted(language), "run `make spoken`"
    assert set(archive.kept(language)) == set(wanted(language).values()), "run `make spoken`"


def test_the_same_recordings_make_the_same_archive(language, tmp_path, monkeypatch):
    """Wherever it is made, and in whatever order: what did not change costs git nothing."""
    path = archive.path_of(language)
    texts, sounds = names(language), archive.kept(language)
    monkeypatch.setattr(archive, "ARCHIVES", tmp_path)
    again = archive.write(language, dict(reversed(texts.items())), dict(reversed(sounds.items())))
    assert again != path
    assert again.read_bytes() == path.read_bytes(), "run `make spoken`"


def test_a_new_recording_leaves_the_others_their_bytes_and_an_old_one_goes(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "ARCHIVES", tmp_path)
    sounds = {f"{n}.mp3": bytes([n]) * 2000 for n in range(1, 6)}
    texts = {f"Text {n}": f"{n}.mp3" for n in (1, 3, 5)}
    before = archive.write("fr", texts, sounds).read_bytes()
    assert set(archive.kept("fr")) == set(texts.values())
    after = archive.write("fr", {**texts, "Text 4": "4.mp3"}, sounds).read_bytes()
    for name in texts.values():
        assert sounds[name] in before
        assert sounds[name] in after
    assert sounds["4.mp3"] not in before
    archive.write("fr", {"Text 4": "4.mp3"}, sounds)
    assert archive.kept("fr") == {"4.mp3": sounds["4.mp3"]}


def test_voices_are_unpacked_by_their_bare_names(tmp_path, monkeypatch):
    """By every Python 3.11: the filter of `extractall` came with 3.11.4."""
    monkeypatch.setattr(environment, "VOICES_FOLDER", tmp_path / "voices")
    packed = tmp_path / "voices.tgz"
    with tarfile.open(packed, "w:gz") as contents:
        for name in ("package/voices/ff_siwis.bin", "package/voices/../../out.bin", "package/x.js"):
            entry = tarfile.TarInfo(name)
            entry.size = len(b"voice")
            contents.addfile(entry, io.BytesIO(b"voice"))
        link = tarfile.TarInfo("package/voices/link.bin")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        contents.addfile(link)
    environment.unpack_voices(packed)
    assert [path.name for path in (tmp_path / "voices").iterdir()] == ["ff_siwis.bin"]
    assert not (tmp_path / "out.bin").exists()


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
    sounds = archive.kept(language)
    for text, name in names(language).items():
        sound = sounds[name]
        seconds = len(sound) / BYTES_A_SECOND
        if not sound.startswith(FIRST_FRAME) or not 0.4 < seconds < 1 + 0.12 * len(text):
            odd[text] = seconds
    assert odd == {}


def test_every_recording_can_be_decoded(language):
    sounds = b"".join(archive.kept(language).values())
    command = [get_ffmpeg_exe(), "-v", "error", "-xerror", "-f", "mp3", "-i", "-"]
    command += ["-f", "s16le", "-"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=60, input=sounds)
    assert done.stderr == b""
    decoded_s = len(done.stdout) / 2 / 24_000
    assert decoded_s == pytest.approx(len(sounds) / BYTES_A_SECOND, rel=0.1)


def test_recordings_stay_small():
    assert sum(archive.path_of(one).stat().st_size for one in VOICES) < LARGEST_OF_ALL
    assert max(len(archive_of(one).read(INDEX)) for one in VOICES) < LARGEST_INDEX


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
    again = filming.browser.get(address, headers={"If-None-Match": index.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["en/0000000000000000.mp3", "xx/index.json", "../index.json"])
def test_what_was_never_recorded_is_not_there(client, path):
    missing = client.get(f"/static/spoken/{path}")
    assert missing.status_code == 404
    assert "immutable" not in missing.headers.get("Cache-Control", "")


def test_many_people_listen_at_once():
    """One archive is open, and each gets what belongs to their text."""
    sounds = archive.kept("fr")
    with ThreadPoolExecutor(8) as pool:
        heard = dict(zip(sounds, pool.map(archive_of("fr").read, sounds), strict=True))
    assert heard == sounds
