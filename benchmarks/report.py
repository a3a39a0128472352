"""The figures as a page and a picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.plot import curves
from benchmarks.reckoning import BUDGETS, FLOOR, LEAD, MOST_BYTES, MOST_CPU, OURS, RIVALS

Figures = dict[str, Any]


def write(figures: Figures, folder: Path) -> None:
    """Beside the JSON file."""
    (folder / "transcode.md").write_text("\n".join(page(figures)) + "\n", encoding="utf-8")
    (folder / "transcode.svg").write_text(curves(figures["samples"]), encoding="utf-8")


def page(figures: Figures) -> Iterator[str]:
    """Lines of Markdown."""
    machine = figures["machine"]
    yield "# What transcoding costs and gives"
    yield ""
    yield (
        f"Measured on {figures['date']}: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['system']}, ffmpeg {figures['ffmpeg']}; {figures['rounds']} paired round(s), "
        f"{figures['seconds']:g} s a sample. `make bench-transcode` writes this page anew, "
        "[transcode.json](transcode.json) holds every figure, [how](README.md) says what they mean."
    )
    yield ""
    if note := figures.get("note"):
        yield note
        yield ""
    yield from _costs(figures["samples"])
    yield from _leads(figures["samples"])
    yield "![Quality at the bit rates a player may have](transcode.svg)"
    yield ""
    yield from _missed(figures["samples"])
    yield from _rungs(figures["samples"])


def _costs(samples: Figures) -> Iterator[str]:
    yield "## CPU and bytes"
    yield ""
    yield (
        f"CPU seconds of the whole process tree. Goals: {MOST_CPU[RIVALS[0]]:.2f} of PeerTube's, "
        f"{MOST_CPU[RIVALS[1]]:.2f} of MediaCMS's, {MOST_CPU[FLOOR]:.2f} of the floor; "
        f"{MOST_BYTES:.2f} of PeerTube's bytes."
    )
    yield ""
    yield (
        "| Sample | cvtube | PeerTube-like | MediaCMS-like | floor | of PeerTube | of MediaCMS "
        "| of the floor | bytes of PeerTube | first playable: cvtube, PeerTube, MediaCMS |"
    )
    yield "| --- | " + "--: | " * 9
    for name, found in samples.items():
        made, ratios = found["pipelines"], found["ratios"]
        cpu = " | ".join(f"{made[p]['cpu_s']:.1f} s" for p in (OURS, *RIVALS, FLOOR))
        shares = " | ".join(f"{ratios[f'cpu/{p}']:.2f}" for p in (*RIVALS, FLOOR))
        first = ", ".join(_seconds(made[p]["first_playable_s"]) for p in (OURS, *RIVALS))
        yield f"| {name} | {cpu} | {shares} | {ratios[f'bytes/{RIVALS[0]}']:.2f} | {first} |"
    yield ""


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f} s"


def _leads(samples: Figures) -> Iterator[str]:
    yield "## The best picture that fits"
    yield ""
    yield (
        "VMAF points above PeerTube's / above MediaCMS's best rung that fits, sound included, for "
        f"a player that knows AV1 (goal: {LEAD:+.0f}), and below it for one that does not."
    )
    yield ""
    yield "| Sample | " + " | ".join(f"{budget} kb/s" for budget in BUDGETS) + " |"
    yield "| --- | " + "--: | " * len(BUDGETS)
    for name, found in samples.items():
        for kind, label in (("with_sound", name), ("without_av1", f"{name}, H.264 alone")):
            lead = found["vmaf_lead"][kind]
            cells = (" / ".join(f"{lead[r][str(b)]:+.1f}" for r in RIVALS) for b in BUDGETS)
            yield f"| {label} | " + " | ".join(cells) + " |"
    yield ""


def _missed(samples: Figures) -> Iterator[str]:
    yield "## Goals that are missed"
    yield ""
    said = [f"- {name}: {words}." for name, found in samples.items() for words in found["missed"]]
    yield from said or ["None."]
    yield ""


def _rungs(samples: Figures) -> Iterator[str]:
    yield "## Every rung"
    yield ""
    yield "kb/s with sound @ VMAF."
    for name, found in samples.items():
        yield ""
        yield f"**{name}** ({found['what']})"
        yield ""
        for pipeline in (OURS, *RIVALS):
            rungs = found["pipelines"][pipeline]["rungs"]
            steps = (f"{r['name']} {r['kbps']:.0f}@{r['vmaf']:.1f}" for r in rungs)
            yield f"- {pipeline}: {', '.join(steps)}"
