"""Passwords are slow to guess, and cost a process no more than it can pay."""

from __future__ import annotations

import threading

import pytest
from argon2 import PasswordHasher

from cvtube.accounts import passwords
from cvtube.errors import Refused


def test_the_parameters_are_a_set_that_asvs_lists(real_passwords):
    hasher = passwords.HASHER
    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (47_104, 1, 1)
    assert passwords.make_hash("un vieux moulin").startswith("$argon2id$")


@pytest.mark.parametrize(
    "good", ["huit car", "x" * 128, "pässwörter sind lang", "日本語のパスワード"]
)
def test_length_alone_makes_a_password_good(good):
    passwords.refuse_weak(good)


@pytest.mark.parametrize(
    ("weak", "code"),
    [
        ("sept ca", "password_too_short"),
        ("x" * 129, "password_too_long"),
        ("azertyuiop", "password_too_common"),
        ("AzertyUIOP", "password_too_common"),
        ("1234567890", "password_too_common"),
        ("ada.lovelace", "password_too_common"),
        ("Ada.Lovelace@example.org", "password_too_common"),
    ],
)
def test_a_weak_one_is_refused_with_its_code(weak, code):
    with pytest.raises(Refused, match=code):
        passwords.refuse_weak(weak, email="ada.lovelace@example.org")


def test_the_list_of_common_passwords_holds_only_what_length_lets_through():
    assert len(passwords.common()) > 300
    for entry in passwords.common():
        assert passwords.SHORTEST <= len(entry) <= passwords.LONGEST
        assert entry == entry.casefold()


def test_no_password_matches_where_there_is_none():
    assert not passwords.matches("", None)
    assert not passwords.matches("un vieux moulin", None)
    assert not passwords.outdated(passwords._nobodys())  # as dear as a real one


def test_a_hash_that_is_damaged_matches_nothing():
    assert not passwords.matches("un vieux moulin", "$argon2id$v=19$m=1,t=1,p=1$c29tZXNhbHQ$AA")


def test_at_most_two_are_made_at_a_time(monkeypatch):
    inside, most, gate = 0, 0, threading.Lock()
    both_in = threading.Barrier(passwords.AT_A_TIME)
    real = PasswordHasher.hash

    def watched(self, password):
        nonlocal inside, most
        with gate:
            inside += 1
            most = max(most, inside)
        both_in.wait(timeout=30)
        made = real(self, password)
        with gate:
            inside -= 1
        return made

    monkeypatch.setattr(PasswordHasher, "hash", watched)
    crowd = [threading.Thread(target=passwords.make_hash, args=("x" * 9,)) for _ in range(6)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(timeout=60)
    assert most == passwords.AT_A_TIME
