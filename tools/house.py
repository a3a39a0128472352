"""Measure the house: how much there is of it, in how many rooms, and how far one has to walk.

Everything is counted from the files git knows, of this tree or of any commit, so that two
measurements can be compared. It says how the code lies, not how good it is.

usage: python -m tools.house [--commit COMMIT] [--label NAME] [--walks DOCUMENT]
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

GIT = shutil.which("git") or "git"
ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs/benchmarks/house.json"
ARCHITECTURE = "docs/architecture.md"
PRODUCT = "cvtube"
LANGUAGES = {
    ".py": "Python",
    ".js": "JavaScript",
    ".mjs": "JavaScript",
    ".css": "CSS",
    ".html": "templates",
    ".md": "documents",
}
# One row of a walk: | 3 | chunks are joined | `cvtube/x.py:join` |
STEP = re.compile(r"^\| *\d+ *\|[^|]*\| *`([\w./-]+):([\w.#]+)` *\|$", re.MULTILINE)
WALK = re.compile(r"^### Walk: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Module:
    """One Python file of the product."""

    name: str  # dotted
    path: str
    lines: int
    written: int  # lines that are neither empty nor a comment
    tree: ast.Module


def measure(root: Path, document: Path | None = None) -> dict[str, Any]:
    """Every figure of the tree at `root`, with the walks of its own document or of another."""
    files = tracked(root)
    modules = read_modules(root, files)
    importers = importers_of(modules)
    lengths = sorted(module.lines for module in modules)
    functions = sorted(function_lengths(modules))
    return {
        "tracked_files": len(files),
        "lines": tableby_language(root, files),
        "folders": tableby_folder(root, files),
        "python_of_the_product": {
            "files": len(modules),
            "lines": sum(lengths),
            "lines_of_code": sum(module.written for module in modules),
            "file_lines": {"p50": percentile(lengths, 50), "p95": percentile(lengths, 95)},
            "longest_file": lengths[-1],
            "functions": len(functions),
            "function_lines": {"p50": percentile(functions, 50), "p99": percentile(functions, 99)},
            "longest_function": functions[-1],
        },
        "files_in_transcode": sum(
            module.path.startswith("cvtube/transcode/") for module in modules
        ),
        "modules_with_one_importer": sum(len(found) == 1 for found in importers.values()),
        "classes_defined_twice": defined_twice(modules, ast.ClassDef),
        "functions_defined_twice": defined_twice(modules, ast.FunctionDef),
        "lease_implementations": lease_implementations(modules),
        "walks": walks(document or root / ARCHITECTURE),
    }


def tracked(root: Path) -> list[str]:
    """What git knows there."""
    done = subprocess.run(
        [GIT, "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    )
    return sorted(name for name in done.stdout.split("\0") if name and (root / name).is_file())


def read_modules(root: Path, files: Iterable[str]) -> list[Module]:
    """The product's Python, but migrations, which are history."""
    found = []
    for path in files:
        if path.startswith(f"{PRODUCT}/") and path.endswith(".py") and "/versions/" not in path:
            text = (root / path).read_text(encoding="utf-8")
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            written = sum(bool(re.match(r" *[^ #]", line)) for line in text.splitlines())
            found.append(Module(name, path, text.count("\n"), written, ast.parse(text)))
    return found


def tableby_language(root: Path, files: Iterable[str]) -> dict[str, dict[str, int]]:
    """Product and tests apart; what is written in no language of ours is not counted."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for path in files:
        language = LANGUAGES.get(Path(path).suffix)
        if language:
            found["tests" if path.startswith("tests/") else "the rest"][language] += lines(
                root / path
            )
    return {part: dict(sorted(counted.items())) for part, counted in sorted(found.items())}


def tableby_folder(root: Path, files: Iterable[str]) -> dict[str, dict[str, int]]:
    """Files and lines of each folder: two levels of what matters, and one of the rest."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for path in files:
        parts = path.split("/")
        deep = 2 if parts[0] in {PRODUCT, "tests", "frontend"} else 1
        folder = "/".join(parts[: min(deep, len(parts) - 1)]) or "."
        found[folder]["files"] += 1
        if Path(path).suffix in LANGUAGES:
            found[folder]["lines"] += lines(root / path)
    return {folder: dict(counted) for folder, counted in sorted(found.items())}


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def importers_of(modules: list[Module]) -> dict[str, set[str]]:
    """For each module that is imported by another one: by which."""
    known = {module.name for module in modules}
    found: dict[str, set[str]] = defaultdict(set)
    for module in modules:
        for name in imported(module):
            # What is imported from a module is no module itself.
            target = name if name in known else name.rpartition(".")[0]
            if target in known and target != module.name:
                found[target].add(module.name)
    return found


