"""Guessing gets slower, and only guessing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from cvtube.accounts import throttle
from cvtube.accounts.cards.numbers import is_easy
from cvtube.accounts.models import LogInThrottle
from cvtube.errors import Refused

SECRET = b"s" * 32
HOUR = timedelta(hours=1)


def tries_heard(runtime, clock, key, *, during: timedelta, pace=throttle.PASSWORD) -> int:
    """How many guesses somebody gets in who tries again the moment it is allowed."""
    end, heard = clock() + during, 0
    while clock() < end:
        try:
            with runtime.transaction() as session:
                throttle.count_try(session, key, clock(), pace)
            heard += 1
        except Refused as refused:
            clock.advance(seconds=int(refused.headers["Retry-After"]))
    return heard


@pytest.mark.both_databases
def test_nine_guesses_in_the_first_hour_and_two_in_each_later_one(runtime, clock):
    assert tries_heard(runtime, clock, "k", during=HOUR) == 9
    assert tries_heard(runtime, clock, "k", during=10 * HOUR) == 20


DAY = timedelta(days=1)
PINS = sum(not is_easy(f"{n:06d}") for n in range(0, 10**6, 100)) * 100  # about 991 000


def test_a_year_of_guessing_finds_one_pin_in_two_thousand_six_hundred(runtime, clock):
    first_day = tries_heard(runtime, clock, "k", during=DAY, pace=throttle.PIN)
    year = first_day + tries_heard(runtime, clock, "k", during=364 * DAY, pace=throttle.PIN)
    assert (first_day, year) == (14, 378)
    assert year / PINS < 1 / 2600


def test_nor_is_it_faster_to_wait_until_tries_are_forgiven():
    pace = throttle.PIN

    def a_day(tries):
        """Guesses a day of who pauses after so many, and begins anew once that is forgiven."""
        waits = sum((pace.wait_after(n) for n in range(1, tries + 1)), pace.forgiven_after)
        return tries / (waits / DAY)

    assert max(a_day(tries) for tries in range(1, 400)) < 1


def test_one_network_guesses_fifty_pins_a_day_whichever_cards_they_are_for(runtime, clock):
    tries_heard(runtime, clock, "n", during=DAY, pace=throttle.NETWORK)
    assert tries_heard(runtime, clock, "n", during=10 * DAY, pace=throttle.NETWORK) == 480


@pytest.mark.both_databases
def test_a_right_try_is_taken_back_and_only_that_one(runtime, clock):
    with runtime.transaction() as session:
        for _ in range(3):
            throttle.count_try(session, "n", clock())
    clock.advance(seconds=30)
    with runtime.transaction() as session:
        throttle.count_try(session, "n", clock())
        throttle.uncount_try(session, "n", clock())
        throttle.count_try(session, "n", clock())
        with pytest.raises(Refused, match="tries_slowed") as refused:
            throttle.count_try(session, "n", clock())
    assert refused.value.headers == {"Retry-After": "60"}  # as after the fourth wrong one


def test_three_tries_are_free_and_another_key_is_another_brake(runtime, now):
    with runtime.transaction() as session:
        for _ in range(3):
            throttle.count_try(session, "k", now)
        with pytest.raises(Refused, match="tries_slowed") as refused:
            throttle.count_try(session, "k", now)
        throttle.count_try(session, "other", now)
    assert refused.value.headers == {"Retry-After": "30"}
    assert refused.value.sentence("en").endswith("Try again in 1 min.")


def test_success_and_a_quiet_day_both_begin_anew(runtime, clock):
    for begin_anew in (
        lambda session: throttle.reset(session, "k"),
        lambda _: clock.advance(days=1, minutes=31),
    ):
        assert tries_heard(runtime, clock, "k", during=HOUR / 2) > 3
        with runtime.transaction() as session:
            begin_anew(session)
        with runtime.transaction() as session:
            for _ in range(3):
                throttle.count_try(session, "k", clock())
        clock.advance(days=2)


@pytest.mark.both_databases
def test_many_tries_at_once_are_many_tries(runtime, now):
    def one_try(_):
        try:
            with runtime.transaction() as session:
                throttle.count_try(session, "k", now)
        except Refused:
            return 0
        return 1

    with ThreadPoolExecutor(12) as crowd:
        heard = sum(crowd.map(one_try, range(24)))
    assert heard == throttle.PASSWORD.free_tries


def test_a_clock_that_is_set_back_makes_no_wait_longer(runtime, clock):
    with runtime.transaction() as session:
        throttle.count_try(session, "k", clock())
        clock.advance(hours=-1)
        throttle.count_try(session, "k", clock())
        throttle.count_try(session, "k", clock())
        clock.advance(hours=-1)
        with pytest.raises(Refused, match="tries_slowed") as refused:
            throttle.count_try(session, "k", clock())
    assert refused.value.headers == {"Retry-After": "30"}


@given(st.integers(min_value=0, max_value=10**6))
def test_waits_never_shrink_and_never_exceed_the_longest(tries):
    for pace in (throttle.PASSWORD, throttle.PIN, throttle.NETWORK):
        assert pace.wait_after(tries) <= pace.wait_after(tries + 1) <= pace.longest_wait


def test_old_brakes_are_dropped(runtime, clock):
    tries_heard(runtime, clock, "old", during=HOUR)
    clock.advance(days=31)
    tries_heard(runtime, clock, "new", during=HOUR / 60)
    with runtime.transaction() as session:
        throttle.forget_old(session, clock())
        assert session.scalars(select(LogInThrottle.key)).all() == ["new"]


def test_the_table_says_nothing_about_whom_it_guards(runtime, now):
    with runtime.transaction() as session:
        throttle.count_try(session, throttle.throttle_key(SECRET, "ada@example.org"), now)
        assert "ada" not in session.scalars(select(LogInThrottle.key)).one()
        assert session.scalar(select(func.count()).select_from(LogInThrottle)) == 1


@given(st.text(max_size=60), st.text(max_size=40))
def test_a_browsers_mark_fits_its_own_address_only(mark, address):
    true_mark = throttle.device_mark(SECRET, "ada@example.org")
    assert throttle.known_device([SECRET], "ada@example.org", true_mark)
    assert throttle.known_device([SECRET], address, true_mark) is None
    assert throttle.known_device([SECRET], "ada@example.org", mark) is None
    assert throttle.known_device([b"t" * 32], "ada@example.org", true_mark) is None
