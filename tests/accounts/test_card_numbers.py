"""Slips of the finger are told as such, and no PIN is one of those everybody tries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.accounts.cards import numbers
from cvtube.errors import Refused

NUMBERS = st.builds(lambda _: numbers.new_number(), st.integers())


@given(NUMBERS)
def test_a_number_is_read_back_as_it_was_printed(number):
    assert numbers.number(numbers.in_groups(number)) == number
    assert len(number) == numbers.NUMBER_LENGTH


@given(NUMBERS, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number, place, step):
    wrong = str((int(number[place]) + step) % 10)
    with pytest.raises(Refused, match="card_number_typo"):
        numbers.number(number[:place] + wrong + number[place + 1 :])


@given(NUMBERS, st.integers(0, 10))
def test_two_digits_that_changed_places_are_always_noticed(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(Refused, match="card_number_typo"):
            numbers.number(swapped)


@given(st.text(max_size=20).filter(lambda typed: sum(map(str.isdecimal, typed)) != 12))
def test_what_is_no_number_is_refused_in_one_clear_way(typed):
    with pytest.raises(Refused, match=r"card_number_(length|typo)"):
        numbers.number(typed)


@pytest.mark.parametrize(
    "pin",
    ["000000", "111111", "123456", "654321", "987654", "890123", "121212", "123123", "112112"],
)
def test_a_pin_that_everybody_tries_first_is_too_easy(pin):
    with pytest.raises(Refused, match="pin_too_easy"):
        numbers.own_pin(pin)


def test_hardly_any_other_pin_is():
    easy = sum(numbers.is_easy(f"{n:06d}") for n in range(0, 10**6, 7))
    assert easy < 10**6 / 7 * 0.01


def test_the_machine_draws_none_of_them(monkeypatch):
    drawn = iter([0, 123456, 123123, 914726])
    monkeypatch.setattr(numbers.secrets, "randbelow", lambda _: next(drawn))
    assert numbers.new_pin() == "914726"
