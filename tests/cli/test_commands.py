"""Every command of `cvtube` is there under its name."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from cvtube.cli import COMMANDS, commands


@pytest.mark.parametrize("name", COMMANDS)
def test_it_is_found_where_it_is_said_to_be(name):
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    assert command.name == name


def test_another_one_is_refused_in_one_sentence():
    done = CliRunner().invoke(commands, ["dance"])
    assert done.exit_code == 2
    assert "No such command 'dance'." in done.output
