"""Passwords are slow to guess, and cost a process no more than it can pay."""

from __future__ import annotations

import re
import threading

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from cvtube.accounts import common_passwords, passwords
from cvtube.errors import Refused

YEARS = ["1", "123", "2024", "75", "!", "2026!", "_", " "]


def test_the_parameters_are_a_set_that_asvs_lists(real_passwords):
    hasher = passwords.HASHER
    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (47_104, 1, 1)
    assert passwords.make_hash("un vieux moulin").startswith("$argon2id$")


@pytest.mark.parametrize(
    "good",
    [
        "huit car",
        "le chat dort " * 9,
        "pässwörter sind lang",
        "日本語のパスワード",
        "vélo rouge 42",
        "kX9!vpq2",
    ],
)
def test_length_alone_makes_a_password_good(good):
    passwords.refuse_weak(good)


@pytest.mark.parametrize(
    ("weak", "code"),
    [
        ("sept ca", "password_too_short"),
        ("x" * 129, "password_too_long"),
        ("azertyuiop", "password_too_common"),
        ("summer2024", "password_too_common"),
        ("Été2024!!", "password_too_common"),
        ("poletravail", "password_too_common"),
        ("whatever1", "password_too_common"),
        ("Philippe", "password_too_common"),
        ("2024philippe!", "password_too_common"),
        ("M0tdep@sse1", "password_too_common"),
        ("mariemarie", "password_too_common"),
        ("qsdfghjklm", "password_too_common"),
        ("1a2z3e4r", "password_too_common"),
        ("azerqsdf1234", "password_too_common"),
        ("cccccccccc", "password_too_common"),
        ("cvtube2026", "password_too_common"),
        ("14071989", "password_too_common"),
        ("AdaLovelace1815", "password_too_common"),
        ("AzertyUIOP", "password_too_common"),
        ("1234567890", "password_too_common"),
        ("ada.lovelace", "password_too_common"),
        ("Ada.Lovelace@example.org", "password_too_common"),
    ],
)
def test_a_weak_one_is_refused_with_its_code(weak, code):
    with pytest.raises(Refused, match=code):
        passwords.refuse_weak(weak, email="ada.lovelace@example.org")


def test_the_list_holds_what_the_standard_asks_for_and_only_what_length_lets_through():
    """OWASP ASVS 5.0, 6.2.4: 3000 that are long enough."""
    known, words = (
        common_passwords.lines("common_passwords.txt"),
        common_passwords.lines("password_words.txt"),
    )
    assert len({one for one in known | words if len(one) >= passwords.SHORTEST}) >= 3_000
    for entry in known:
        assert passwords.SHORTEST <= len(entry) <= passwords.LONGEST
        assert common_passwords.is_common(entry)
    for entry in words:
        assert re.fullmatch("[a-z]{3,}", entry)


@given(
    st.sampled_from(sorted(common_passwords.lines("password_words.txt"))), st.sampled_from(YEARS)
)
def test_a_word_with_a_year_or_a_sign_is_refused(word, end):
    if len(word + end) >= passwords.SHORTEST:
        assert common_passwords.is_common(word + end)
        assert common_passwords.is_common(end + word.title())


@given(st.text(min_size=8, max_size=128))
def test_any_text_can_be_looked_at(typed):
    common_passwords.is_common(typed)
    common_passwords.is_like(typed, "ada.lovelace@example.org")


def test_no_password_matches_where_there_is_none():
    assert not passwords.matches("", None)
    assert not passwords.matches("un vieux moulin", None)
    assert not passwords.needs_rehash(passwords._nobodys())  # as dear as a real one


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
