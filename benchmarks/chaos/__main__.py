"""Run it: python -m benchmarks.chaos [--uploads N] [--kills N] [--seed N] [--name NAME].

Starts the product in processes of its own, with PostgreSQL, a Valkey that keeps nothing, and
storage in files; lets people send films while processes are killed; and looks at what is left.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.chaos.storm import Wish, figures, stormed
from benchmarks.machine import machine

ROOT = Path(__file__).parent.parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.chaos", description=__doc__)
    parser.add_argument("--uploads", type=int, default=Wish.uploads)
    parser.add_argument("--kills", type=int, default=Wish.kills)
    parser.add_argument("--seconds", type=float, default=Wish.every_s, help="between two kills")
    parser.add_argument("--seed", type=int, default=Wish.seed)
    parser.add_argument("--patience", type=float, default=Wish.patience_s, help="s, to settle")
    parser.add_argument("--name", default="after", help="under which the figures are kept")
    parser.add_argument("--note", default="", help="what readers should know of this run")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks")
    said = parser.parse_args()
    wish = Wish(said.uploads, said.kills, said.seconds, said.seed, patience_s=said.patience)
    folder = Path(tempfile.mkdtemp(prefix="cvtube-chaos-"))
    with stormed(folder, wish) as after:
        verdict = after.judged()
        found = figures(after, verdict)
    _keep(said.to / "chaos.json", said.name, {"note": said.note, **_where(), **found})
    print(json.dumps(found, indent=1))
    if verdict.faults:
        sys.exit(f"{len(verdict.faults)} faults; the logs are in {folder}")
    shutil.rmtree(folder)


def _where() -> dict[str, object]:
    return {
        "machine": machine(),
        "load_average": round(os.getloadavg()[1], 1),
        "date": datetime.now(UTC).date().isoformat(),
    }


def _keep(path: Path, name: str, found: dict[str, object]) -> None:
    """Beside the figures of other names."""
    there = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(there | {name: found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
