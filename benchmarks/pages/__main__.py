"""Run it: python -m benchmarks.pages [--rounds N] [--home FOLDER] [--to FOLDER].

Starts `cvtube run --demo` in a home of its own, waits until every film of the demo is made, and has
Lighthouse look at the first page and at a film's, as on a phone and at a desk.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.product import product
from cvtube.demo.people import PASSWORD

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
sys.path.insert(0, str(ROOT))
from tests.browser import find_chromium  # noqa: E402

FORMS = {"phone": ["--form-factor=mobile"], "desk": ["--preset=desktop"]}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = {
    "first_paint_ms": "first-contentful-paint",
    "largest_paint_ms": "largest-contentful-paint",
    "blocked_ms": "total-blocking-time",
    "shift": "cumulative-layout-shift",
}
GOALS = {"watch page, phone": {"performance": 95}, "first page, phone": {"seo": 95}}


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", type=Path, default=ROOT / ".home" / "pages")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "benchmarks")
    wish = parser.parse_args()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    install = ["npm", "ci", "--loglevel=error", "--no-audit", "--no-fund"]
    subprocess.run(install, cwd=HERE, check=True, env={**os.environ, "PATH": path})
    with product(wish.home) as port:
        site = f"http://127.0.0.1:{port}"
        cookie, film = _signed_in(site)
        pages = {"first page": (f"{site}/", ""), "watch page": (site + film, cookie)}
        found = {
            f"{name}, {form}": _middle([_look(*page, options, path) for _ in range(wish.rounds)])
            for name, page in pages.items()
            for form, options in FORMS.items()
        }
    figures = {
        "rounds": wish.rounds,
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "load_average": round(os.getloadavg()[1], 2),
        "pages": found,
        "goals": GOALS,
    }
    (wish.to / "pages.json").write_text(json.dumps(figures, indent=1) + "\n")
    print(json.dumps(figures, indent=1))


def _signed_in(site: str) -> tuple[str, str]:
    """A recruiter's cookies, and the address of the first film they find."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def ask(path: str, form: dict[str, str] | None = None) -> str:
        body = urlencode(form).encode() if form else None
        with browser.open(site + path, body) as answer:
            return str(answer.read().decode())

    token = _found(r'name="csrf_token"[^>]*value="([^"]+)"', ask("/login"))
    ask("/login", {"email": "recruiter@example.org", "password": PASSWORD, "csrf_token": token})
    film = _found(r'href="(/films/\w+)', ask("/search"))
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar), film


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise SystemExit(f"no {pattern} in what the product answered")
    return found[1]


def _look(address: str, cookie: str, options: list[str], path: str) -> dict[str, float]:
    """One look: scores of 100, milliseconds, and how far things moved (no unit)."""
    how = find_chromium()
    environment: dict[str, Any] = how.get("env", dict(os.environ))
    flags = " ".join([*how["args"], "--headless=shell"])
    with tempfile.TemporaryDirectory() as folder:
        report, headers = Path(folder, "report.json"), Path(folder, "headers.json")
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        # The demo asks search engines to stay away, whatever its pages are like.
        command = [
            str(HERE / "node_modules" / ".bin" / "lighthouse"), address, "--quiet", "--output=json",
            f"--output-path={report}", f"--extra-headers={headers}", f"--chrome-flags={flags}",
            "--skip-audits=is-crawlable", *options,
        ]  # fmt: skip
        chrome = {"PATH": path, "CHROME_PATH": str(how["executable_path"])}
        subprocess.run(command, check=True, env={**environment, **chrome})
        said = json.loads(report.read_text())
    scores = {name: said["categories"][name]["score"] * 100 for name in CATEGORIES}
    times = {name: said["audits"][audit]["numericValue"] for name, audit in TIMES.items()}
    return scores | times


def _middle(looks: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(one[name] for one in looks), 3) for name in looks[0]}


if __name__ == "__main__":
    main()
