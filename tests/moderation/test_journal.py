"""The event log is complete, in order, and in pages."""

from __future__ import annotations

import pytest

from cvtube.accounts.recruiters import verify_recruiter
from cvtube.db import keyset
from cvtube.moderation import journal
from cvtube.moderation.journal import Wanted

pytestmark = pytest.mark.both_databases


def test_films_and_accounts_stand_in_one_log_newest_first(runtime, people, studio, clock):
    uma = people.uma
    film = studio.sent()
    clock.advance(minutes=1)
    with runtime.transaction() as session:
        verify_recruiter(session, session.merge(uma), runtime.now(), actor=people.ben)
    with runtime.reading() as session:
        rows = journal.page(session, Wanted()).rows
    newest = rows[0]
    assert (newest.kind, newest.verb, newest.subject_id) == (
        "account", "recruiter_verified", uma.id,
    )  # fmt: skip
    assert (newest.actor_id, newest.actor_role) == (people.ben.id, "moderator")
    assert {row.subject_id for row in rows[1:]} == {film.id}
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)


def test_pages_put_together_are_the_log(runtime, people, studio):
    for _ in range(3):
        studio.approved()
    with runtime.reading() as session:
        whole = [row.id for row in journal.page(session, Wanted(), size=1000).rows]
        shown, after = [], None
        while True:
            page = journal.page(session, Wanted(), after=after, size=4)
            shown += [row.id for row in page.rows]
            if page.next is None:
                break
            after = keyset.read(page.next)
    assert len(whole) == 21  # seven steps from the start to the approval
    assert shown == whole


def test_only_what_is_wanted_is_found(runtime, people, studio, clock):
    first = studio.approved()
    middle = clock.advance(hours=1)
    second = studio.approved(people.cy)

    def subjects(**wanted):
        with runtime.reading() as session:
            return {row.subject_id for row in journal.page(session, Wanted(**wanted)).rows}

    assert subjects(subject=first.id) == {first.id}
    assert subjects(actor=people.cy.id) == {second.id}
    assert subjects(since=middle) == {second.id}
    assert subjects(until=middle) == {first.id}
    assert subjects(subject="0" * 26) == set()
