"""Write the index of the decision records, docs/decisions/README.md, from the records themselves.

A record says in its first lines what it is: its number and title, then its status and the date of
the decision. Everything the index shows is read from there, so it can't say anything else.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs/decisions"
INDEX = FOLDER / "README.md"
TABLE = "| | Decision | Status | Date |\n| --- | --- | --- | --- |\n"

# Such as “Accepted, 2026-11-23; superseded in part: HLG by [131](0131-….md)”.
_HEAD = re.compile(
    r"# (?P<number>[1-9]\d*)\. (?P<title>\S.*)\n\n"
    r"Status: (?P<status>Proposed|Accepted|Superseded by \[\d+\]\(\d{4}-[\w.-]+\.md\)), "
    r"(?P<date>20\d\d-\d\d-\d\d)(?P<part>; superseded in part: [^|]+?)?\.\n\n",
)


@dataclass(frozen=True)
class Record:
    """One decision, as the head of its file has it."""

    path: Path
    number: int
    title: str
    status: str
    date: str  # as in ISO 8601


def records() -> list[Record]:
    """Every decision, by number.

    Raises:
        ValueError: with a sentence that names the file whose head can't be read.
    """
    return [read(path) for path in sorted(FOLDER.glob("*.md")) if path != INDEX]


def read(path: Path) -> Record:
    head = _HEAD.match(path.read_text(encoding="utf-8"))
    if head is None or not path.name.startswith(f"{int(head['number']):04d}-"):
        number = path.name[:4].lstrip("0")
        raise ValueError(
            f"{path.name}: a record begins with “# {number}. Title”, an empty line, and "
            "“Status: Accepted, YYYY-MM-DD.” (docs/decisions/README.md has the form)"
        )
    status = head["status"] + (", superseded in part" if head["part"] else "")
    return Record(path, int(head["number"]), head["title"], status, head["date"])


def table() -> str:
    """The rows of the index."""
    rows = (
        f"| {one.number} | [{one.title}]({one.path.name}) | {one.status} | {one.date} |\n"
        for one in records()
    )
    return TABLE + "".join(rows)


def index() -> str:
    """The whole index: what is written by hand above the table, and the table."""
    above, _heading, _rows = INDEX.read_text(encoding="utf-8").partition(TABLE)
    return above + table()


def main() -> int:
    try:
        text = index()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    INDEX.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
