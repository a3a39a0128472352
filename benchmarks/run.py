"""One paired run: every pipeline on every sample, round by round, one at a time."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import quality, reckoning, samples
from benchmarks.floor import Floor
from benchmarks.machine import machine
from benchmarks.meter import Programs, measure
from benchmarks.ours import Ours
from benchmarks.pipelines import Made, Pipeline
from benchmarks.reckoning import FLOOR, OURS, Round, Step
from benchmarks.rivals import MediaCMS, PeerTube
from benchmarks.samples import Sample
from cvtube.settings import load
from cvtube.toolchain import selection


def everything(
    names: Sequence[str], rounds: int, seconds: float, folder: Path
) -> Iterator[dict[str, Any]]:
    """All figures so far, as they are written to the JSON file, after each sample."""
    found = selection.select_tools(load(home=folder / "home"))
    programs = Programs(found.ffmpeg.path, found.ffprobe.path)
    faces = samples.fetch(folder)
    figures: dict[str, Any] = {
        "machine": machine(),
        "ffmpeg": found.ffmpeg.version,
        "date": datetime.now(UTC).date().isoformat(),
        "rounds": rounds,
        "seconds": seconds,
        "samples": {},
    }
    for name in names:
        sample = samples.make(name, programs, faces, seconds, folder)
        figures["samples"][name] = one(programs, sample, rounds, folder / "work")
        yield figures


def one(programs: Programs, sample: Sample, rounds: int, folder: Path) -> dict[str, Any]:
    """Every pipeline on one sample."""
    pipelines: list[Pipeline] = [Ours(), PeerTube(programs), MediaCMS(programs)]
    costs: dict[str, list[Round]] = {pipeline.name: [] for pipeline in pipelines}
    weights: dict[str, dict[str, int]] = {}
    steps: dict[str, list[Step]] = {}
    for number in range(rounds):
        for pipeline in pipelines:
            cost = _once(pipeline, sample, folder)
            if pipeline.name == OURS:
                # At once, and between two of ours: machines are quicker at one time than at
                # another, and this goal is near.
                cpu_s = Floor(programs, sample, folder / FLOOR).cpu_s()
                costs.setdefault(FLOOR, []).append(Round(cpu_s, 0.0, None))
                shutil.rmtree(folder / FLOOR)
                _say(sample.name, FLOOR, cpu_s)
                cost = reckoning.halfway(cost, _once(pipeline, sample, folder))
            costs[pipeline.name].append(cost)
        if number == 0:
            for pipeline in pipelines:
                made = pipeline.made()
                weights[pipeline.name] = {
                    "bytes": made.rung_bytes,
                    "stored_bytes": made.stored_bytes,
                }
                place = folder / pipeline.name
                steps[pipeline.name] = look_at(programs, sample, made, pipeline.name, place)
    shutil.rmtree(folder)
    return summary(sample, costs, weights, steps)


def _once(pipeline: Pipeline, sample: Sample, folder: Path) -> Round:
    pipeline.prepare(sample, _empty(folder / pipeline.name))
    cost = measure(pipeline.work, pipeline.playable)
    _say(sample.name, pipeline.name, cost.cpu_s)
    return Round(cost.cpu_s, cost.wall_s, cost.playable_s)


def look_at(
    programs: Programs, sample: Sample, made: Made, pipeline: str, scratch: Path
) -> list[Step]:
    """What each rung needs of the network, and what it shows."""
    pictures = [rung.picture for rung in made.rungs]
    seen = quality.vmaf(programs, pictures, sample, scratch, toned=pipeline == OURS)

    def kbps(size: int) -> float:
        return round(size * 8 / sample.seconds / 1000, 1)

    return [
        Step(
            rung.name,
            rung.family,
            kbps=kbps(rung.bytes),
            picture_kbps=kbps(quality.picture_bytes(programs, rung.picture)),
            vmaf=round(vmaf, 1),
        )
        for rung, vmaf in zip(made.rungs, seen, strict=True)
    ]


def summary(
    sample: Sample,
    costs: dict[str, list[Round]],
    weights: dict[str, dict[str, int]],
    steps: dict[str, list[Step]],
) -> dict[str, Any]:
    """One sample's part of the JSON file."""
    cpu = {name: [cost.cpu_s for cost in rounds] for name, rounds in costs.items()}
    ratios = {
        f"cpu/{name}": round(reckoning.ratio(cpu[OURS], cpu[name]), 3)
        for name in (*reckoning.RIVALS, FLOOR)
    }
    for name in reckoning.RIVALS:
        ratios[f"bytes/{name}"] = round(weights[OURS]["bytes"] / weights[name]["bytes"], 3)
    with_sound = reckoning.leads(steps)
    return {
        "what": sample.what,
        "pipelines": {
            name: {
                "cpu_s": round(statistics.median(cpu[name]), 2),
                "cpu_s_by_round": [round(seconds, 2) for seconds in cpu[name]],
                "wall_s": _middle(cost.wall_s for cost in rounds),
                "first_playable_s": _middle(cost.first_playable_s for cost in rounds),
                **weights.get(name, {}),
                "rungs": [vars(step) for step in steps.get(name, [])],
            }
            for name, rounds in costs.items()
        },
        "ratios": ratios,
        "vmaf_lead": {
            "with_sound": with_sound,
            "picture_alone": reckoning.leads(steps, sound=False),
            "without_av1": reckoning.leads(steps, wanted=("h264",)),
        },
        "missed": reckoning.missed(ratios, with_sound),
    }


def _middle(numbers: Any) -> float | None:
    known = [number for number in numbers if number]
    return round(statistics.median(known), 2) if known else None


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _say(sample: str, pipeline: str, cpu_s: float) -> None:
    print(f"  {sample:10} {pipeline:14} {cpu_s:7.1f} CPU s", flush=True)
