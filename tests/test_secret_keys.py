"""The secret key: never guessable, never half-written, and changed without losing anything."""

from __future__ import annotations

import multiprocessing
import re
import secrets
from pathlib import Path

import pytest

from cvtube import secret_keys
from cvtube.secret_keys import SecretKeys
from cvtube.settings import SettingsError, load
from tests.house.source import ROOT

OLD, NEW = secrets.token_urlsafe(32), secrets.token_urlsafe(32)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    monkeypatch.delenv("CVTUBE_CONFIG", raising=False)
    monkeypatch.setenv("CVTUBE_HOME", str(tmp_path / "home"))


def keys(**settings) -> SecretKeys:
    return secret_keys.load(load(**settings))


def refusal(**settings) -> str:
    with pytest.raises(SettingsError) as refused:
        keys(**settings)
    return str(refused.value)


def test_it_is_made_once_and_kept_for_this_account_alone(tmp_path):
    path = tmp_path / "home/secret_key"
    assert keys().current == keys().current == path.read_bytes()
    assert len(keys().current) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["secret_key"]


def _first_start(home: Path, together, answers) -> None:
    together.wait()
    answers.put(secret_keys.load(load(home=home)).current)


def test_processes_that_start_at_once_have_the_same_key(tmp_path):
    fork = multiprocessing.get_context("fork")
    answers = fork.Queue()
    for turn in range(20):
        together = fork.Barrier(4)
        home = tmp_path / str(turn)
        four = [fork.Process(target=_first_start, args=(home, together, answers)) for _ in range(4)]
        for one in four:
            one.start()
        found = {answers.get(timeout=60) for _ in four}
        for one in four:
            one.join()
        assert found == {(home / "secret_key").read_bytes()}


@pytest.mark.parametrize("kept", [b"", b"short", b"a" * 64, b"0" * 31])
def test_a_file_that_holds_no_key_is_refused_and_stays(tmp_path, kept):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "secret_key").write_bytes(kept)
    assert refusal() == (
        f"CVTUBE_SECRET_KEY: {home}/secret_key holds no usable key ({len(kept)} bytes). "
        "Put it back from your backup, or delete it: everybody then signs in again."
    )
    assert (home / "secret_key").read_bytes() == kept


def examples() -> list[str]:
    texts = [path.read_text() for path in sorted((ROOT / "deploy").glob("*.env"))]
    return [key for text in texts for key in re.findall(r"CVTUBE_SECRET_KEY=(\S+)", text)]


def test_the_keys_of_our_own_examples_are_refused():
    assert len(examples()) == 2
    for key in examples():
        assert "is the example's, which everybody knows" in refusal(secret_key=key)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("short", "must have at least 32 characters."),
        ("a" * 40, "is too easy to guess."),
        ("password" * 5, "is too easy to guess."),
        ("0101010" + "1" * 30, "is too easy to guess."),
    ],
)
def test_a_key_that_can_be_guessed_is_refused_whichever_it_is(key, sentence):
    assert refusal(secret_key=key).startswith(f"CVTUBE_SECRET_KEY: {sentence}")
    told = refusal(secret_key=NEW, secret_key_fallbacks=f"{OLD} {key}")
    assert told.startswith(f"CVTUBE_SECRET_KEY_FALLBACKS: {sentence}")


def test_random_keys_are_never_refused():
    for _ in range(200):
        keys(secret_key=secrets.token_hex(16), secret_key_fallbacks=secrets.token_urlsafe(24))


def test_each_purpose_has_a_key_of_its_own():
    assert keys().key_for("cookies") != keys().key_for("objects")


def test_former_keys_come_after_the_one_in_force():
    rotated = keys(secret_key=NEW, secret_key_fallbacks=OLD)
    assert rotated.keys_for("cookies") == [
        keys(secret_key=NEW).key_for("cookies"),
        keys(secret_key=OLD).key_for("cookies"),
    ]


def test_what_is_sealed_is_read_with_the_current_key_and_with_former_ones():
    sealed = keys(secret_key=OLD).seal("peppers", b"x" * 32)
    rotated = keys(secret_key=NEW, secret_key_fallbacks=OLD)
    assert rotated.unseal("peppers", sealed) == b"x" * 32
    assert not rotated.is_current("peppers", sealed)
    assert keys(secret_key=OLD).is_current("peppers", sealed)
    assert keys(secret_key=NEW).unseal("peppers", sealed) is None
    assert rotated.unseal("cookies", sealed) is None


def test_sealing_twice_never_looks_the_same_and_a_changed_seal_is_broken():
    made = keys(secret_key=NEW)
    one, other = made.seal("peppers", b"x" * 32), made.seal("peppers", b"x" * 32)
    assert one != other
    assert made.unseal("peppers", one[:40] + ("A" if one[40] != "A" else "B") + one[41:]) is None
    with pytest.raises(ValueError, match="too long"):
        made.seal("peppers", b"x" * 33)
