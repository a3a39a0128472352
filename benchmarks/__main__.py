"""Run it: python -m benchmarks [--samples A,…] [--rounds N] [--seconds S] [--to FOLDER]."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks import report, run, samples

ROOT = Path(__file__).parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=run.__doc__)
    parser.add_argument("--samples", default=",".join(samples.NAMES), help="comma-separated")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20, help="length of each sample")
    parser.add_argument("--work", type=Path, default=ROOT / ".home" / "benchmark")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks")
    parser.add_argument("--note", default="", help="what readers should know of this run")
    wish = parser.parse_args()
    wish.work.mkdir(parents=True, exist_ok=True)
    wish.to.mkdir(parents=True, exist_ok=True)
    names = wish.samples.split(",")
    # After each sample: a long run that is stopped has not been for nothing.
    for figures in run.everything(names, wish.rounds, wish.seconds, wish.work):
        figures["note"] = wish.note
        (wish.to / "transcode.json").write_text(json.dumps(figures, indent=1) + "\n")
        report.write(figures, wish.to)
    print(f"  written to {wish.to}")


if __name__ == "__main__":
    main()
