"""What the supervisor is told."""

from __future__ import annotations

import configparser

import pytest

from cvtube.cli.preconditions import CannotStart
from cvtube.cli.procfile import configuration, programs
from cvtube.settings import load


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.delenv("CVTUBE_CONFIG", raising=False)
    return lambda **given: load(**{"home": tmp_path / "home", **given})


def read(settings):
    parser = configparser.RawConfigParser()
    parser.read_string(configuration(settings))
    return parser


def test_everything_runs_below_one_supervisor(make):
    assert [program.name for program in programs(make())] == [
        "valkey", "web", "transcode", "general", "clock",
    ]  # fmt: skip


def test_a_redis_elsewhere_is_not_started_here(make):
    names = [program.name for program in programs(make(redis_url="redis://queue:6379/0"))]
    assert "valkey" not in names


def test_captions_are_drafted_only_where_there_is_an_engine(make):
    names = [program.name for program in programs(make(captions_engine="faster-whisper"))]
    assert "captions" in names


def test_valkey_stops_after_those_who_use_it(make):
    told = read(make())
    assert told["group:cvtube"]["programs"] == "web,transcode,general,clock"
    assert int(told["program:valkey"]["priority"]) < int(told["group:cvtube"]["priority"])


def test_several_transcoders_have_a_log_each(make):
    section = read(make(transcode_workers=3))["program:transcode"]
    assert section["numprocs"] == "3"
    assert section["stdout_logfile"].endswith("/logs/transcode_%(process_num)d.log")


def test_percent_signs_in_paths_are_not_expanded(make, tmp_path):
    section = read(make(home=tmp_path / "50% off"))["program:valkey"]
    assert "/50%% off/valkey" in section["command"]


def test_a_path_that_the_supervisor_would_misread_is_refused(make, tmp_path):
    with pytest.raises(CannotStart, match="cannot be used"):
        configuration(make(home=tmp_path / "a ;b"))


def test_the_queue_is_told_to_forget_nothing_and_needs_no_disk(make):
    command = read(make())["program:valkey"]["command"]
    assert "--appendonly no --save ''" in command
    assert "--maxmemory-policy noeviction" in command
    assert "--port 0 " in command
