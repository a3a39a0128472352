"""Figures as a run leaves them."""

from __future__ import annotations

import pytest

from benchmarks.reckoning import BUDGETS, FLOOR, OURS, RIVALS


@pytest.fixture
def figures() -> dict:
    """One sample, in which all is well."""
    rung = {"name": "av1-540", "family": "av1", "kbps": 300.0, "picture_kbps": 236.0, "vmaf": 85.0}
    costs = {"cpu_s": 10.0, "wall_s": 9.0, "first_playable_s": 2.0, "bytes": 5, "rungs": [rung]}
    lead = {rival: {str(budget): 4.0 for budget in BUDGETS} for rival in RIVALS}
    ratios = {f"cpu/{name}": 0.2 for name in (*RIVALS, FLOOR)}
    ratios |= {f"bytes/{name}": 0.2 for name in RIVALS}
    kinds = ("with_sound", "picture_alone", "without_av1")
    sample = {
        "what": "a face",
        "pipelines": dict.fromkeys((OURS, *RIVALS, FLOOR), costs),
        "ratios": ratios,
        "vmaf_lead": dict.fromkeys(kinds, lead),
        "missed": [],
    }
    return {
        "machine": {"processor": "abacus", "cores": 1, "system": "wood"},
        "ffmpeg": "9",
        "date": "2026-11-25",
        "rounds": 1,
        "seconds": 2,
        "samples": {"face": sample},
    }
