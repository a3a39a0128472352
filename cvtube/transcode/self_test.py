"""A film of our own through every step, before anybody's film is taken.

An ffmpeg that lacks an option, a sandbox that denies a library: seen from one film, both look
like a film that cannot be decoded. People must not be told to record again for that.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from cvtube.errors import Refused
from cvtube.jobs.errors import JobError
from cvtube.sandbox.process import Budget
from cvtube.toolchain.inputs import Source
from cvtube.toolchain.preflight import SelfTestFailed
from cvtube.toolchain.runner import Runner
from cvtube.toolchain.selection import Tools
from cvtube.transcode.analyze import loudness, probe
from cvtube.transcode.ffmpeg import encode
from cvtube.transcode.package import hls, images, verify
from cvtube.transcode.package.hls import PackageError
from cvtube.transcode.plan import ladder

A_SECOND = Budget(cpu_s=60, wall_s=300)


@cache
def run(tools: Tools, shut_in: bool) -> None:
    """Make a clip of our own. What went well once is not tried again by this process.

    Raises:
        SelfTestFailed: with a reason for the operator.
    """
    with tempfile.TemporaryDirectory(prefix="cvtube-self-test-") as name:
        runner = Runner(tools, shut_in, Path(name), is_wanted=lambda: True)
        runner.made.mkdir()
        try:
            _make(runner)
        except Refused as refusal:
            raise SelfTestFailed(f"a good film was refused ({refusal.code})") from refusal
        except (PackageError, JobError) as error:
            raise SelfTestFailed(f"a good film went wrong ({error})") from error


def _make(runner: Runner) -> None:
    film = runner.folder / "film.mp4"
    test_film = encode.test_film(runner.tools.ffmpeg, film.name)
    if not runner.make(test_film, None, A_SECOND).well:
        raise SelfTestFailed("no test film could be made")
    (runner.made / film.name).rename(film)
    found = probe.examine(runner, film)
    source = Source(film, found.container)
    av1 = runner.tools.ffmpeg.makes_av1
    plan = ladder.plan(found, *loudness.choose_sound(runner, source, found), av1=av1)
    if not runner.make(encode.encode(runner.tools.ffmpeg, source, plan), film, A_SECOND).well:
        raise SelfTestFailed("a good film could not be encoded")
    renditions = [hls.read_track(runner.made, r.name) for r in plan.renditions]
    verify.tracks(plan, renditions, hls.read_track(runner.made, "audio"))
    images.make_images(runner, plan)
