"""A small kill storm on the really started product, and proof that its judge sees what is wrong."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from benchmarks.chaos.plan import WEIGHTS, blows
from benchmarks.chaos.storm import Wish, figures, stormed
from benchmarks.chaos.tables import Tables

WISH = Wish(uploads=8, kills=20, every_s=0.9, seed=4, transcoders=1, lease_s=5, patience_s=240)


@pytest.fixture(scope="module")
def after():
    folder = Path(tempfile.mkdtemp(prefix="cvtube-chaos-"))
    with stormed(folder, WISH) as found:
        yield found
    shutil.rmtree(folder)


@pytest.fixture
def tampering(after):
    """A connection whose changes nobody else sees, and that are taken back."""
    with psycopg.connect(after.stack.database_url) as connection:
        yield connection
        connection.rollback()


def test_after_twenty_kills_nothing_is_lost_nothing_there_twice_and_nothing_stuck(after):
    verdict = after.judged()
    assert verdict.faults == []
    found = figures(after, verdict)
    assert found["kills"] == WISH.kills
    assert found["uploads_acknowledged"] == WISH.uploads
    assert found["clips"]["ready"] > WISH.uploads // 2
    assert found["exports"] >= 1
    assert found["deletions"] == 1


TAMPERED = {
    "other bytes": "UPDATE original_chunk SET start = start + 1 WHERE start > 0",
    "no such upload": "DELETE FROM upload_session",
    "an event twice": (
        "INSERT INTO video_event (id, at, video_id, clip_id, verb)"
        " SELECT 'x' || substr(id, 2), at, video_id, clip_id, verb FROM video_event"
        " WHERE verb = 'ready' LIMIT 1"
    ),
    "no event": "DELETE FROM video_event WHERE verb = 'uploaded'",
    "an object of another size": "UPDATE asset SET size = size + 1",
    "no objects": "DELETE FROM asset",
    "a mail that waits": "UPDATE mail SET sent_at = NULL",
    "a mail that is not there": "DELETE FROM mail",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_the_judge_sees(after, tampering, what):
    assert tampering.execute(TAMPERED[what]).rowcount
    assert after.judged_in(tampering).faults


def test_the_judge_sees_a_letter_that_never_came(after):
    letters = after.mailbox.letters
    name, count = letters.popitem()
    try:
        assert after.judged().faults
    finally:
        letters[name] = count


def test_the_judge_sees_a_film_that_was_promised_as_one_file(after):
    one = next(sent for sent in after.sent if sent.exported)
    one.exported = False
    try:
        assert after.judged().faults
    finally:
        one.exported = True


def test_whatever_has_a_lease_or_waits_is_found_by_its_columns(tampering):
    tampering.execute("CREATE TABLE chore (state text, lease_until timestamptz)")
    tampering.execute(
        "INSERT INTO chore VALUES ('waiting', NULL), ('done', NULL), ('running', now())"
    )
    assert Tables(tampering).not_over() == {"chore under lease": 1, "chore under way": 2}


def test_the_same_seed_is_the_same_storm_in_which_everybody_has_their_turn():
    plan = blows(1, 200, 1.0)
    assert plan == blows(1, 200, 1.0) != blows(2, 200, 1.0)
    assert len(plan) == 200
    assert {blow.victim for blow in plan} == set(WEIGHTS)
    assert {blow.victim for blow in blows(1, 20, 1.0)} == set(WEIGHTS)
