"""Files made to read others' files, to reach the network, or to eat the machine.

Whatever becomes of each: nothing of anybody else is in any output, nobody was called, it took
bounded time and memory, and nothing is left behind.
"""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import time

import psutil
import pytest

from cvtube.errors import PROBLEMS
from cvtube.jobs.worker import run_next
from cvtube.queue.names import Queue
from cvtube.sandbox.process import into
from cvtube.toolchain.inputs import Source
from cvtube.transcode.analyze.probe import EXAMINATION
from cvtube.transcode.ffmpeg import inspect
from cvtube.videos.containers import Container
from cvtube.videos.models import Stage
from tests.transcode.conftest import spawned
from tests.transcode.hostile_files import CANARY

TRAPS = (
    "subtitle-names-a-file.avi", "frames-elsewhere.mp4", "endless-sample-table.mp4",
    "attachment.mkv", "zip-behind.mp4", "nested-atoms.mp4", "giant-atom.mp4", "huge.avi",
    "frames-far-apart.webm", "thousand-frames-a-second.mp4", "lying-size.mp4",
)  # fmt: skip
PATIENCE_S = 30
MOST_MEMORY = 1536 * 1024 * 1024


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_catches_nothing(name, films, transcode):
    sent = transcode(films(name))
    harmless(sent)


def harmless(sent):
    clip = sent.row()
    assert clip.stage in {Stage.READY, Stage.FAILED}
    assert clip.error_code is None or clip.error_code in PROBLEMS
    for asset in clip.assets:
        assert CANARY.encode() not in sent.read(asset.name)
    if clip.stage is Stage.FAILED:
        assert sent.made_keys() == set()
    assert sent.left_in_scratch() == []
    assert spawned() == []


LISTENER = "http://127.0.0.1:9/"


@pytest.mark.parametrize("name", ["playlist.mp4", "concat.mp4", "manifest.mp4", "session.sdp"])
@pytest.mark.parametrize("container", list(Container))
def test_a_list_of_other_files_is_followed_by_no_demuxer(name, container, films, runner, tmp_path):
    """Even if the first bytes had been taken for a film's."""
    victim = tmp_path / CANARY
    victim.write_bytes(films("plain.mp4").read_bytes())
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        trap = runner.folder / "original"
        port = server.getsockname()[1]
        text = films(name).read_text().replace("127.0.0.1:9", f"127.0.0.1:{port}")
        trap.write_text(text.replace(f"/{CANARY}", str(victim)))
        said: list[str] = []
        argv = inspect.streams(runner.tools.ffprobe, Source(trap, container))
        runner.examine(argv, trap, EXAMINATION, into(said))
        assert "h264" not in "".join(said)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_the_victim_could_be_read_without_our_flags(films, runner, tmp_path):
    """Else the test above would prove nothing."""
    victim = tmp_path / "victim.ts"
    subprocess.run(
        [runner.tools.ffmpeg.path, "-v", "error", "-i", films("plain.mp4"), "-c", "copy", victim],
        check=True,
    )
    trap = tmp_path / "list.txt"
    trap.write_text("ffconcat version 1.0\nfile victim.ts\n")
    command = [runner.tools.ffprobe.path, "-v", "error", "-show_streams", trap]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "h264" in done.stdout


class Peak:
    """The most memory that anything spawned has touched, asked for all the time."""

    CODE = """
import psutil, sys, time
parent, most = psutil.Process(int(sys.argv[1])), 0
while parent.is_running():
    for child in parent.children(recursive=True):
        try:
            if "ff" in child.name():
                most = max(most, child.memory_info().rss)
        except psutil.Error:
            pass
    print(most, flush=True)
    time.sleep(0.02)
"""

    def __enter__(self):
        import os  # noqa: PLC0415

        self._watcher = subprocess.Popen(
            [sys.executable, "-c", self.CODE, str(os.getpid())], stdout=subprocess.PIPE, text=True
        )
        self._watcher.stdout.readline()
        return self

    def __exit__(self, *_):
        self._watcher.kill()
        self.bytes = max(map(int, self._watcher.stdout.read().split()), default=0)
        self._watcher.stdout.close()
        self._watcher.wait()


@pytest.mark.parametrize("name", ["huge.avi", "endless-sample-table.mp4", "nested-atoms.mp4"])
def test_a_bomb_takes_little_time_and_memory(name, films, send):
    sent = send(films(name))
    started = time.monotonic()
    with Peak() as peak:
        run_next(Queue.TRANSCODE)
    assert time.monotonic() - started < PATIENCE_S
    assert peak.bytes < MOST_MEMORY
    harmless(sent)


# -- and what nobody thought of --------------------------------------------------------------------

MUTANTS = 24


@pytest.mark.parametrize("seed", range(MUTANTS))
def test_a_film_with_random_damage_is_refused_or_plays(seed, films, transcode, tmp_path):
    chance = random.Random(seed)  # noqa: S311 (the same damage in every run)
    seeds = ("old-phone.3gp", "compact.avi", "no-sound.mp4", "chrome-vp8.webm", "television.mp4")
    content = bytearray(films(seeds[seed % len(seeds)]).read_bytes())
    # Headers and indexes are where the damage does most.
    places = [range(len(content)), range(min(4000, len(content)))]
    places.append(range(max(0, len(content) - 6000), len(content)))
    for _ in range(chance.choice([1, 8, 64])):
        at = chance.choice(chance.choice(places))
        content[at] = chance.choice([0, 0x7F, 0x80, 0xFF, content[at] ^ 1 << chance.randrange(8)])
    if chance.random() < 0.3:
        cut = chance.randrange(len(content))
        del content[cut : cut + chance.randrange(5000)]
    path = tmp_path / "mutant"
    path.write_bytes(content)
    started = time.monotonic()
    harmless(transcode(path))
    assert time.monotonic() - started < PATIENCE_S


def test_nothing_of_this_test_run_is_still_there():
    assert spawned() == []
    assert psutil.Process().num_fds() < 200
