"""Run it: python -m benchmarks.load [--seconds N] [--home FOLDER] [--to FOLDER].

Starts `cvtube run --demo` in a home of its own (SQLite, files, no proxy), waits until every film
of the demo is made, and lets everybody come at the same time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import resource
import time
from pathlib import Path

import psutil

from benchmarks.load import accounts, people
from benchmarks.load.wire import Browser, Diary
from benchmarks.product import product
from cvtube.accounts.models import Role

ROOT = Path(__file__).parent.parent.parent
CLIPS = ROOT / "cvtube" / "demo" / "clips"
UPLOADERS, PLAYERS, SEARCHERS, SILENT = 50, 50, 20, 300
PAGES = ("health", "sign-in page", "search")
GOALS = {"p95_ms": 300, "refused": 0, "web_mb": 250}


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--home", type=Path, default=ROOT / ".home" / "load")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks")
    parser.add_argument("--note", default="", help="what readers should know of this run")
    wish = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with product(wish.home) as port:
        accounts.make(wish.home, {Role.CANDIDATE: UPLOADERS, Role.RECRUITER: PLAYERS + SEARCHERS})
        figures = measured(wish.home, port, wish.seconds)
    figures["note"] = wish.note
    (wish.to / "load.json").write_text(json.dumps(figures, indent=1) + "\n")
    print(json.dumps(figures, indent=1))


def measured(home: Path, port: int, seconds: float) -> dict[str, object]:
    """Everybody at once, and what became of it."""
    web = web_process(home)
    before = megabytes(web)
    diary, cpu = Diary(), sum(web.cpu_times()[:2])
    asyncio.run(everybody(port, diary, seconds))
    cpu = sum(web.cpu_times()[:2]) - cpu
    rows = diary.summary()
    return {
        "seconds": seconds,
        "people": {
            "uploaders": UPLOADERS,
            "players": PLAYERS,
            "searchers": SEARCHERS,
            "silent": SILENT,
        },
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "load_average": os.getloadavg()[1],
        "requests": rows,
        "pages_p95_ms": max(float(str(rows[kind]["p95_ms"])) for kind in PAGES),
        "refused": sum(len(endings) for endings in diary.refused.values()),
        "web_mb": {"before": before, "after": megabytes(web)},
        "web_cpu_s": round(cpu, 1),
        "goals": GOALS,
    }


def web_process(home: Path) -> psutil.Process:
    """The web server's worker: the child of the process that was started."""
    for one in psutil.process_iter(["cmdline", "environ"]):
        here = (one.info["environ"] or {}).get("CVTUBE_HOME") == str(home)
        if here and " ".join(one.info["cmdline"] or []).endswith("cvtube web"):
            children = one.children()
            if children:
                return children[0]
    raise SystemExit("no web server")


def megabytes(process: psutil.Process) -> float:
    return round(process.memory_full_info().rss / 1e6, 1)


async def everybody(port: int, diary: Diary, seconds: float) -> None:
    clip = next(iter(sorted(CLIPS.glob("*.mp4")))).read_bytes()
    aside = Diary()  # what comes before is not measured
    senders = await signed_in(port, Role.CANDIDATE, UPLOADERS, aside)
    recruiters = await signed_in(port, Role.RECRUITER, PLAYERS + SEARCHERS, aside)
    there = await people.films(recruiters[0])
    for one in (*senders, *recruiters):
        one.diary = diary
    end = time.monotonic() + seconds
    await asyncio.gather(
        *(people.say_nothing(port, end, diary) for _ in range(SILENT)),
        *(people.upload(one, clip, end) for one in senders),
        *(people.play(one, there, end, i) for i, one in enumerate(recruiters[:PLAYERS])),
        *(people.search(one, end, i) for i, one in enumerate(recruiters[PLAYERS:])),
        people.look(Browser(port, 0, diary), end),
    )


async def signed_in(port: int, role: Role, number: int, diary: Diary) -> list[Browser]:
    """So many people, each at an address of their own."""
    first = 1 if role is Role.CANDIDATE else 1 + UPLOADERS
    found = [Browser(port, first + one, diary) for one in range(number)]
    for one, browser in enumerate(found):
        await browser.sign_in(accounts.address(role, one), accounts.PASSWORD)
    return found


if __name__ == "__main__":
    main()
