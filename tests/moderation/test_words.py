"""The pages have words for every code they may meet."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from cvtube.moderation.models import Measure

SOURCE = Path(__file__).parents[2] / "cvtube"
WORDS = SOURCE / "templates/moderation/words.html"
WRITERS = ("_record", "record", "VideoEvent", "_Verdict")


def written_verbs():
    """Every verb that the code writes into one of the two logs."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in WRITERS:
                named = [keyword.value for keyword in node.keywords if keyword.arg == "verb"]
                strings = [arg for arg in (*named, *node.args) if isinstance(arg, ast.Constant)]
                yield from (arg.value for arg in strings[:1] if isinstance(arg.value, str))


def test_every_verb_of_the_log_has_words():
    known = set(re.findall(r'^    "(\w+)": _\(', WORDS.read_text(encoding="utf-8"), re.MULTILINE))
    verbs = set(written_verbs())
    assert verbs >= {"started", "purged", "recruiter_verified", *Measure}
    assert verbs - known == set()
