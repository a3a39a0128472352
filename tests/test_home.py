"""The home folder is for this account alone, also where somebody else has made it."""

from __future__ import annotations

import pytest

from cvtube.cli.checks import Trouble, check_home
from cvtube.home import make_private
from cvtube.settings import SettingsError


def mode(folder):
    return folder.stat().st_mode & 0o777


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "home"
    made.mkdir(mode=0o755)
    made.chmod(0o755)
    return made


def test_a_new_one_is_closed(tmp_path):
    make_private(tmp_path / "far/away/home")
    assert mode(tmp_path / "far/away/home") == 0o700


@pytest.mark.parametrize("name", [None, "secret_key", "cvtube.db"])
def test_one_that_was_there_is_closed(folder, name):
    if name:
        (folder / name).touch()
    make_private(folder)
    assert mode(folder) == 0o700


def test_a_folder_of_other_things_is_refused_and_left_alone(folder):
    (folder / "holidays.jpg").touch()
    with pytest.raises(SettingsError, match=f"others can read {folder}. Close it with: chmod 700"):
        make_private(folder)
    assert mode(folder) == 0o755


def test_the_doctor_says_that_others_can_read_it(runtime):
    make_private(runtime.settings.home)
    check_home(runtime)
    runtime.settings.home.chmod(0o750)
    with pytest.raises(Trouble, match="others can read") as trouble:
        check_home(runtime)
    assert trouble.value.advice == f"Close it with: chmod 700 {runtime.settings.home}"
