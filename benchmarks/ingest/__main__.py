"""Run it: python -m benchmarks.ingest [--rounds N] [--mib N] [--database URL] [--to FOLDER]."""

from __future__ import annotations

import argparse
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.ingest import race, servers
from benchmarks.machine import machine

ROOT = Path(__file__).parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.ingest", description=race.__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--mib", type=int, default=32, help="size of each film")
    parser.add_argument("--database", default="", help="postgresql://…; SQLite by default")
    parser.add_argument("--work", type=Path, default=ROOT / ".home")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks")
    wish = parser.parse_args()
    wish.work.mkdir(parents=True, exist_ok=True)
    people = race.people_for(wish.rounds)
    with (
        tempfile.TemporaryDirectory(prefix="ingest-", dir=wish.work) as folder,
        servers.product(Path(folder, "home"), people, wish.database) as ours,
        servers.bare(Path(folder, "bare"), people) as bare,
    ):
        cases = race.run(ours, bare, wish.mib, wish.rounds)
    _write(wish.to / "ingest.json", wish.database, {"mib": wish.mib, "rounds": wish.rounds}, cases)


def _write(path: Path, database: str, how: dict[str, int], cases: dict[str, object]) -> None:
    """One database's figures; those of the other stay."""
    name = database.partition("://")[0] or "sqlite"
    figures = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    date = datetime.now(UTC).date().isoformat()
    figures[name] = {"machine": machine(), "date": date, **how, "cases": cases}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for case, found in cases.items():
        print(f"  {case}: {found}")


if __name__ == "__main__":
    main()
