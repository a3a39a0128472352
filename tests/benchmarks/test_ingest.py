"""The benchmark of uploads itself: what is tested is that it runs, not what it finds."""

from __future__ import annotations

import json
import sys

import pytest

from benchmarks.ingest import __main__ as ingest
from benchmarks.ingest import race
from benchmarks.ingest.race import Case


@pytest.fixture
def figures(monkeypatch, tmp_path, services) -> dict:
    cases = (Case("two whole films at once", 2, None), Case("small bodies", 1, 1))
    monkeypatch.setattr(race, "CASES", cases)
    to = tmp_path / "docs"
    said = ["--rounds", "1", "--mib", "2", "--work", str(tmp_path), "--to", str(to)]
    monkeypatch.setattr(sys, "argv", ["ingest", *said])
    ingest.main()
    return json.loads((to / "ingest.json").read_text())


def test_both_servers_take_in_the_same_and_are_compared(figures):
    cases = figures["sqlite"]["cases"]
    assert set(cases) == {"two whole films at once", "small bodies"}
    for found in cases.values():
        assert found["ratio_wall"] > 0
        assert found["mb_a_second"] > 0
        assert found["bare_mb_a_second"] > 0
