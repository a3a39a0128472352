"""Collect every marked string into the French catalogue, keeping the translations there are.

A string that has none is left empty; a test counts them. Fuzzy guesses are never made: half
right is wrong in a sentence that tells somebody what to do. The catalogue carries no dates
and no line numbers, so a change of it shows words and nothing else.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FRENCH = ROOT / "cvtube/translations/fr/LC_MESSAGES/messages.po"
HEADER = """\
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""


def main() -> None:
    known = read(FRENCH)
    fresh = Catalog(locale="fr")
    for message in extracted():
        if message.id:
            old = known.get(message.id)
            words = old.string if old is not None else message.string
            fresh.add(message.id, words, flags=message.flags)
    write(fresh)


def extracted() -> Catalog:
    """Every marked string in Python code and templates."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "messages.pot")
        command = ["extract", "-F", "babel.cfg", "-k", "N_", "-k", "_l", "-o", str(template), "."]
        pybabel = Path(sys.executable).with_name("pybabel")
        subprocess.run([pybabel, "--quiet", *command], cwd=ROOT, check=True)
        return read(template)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="fr")


def write(catalogue: Catalog) -> None:
    """The text for people and for git, and the compiled form for the program."""
    with FRENCH.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalogue, width=100, omit_header=True, sort_output=True)
    with FRENCH.with_suffix(".mo").open("wb") as file:
        write_mo(file, read(FRENCH))


if __name__ == "__main__":
    main()