def imported(module: Module) -> Iterator[str]:
    """Dotted names that a module imports: of modules, or of what is in them."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def function_lengths(modules: Iterable[Module]) -> Iterator[int]:
    """Lines of each function's body, without its docstring."""
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                yield (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def defined_twice(modules: Iterable[Module], kind: type[ast.ClassDef | ast.FunctionDef]) -> int:
    """How many public names stand at the top of more than one module."""
    counted = Counter(
        node.name
        for module in modules
        for node in module.tree.body
        if isinstance(node, kind) and not node.name.startswith("_")
    )
    return sum(number > 1 for number in counted.values())


def lease_implementations(modules: Iterable[Module]) -> list[str]:
    """Modules that themselves set until when somebody has a piece of work.

    (An assignment, or a keyword of `values(…)`, of a column whose name ends in `_until`.)
    """
    found = set()
    for module in modules:
        for node in ast.walk(module.tree):
            targets: list[str] = []
            if isinstance(node, ast.Assign):
                targets = [one.attr for one in node.targets if isinstance(one, ast.Attribute)]
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "values":
                targets = [str(keyword.arg) for keyword in node.keywords]
            if {"lease_until", "claimed_until", "locked_until"} & set(targets):
                found.add(module.path)
    return sorted(found)


def walks(document: Path) -> dict[str, dict[str, int]]:
    """How many steps and how many files each walk of the document has."""
    text = document.read_text(encoding="utf-8")
    return {name: count(steps) for name, steps in walks_of(text).items()}


def walks_of(text: str) -> dict[str, list[tuple[str, str]]]:
    """The steps of each walk in a document: file and function."""
    parts = WALK.split(text)[1:]  # name, text, name, text, …
    return {
        name: STEP.findall(part.partition("\n## ")[0])
        for name, part in zip(parts[::2], parts[1::2], strict=True)
    }


def count(steps: list[tuple[str, str]]) -> dict[str, int]:
    paths = [path for path, _ in steps]
    returns = sum(
        one != before and one in paths[:at] for at, (before, one) in enumerate(pairwise(paths), 1)
    )
    return {"steps": len(steps), "files": len(set(paths)), "returns": returns}


def percentile(ordered: list[int], percent: int) -> int:
    """The nearest rank: the smallest of which so many percent are no larger."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


@contextmanager
def tree_of(commit: str | None) -> Iterator[Path]:
    """This tree, or one of a commit beside it that goes away again."""
    if commit is None:
        yield ROOT
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "tree")
        git = [GIT, "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(place), commit], check=True)
        try:
            yield place
        finally:
            subprocess.run([*git, "remove", "--force", str(place)], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--commit", help="measure this commit instead of what is here")
    parser.add_argument("--label", default="now", help="under which name the figures are kept")
    parser.add_argument("--walks", type=Path, help="read the walks from this document")
    asked = parser.parse_args()
    known = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    with tree_of(asked.commit) as root:
        known[asked.label] = measure(root, asked.walks)
    if asked.commit:
        known[asked.label]["commit"] = asked.commit
    FIGURES.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    print(report(known))
    return 0


def report(figures: dict[str, Any]) -> str:
    """The figures side by side, without the folders."""
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    for label, found in figures.items():
        for name, value in flattened(found):
            rows[name][label] = value
    width = max(len(name) for name in rows)
    table = [f"{'':{width}}  " + "".join(f"{label:>10}" for label in figures)]
    for name, values in rows.items():
        cells = (values.get(label, "-") for label in figures)
        table.append(f"{name:{width}}  " + "".join(f"{cell:>10}" for cell in cells))
    return "\n".join(table)


def flattened(found: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        if name in {"folders", "commit"}:
            continue
        if isinstance(value, dict):
            yield from flattened(value, f"{before}{name} ")
        else:
            yield f"{before}{name}", str(len(value) if isinstance(value, list) else value)


if __name__ == "__main__":
    sys.exit(main())
