"""What our own rungs cannot cost less than: their parts, each measured alone.

One decode with one cascade of scales, then each encoder by itself from raw pictures (the reading
of them taken off again), and the sound. No packaging, no pictures, no database, no sandbox, and
nothing that waits for anything else.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial
from pathlib import Path

import ffmpeg

from benchmarks.meter import Programs, measure
from benchmarks.samples import Sample
from cvtube.settings import load
from cvtube.toolchain import selection
from cvtube.toolchain.inputs import Source
from cvtube.toolchain.runner import Runner
from cvtube.transcode.analyze import loudness, probe
from cvtube.transcode.ffmpeg import encode
from cvtube.transcode.ffmpeg.tone_mapping import relit
from cvtube.transcode.plan import ladder
from cvtube.transcode.plan.ladder import Plan, Rendition

FIRST_OUTPUT = ":v:0"


class Floor:
    """Of one sample; the plan is the product's, the numbers of each encoder too."""

    def __init__(self, programs: Programs, sample: Sample, folder: Path) -> None:
        self._programs = programs
        self._sample = sample
        self._folder = folder
        folder.mkdir(parents=True)
        self._tools = selection.select_tools(load(home=folder))
        bench = Runner(self._tools, shut_in=False, folder=folder, is_wanted=lambda: True)
        film = probe.examine(bench, sample.path)
        self._source = Source(sample.path, film.container)
        able = getattr(self._tools.ffmpeg, "makes_av1", None)
        choice = {} if able is None else {"av1": able}
        self._plan: Plan = ladder.plan(
            film, *loudness.choose_sound(bench, self._source, film), **choice
        )

    def cpu_s(self) -> float:
        """One round of it."""
        total = measure(self._decode_and_scale).cpu_s + measure(self._hear).cpu_s
        self._keep_raw()
        for rendition in self._plan.renditions:
            raw = self._raw(rendition)
            total += measure(partial(self._encode, raw, self.arguments(rendition))).cpu_s
            total -= measure(partial(self._encode, raw, ["-c:v", "wrapped_avframe"])).cpu_s
        for path in self._folder.glob("*.nut"):
            path.unlink()
        return total

    def arguments(self, rendition: Rendition) -> list[str]:
        """What the product's own command line tells this rendition's encoder."""
        alone = replace(self._plan, renditions=(rendition,))
        command = encode.encode(self._tools.ffmpeg, self._source, alone)
        pairs = itertools.pairwise(command)
        ours = [(name, value) for name, value in pairs if name.endswith(FIRST_OUTPUT)]
        return [word for name, value in ours for word in (name.replace(FIRST_OUTPUT, ":v"), value)]

    def _sizes(self) -> list[tuple[int, int]]:
        return list(dict.fromkeys((r.width, r.height) for r in self._plan.renditions))

    def _raw(self, rendition: Rendition) -> Path:
        return self._folder / f"{rendition.width}x{rendition.height}.nut"

    def _cascade(self, *, keep: bool) -> None:
        picture = ffmpeg.input(str(self._sample.path), threads=1)["v"]
        picture = picture.filter("fps", self._plan.rate)
        sizes, outputs = self._sizes(), []
        for number, (width, height) in enumerate(sizes):
            picture = picture.filter("scale", width, height, flags="lanczos")
            if number == 0:
                # HDR by the product's own way, which is the cheapest known here.
                light = self._plan.film.picture.light
                picture = relit(picture, light, self._tools.ffmpeg).filter("format", "yuv420p")
            fork = picture.filter_multi_output("split", 2 if number < len(sizes) - 1 else 1)
            raw = {"f": "nut", "c:v": "rawvideo"} if keep else {"f": "null"}
            target = str(self._folder / f"{width}x{height}.nut") if keep else "-"
            outputs.append(ffmpeg.output(fork[0], target, **raw))
            picture = fork[1]
        lean = ("-filter_threads", 1, "-filter_complex_threads", 1)
        self._programs.ff(*lean, *ffmpeg.merge_outputs(*outputs).get_args())

    def _decode_and_scale(self) -> None:
        self._cascade(keep=False)

    def _keep_raw(self) -> None:
        self._cascade(keep=True)

    def _hear(self) -> None:
        sound = ("-c:a", "aac", "-b:a", f"{ladder.SOUND_KBPS}k", "-ac", 2, "-f", "null", "-")
        self._programs.ff("-i", self._sample.path, "-vn", *sound)

    def _encode(self, raw: Path, arguments: list[str]) -> None:
        self._programs.ff("-i", raw, *arguments, "-f", "null", "-")
