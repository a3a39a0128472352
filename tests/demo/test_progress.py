"""What the terminal says while the demo is made."""

from __future__ import annotations

import io

import pytest

from cvtube.demo.progress import Telling


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def ready():
    return []


def test_a_terminal_shows_one_line_a_film_that_grows(ready):
    screen = Terminal()
    telling = Telling(when_watchable=lambda: ready.append(1), stream=screen)
    for percent in (0, 37, 100):
        telling.progress(3, 10, percent)
    assert screen.getvalue() == (
        "\r  demo video 3 of 10: 0 %\r  demo video 3 of 10: 37 %\r  demo video 3 of 10: 100 %\n"
    )


def test_a_file_gets_a_line_for_every_fifth_of_a_film(ready):
    file = io.StringIO()
    telling = Telling(when_watchable=lambda: ready.append(1), stream=file)
    for percent in range(0, 101, 5):
        telling.progress(1, 2, percent)
    telling.progress(2, 2, 50)
    telling.failed(2, 2, "no_picture")
    telling.complete()
    assert file.getvalue().splitlines() == [
        "  demo video 1 of 2: 0 %",
        "  demo video 1 of 2: 20 %",
        "  demo video 1 of 2: 40 %",
        "  demo video 1 of 2: 60 %",
        "  demo video 1 of 2: 80 %",
        "  demo video 1 of 2: 100 %",
        "  demo video 2 of 2: 50 %",
        "",
        "  demo video 2 of 2 could not be processed (no_picture)",
        "  All demo videos are ready.",
    ]


def test_ready_is_said_once(ready):
    telling = Telling(when_watchable=lambda: ready.append(1), stream=io.StringIO())
    telling.watchable()
    telling.watchable()
    assert ready == [1]


def test_a_start_that_had_nothing_to_do_says_nothing(ready):
    file = io.StringIO()
    Telling(when_watchable=lambda: None, stream=file).complete()
    assert file.getvalue() == ""
