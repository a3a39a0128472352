"""What the tests say when they can't run as somebody wanted."""

from __future__ import annotations

import os

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from tests.conftest import is_stale, not_there


def test_a_mistyped_file_is_named(tmp_path):
    (tmp_path / "test_here.py").touch()
    wanted = ["test_here.py::test_one[fr]", "test_her.py", "."]
    assert not_there(wanted, tmp_path) == ["test_her.py"]


@pytest.fixture
def edited(tmp_path):
    """A catalogue that was compiled before it was edited, as its dates have it."""
    path = tmp_path / "messages.po"
    words = Catalog(locale="fr")
    words.add("Continue", "Continuer")
    words.add(("One part", "%(num)d parts"), ("Une partie", "%(num)d parties"))
    words.add("Not translated yet", "")
    with path.open("wb") as file, path.with_suffix(".mo").open("wb") as compiled:
        write_po(file, words)
        write_mo(compiled, words)
    os.utime(path.with_suffix(".mo"), (0, 0))
    return path


def test_a_catalogue_that_was_only_checked_out_is_not_stale(edited):
    assert not is_stale(edited)


def test_an_edited_catalogue_is_stale_until_it_is_compiled(edited):
    edited.write_text(edited.read_text().replace("Continuer", "Aller plus loin"))
    assert is_stale(edited)


def test_one_that_was_never_compiled_is_stale(edited):
    edited.with_suffix(".mo").unlink()
    assert is_stale(edited)
