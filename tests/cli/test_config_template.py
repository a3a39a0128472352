"""The annotated settings file and the documentation say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from cvtube.cli import commands
from cvtube.cli.config_template import SECTIONS, as_document, as_file
from cvtube.settings import Settings, load

ROOT = Path(__file__).resolve().parents[2]


def test_the_repositorys_file_is_what_init_config_writes():
    assert (ROOT / "config.py").read_text(encoding="utf-8") == as_file(), "run: make settings"


def test_the_documentation_lists_every_setting_as_it_is():
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    assert page == as_document(), "run: make settings"


def test_every_part_of_the_file_begins_with_a_field_that_exists():
    assert set(SECTIONS) <= set(Settings.model_fields)


def test_with_every_comment_taken_away_the_file_says_the_defaults(tmp_path, monkeypatch):
    everything = re.sub(r"(?m)^# (?=[A-Z_]+ = )", "", as_file())
    path = tmp_path / "all.py"
    path.write_text(everything)
    monkeypatch.setenv("CVTUBE_CONFIG", str(path))
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CVTUBE_{name.upper()}", raising=False)
    said = load()
    monkeypatch.delenv("CVTUBE_CONFIG")
    assert said == load()
    assert everything.count("\n# ") < as_file().count("\n# ") - len(Settings.model_fields) + 1


def test_a_file_is_written_once_and_over_another_only_by_force(tmp_path):
    path = tmp_path / "my.py"
    first = CliRunner().invoke(commands, ["init-config", str(path)])
    assert (first.exit_code, path.read_text()) == (0, as_file())
    path.write_text("PORT = 8000\n")
    again = CliRunner().invoke(commands, ["init-config", str(path)])
    assert again.exit_code == 1
    assert "is there already" in again.output
    assert path.read_text() == "PORT = 8000\n"
    forced = CliRunner().invoke(commands, ["init-config", "--force", str(path)])
    assert (forced.exit_code, path.read_text()) == (0, as_file())


def test_without_a_path_it_is_printed():
    assert CliRunner().invoke(commands, ["init-config"]).output == as_file()
