"""The pages have words for every code they may meet."""

from __future__ import annotations

import ast
import re

from cvtube.moderation.audit_log_text import OF_ACCOUNTS, OF_FILMS
from cvtube.videos.verbs import Verb
from tests.house.source import ROOT, python_files, tree

WORDS = ROOT / "cvtube/templates/moderation/words.html"


def written_verbs():
    """What is written into the logs: verbs of films, and constants handed to accounts' writers."""
    yield from Verb
    writers = {"_record", "record", "record_account_event", "AccountEvent"}
    for path in python_files("cvtube"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and _name(node.func) in writers:
                given = [*node.args, *(k.value for k in node.keywords if k.arg == "verb")]
                yield from (one.value for one in given if _is_verb(one))
            if isinstance(node, ast.Assign) and _name(node.targets[0]) == "verb":
                yield from (one.value for one in ast.walk(node.value) if _is_verb(one))


def _name(node):
    return getattr(node, "attr", None) or getattr(node, "id", "")


def _is_verb(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_everything_that_is_written_into_the_log_has_its_sentence():
    written = set(written_verbs())
    assert {"link_made", "signed_in"} <= written
    assert written - set(OF_FILMS) - set(OF_ACCOUNTS) == set()
    told_of = {verb.partition(" ")[0] for verb in (*OF_FILMS, *OF_ACCOUNTS)}
    assert told_of - written == set()


def test_everything_that_happens_to_an_account_has_its_words_on_a_page_about_it():
    known = set(re.findall(r'^    "(\w+)": _\(', WORDS.read_text(encoding="utf-8"), re.MULTILINE))
    assert known == {verb for verb in OF_ACCOUNTS if " " not in verb}
