"""What the web server says by itself: no address that opens something."""

from __future__ import annotations

import pytest
from gunicorn.config import Config

from cvtube.cli.web import QuietLogger, options

KEY = "A" * 22


@pytest.fixture
def log(settings, capsys):  # its handler keeps the stream it was made with
    config = Config()
    for name, value in options(settings).items():
        config.set(name, value)
    assert config.logger_class is QuietLogger
    return QuietLogger(config)


@pytest.mark.parametrize("prefix", ["l", "objects", "phone", "confirm", "new-password"])
def test_keys_in_addresses_are_left_out(log, capsys, prefix):
    log.error("Error handling request %s %s", "GET", f"/{prefix}/{KEY}/master.m3u8?t=1")
    log.warning(
        "Invalid request from ip=192.0.2.1: Invalid HTTP request line: '%s'", f"GET /{prefix}/{KEY}"
    )
    said = capsys.readouterr().err
    assert KEY not in said
    assert "192.0.2.1" not in said
    assert said.count(f"GET /{prefix}/…") == 2


def test_everything_else_is_said_as_it_is(log, capsys):
    log.info("Listening at: %s (%s)", "http://127.0.0.1:8321", 7)
    assert "Listening at: http://127.0.0.1:8321 (7)" in capsys.readouterr().err
