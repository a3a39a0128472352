"""The benchmark itself, on two seconds of an invented person instead of fetched faces."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from benchmarks import meter, quality, report, run
from benchmarks.meter import Failed, Programs, measure
from benchmarks.reckoning import BUDGETS, FLOOR, OURS, RIVALS
from benchmarks.samples import Sample
from cvtube.settings import load
from cvtube.toolchain import selection

CLIP = Path(__file__).parents[2] / "cvtube" / "demo" / "clips" / "samuel.mp4"


@pytest.fixture(scope="module")
def programs(tmp_path_factory) -> Programs:
    found = selection.select_tools(load(home=tmp_path_factory.mktemp("home")))
    return Programs(found.ffmpeg.path, found.ffprobe.path)


@pytest.fixture(scope="module")
def measured(programs, tmp_path_factory) -> dict:
    """One round on a small picture: what is tested is that it runs, not what it finds."""
    folder = tmp_path_factory.mktemp("benchmark")
    film = folder / "two-seconds.mp4"
    small = ("-vf", "scale=640:360", "-c:v", "libx264", "-preset", "ultrafast")
    programs.ff("-ss", 1, "-t", 2, "-i", CLIP, *small, "-c:a", "aac", film)
    sample = Sample("small", "a drawn face", film, 2.0)
    return run.one(programs, sample, 1, folder / "work")


def test_every_pipeline_is_measured_the_same_way(measured):
    assert set(measured["pipelines"]) == {OURS, *RIVALS, FLOOR}
    for name in (OURS, *RIVALS):
        figures = measured["pipelines"][name]
        assert figures["cpu_s"] > 0
        assert 0 < figures["first_playable_s"] <= figures["wall_s"]
        assert figures["bytes"] > 10_000
        assert all(rung["kbps"] > rung["picture_kbps"] > 0 for rung in figures["rungs"])


def test_larger_rungs_look_better(measured):
    """So pictures are compared with their own frames, and not with their neighbours."""
    for name in RIVALS:
        by_size = [rung["vmaf"] for rung in measured["pipelines"][name]["rungs"]]
        assert by_size == sorted(by_size)
        assert by_size[-1] > 80


def test_a_repeated_first_frame_is_not_held_against_a_rendition(programs, tmp_path):
    sent, late = tmp_path / "sent.mp4", tmp_path / "late.mp4"
    programs.ff("-ss", 1, "-t", 1, "-i", CLIP, "-an", "-vf", "scale=320:180", sent)
    programs.ff("-i", sent, "-vf", "tpad=start=1:start_mode=clone", late)
    sample = Sample("sent", "a drawn face", sent, 1.0)
    assert [quality.frames_late(programs, f, sample, tmp_path) for f in (sent, late)] == [0, 1]


def test_ratios_are_of_the_same_round(measured):
    ours, theirs = (measured["pipelines"][name]["cpu_s"] for name in (OURS, RIVALS[0]))
    assert measured["ratios"][f"cpu/{RIVALS[0]}"] == pytest.approx(ours / theirs, rel=0.05)


def test_figures_become_a_page_and_a_picture(figures, measured, tmp_path):
    figures["samples"] = {"small": json.loads(json.dumps(measured))}
    report.write(figures, tmp_path)
    text = (tmp_path / "transcode.md").read_text(encoding="utf-8")
    assert all(f"{budget} kb/s" in text for budget in BUDGETS)
    picture = (tmp_path / "transcode.svg").read_text(encoding="utf-8")
    rungs = sum(len(made["rungs"]) for made in measured["pipelines"].values())
    assert picture.count("<circle") == rungs


def test_a_meter_counts_what_grandchildren_used():
    spin = "import time\nwhile time.process_time() < 0.3: pass"
    cost = measure(lambda: meter._run(["sh", "-c", f"python3 -c '{spin}'; true"]))
    assert cost.cpu_s >= 0.3


def test_a_meter_looks_from_outside_whether_there_is_something_to_watch(tmp_path):
    seen = tmp_path / "seen"
    done = tmp_path / "done"

    def work() -> None:
        seen.touch()
        while not done.exists():
            os.sched_yield()

    def playable() -> bool:
        if seen.exists():
            done.touch()
        return seen.exists()

    cost = measure(work, playable)
    assert cost.playable_s is not None
    assert cost.playable_s <= cost.wall_s


def test_work_that_fails_is_no_figure(capfd):
    def work() -> None:
        raise ValueError("out of film")

    with pytest.raises(Failed):
        measure(work)
    assert "out of film" in capfd.readouterr().err
