"""Every command of `cvtube` is there under its name."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from cvtube.cli import COMMANDS, commands, main


@pytest.mark.parametrize("name", COMMANDS)
def test_it_is_found_where_it_is_said_to_be(name):
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    assert command.name == name


def test_another_one_is_refused_in_one_sentence():
    done = CliRunner().invoke(commands, ["dance"])
    assert done.exit_code == 2
    assert "No such command 'dance'." in done.output


@pytest.mark.parametrize("url", ["sqlite:///{}/new.sqlite3", "postgresql://nobody@127.0.0.1:1/no"])
def test_a_database_that_is_new_or_away_is_one_sentence(url, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("CVTUBE_HOME", str(tmp_path))
    monkeypatch.setenv("CVTUBE_DATABASE_URL", url.format(tmp_path))
    monkeypatch.setattr("sys.argv", ["cvtube", "transcode", "status"])
    assert_gives_up("database", capsys)


@pytest.mark.parametrize(
    "query", ["SELECT 1 FROM new_table", "SELECT new_column FROM (SELECT 1) AS one"]
)
def test_a_database_that_is_not_up_to_date_is_one_sentence(query, engine, monkeypatch, capsys):
    ask(query, engine, monkeypatch)
    assert_gives_up("database", capsys)


def test_a_bug_in_a_query_keeps_its_traceback(engine, monkeypatch):
    ask("SELEC 1", engine, monkeypatch)
    with pytest.raises((OperationalError, ProgrammingError), match="syntax error"):
        main()


def ask(query, engine, monkeypatch):
    def command(**_how):
        with engine.connect() as connection:
            connection.execute(text(query))

    monkeypatch.setattr(commands, "main", command)


def test_a_queue_that_is_away_is_one_sentence(monkeypatch, tmp_path, capsys, caplog):
    monkeypatch.setenv("CVTUBE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["cvtube", "worker", "general"])
    monkeypatch.setattr("cvtube.queue.worker.Retry", lambda *_how: None)  # it waits for a minute
    monkeypatch.setattr("os.register_at_fork", lambda **_what: None)  # this process forks, too
    assert_gives_up("queue", capsys)
    assert "the queue does not answer; waiting for it" in caplog.text  # said before the minute


def assert_gives_up(part, capsys):
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith(f"The {part} could not be used: ")
    assert said.endswith(". See: cvtube doctor\n")
    assert len(said.splitlines()) == 1
