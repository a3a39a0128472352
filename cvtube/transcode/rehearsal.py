"""A film of our own through every step, before anybody's film is taken.

An ffmpeg that lacks an option, a sandbox that denies a library: seen from one film, both look
like a film that cannot be decoded. People must not be told to record again for that.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from cvtube.errors import Refused
from cvtube.transcode import images, ladder, loudness, package, probe, verify
from cvtube.transcode.bench import Bench
from cvtube.transcode.ffmpeg import encode
from cvtube.transcode.ffmpeg.source import Source
from cvtube.transcode.outcomes import Setback
from cvtube.transcode.package import PackageError
from cvtube.transcode.spawn import Budget
from cvtube.transcode.tools import Tools

A_SECOND = Budget(cpu_s=60, wall_s=300)


class Failed(Exception):
    """The tools cannot make a clip of a film that is known to be good; the message says why."""


@cache
def rehearse(tools: Tools, *, shut_in: bool) -> None:
    """Make a clip of our own. What went well once is not tried again by this process.

    Raises:
        Failed: with a reason for the operator.
    """
    with tempfile.TemporaryDirectory(prefix="cvtube-rehearsal-") as name:
        bench = Bench(tools, shut_in, Path(name), pulse=lambda: True)
        bench.made.mkdir()
        try:
            _make(bench)
        except Refused as refusal:
            raise Failed(f"a good film was refused ({refusal.code})") from refusal
        except (PackageError, Setback) as error:
            raise Failed(f"a good film went wrong ({error})") from error


def _make(bench: Bench) -> None:
    film = bench.folder / "film.mp4"
    test_film = encode.test_film(bench.tools.ffmpeg, film.name)
    if not bench.make(test_film, None, A_SECOND).well:
        raise Failed("no test film could be made")
    (bench.made / film.name).rename(film)
    found = probe.examine(bench, film)
    source = Source(film, found.container)
    av1 = bench.tools.ffmpeg.makes_av1
    plan = ladder.plan(found, *loudness.choose(bench, source, found), av1=av1)
    if not bench.make(encode.encode(bench.tools.ffmpeg, source, plan), film, A_SECOND).well:
        raise Failed("a good film could not be encoded")
    renditions = [package.read_track(bench.made, r.name) for r in plan.renditions]
    verify.tracks(plan, renditions, package.read_track(bench.made, "audio"))
    images.take(bench, plan)
