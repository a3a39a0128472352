"""The event log is complete, in order, and in pages."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from cvtube.accounts.account_states import Act, change_role
from cvtube.accounts.models import AccountEvent, Role
from cvtube.accounts.people import record_account_event
from cvtube.accounts.recruiters import verify_recruiter
from cvtube.accounts.suspension import SuspensionReason
from cvtube.db import keyset
from cvtube.moderation import audit_log, audit_log_text
from cvtube.moderation.audit_log import AuditFilter
from cvtube.videos import lifecycle, queries
from cvtube.videos.models import Clip, Video, VideoEvent

pytestmark = pytest.mark.both_databases


def test_films_and_accounts_stand_in_one_log_newest_first(runtime, people, studio, clock):
    uma = people.uma
    film = studio.sent()
    clock.advance(minutes=1)
    with runtime.transaction() as session:
        verify_recruiter(session, session.merge(uma), runtime.now(), actor=people.ben)
    with runtime.reading() as session:
        rows = audit_log.log_page(session, AuditFilter()).rows
    newest = rows[0]
    assert (newest.kind, newest.verb, newest.subject_id) == (
        "account", "recruiter_verified", uma.id,
    )  # fmt: skip
    assert newest.actor_id == people.ben.id
    assert {row.subject_id for row in rows[1:]} == {film.id}
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)


def test_pages_put_together_are_the_log(runtime, people, studio):
    for _ in range(3):
        studio.approved()
    with runtime.reading() as session:
        whole = [row.id for row in audit_log.log_page(session, AuditFilter(), size=1000).rows]
        shown, after = [], None
        while True:
            page = audit_log.log_page(session, AuditFilter(), after=after, size=4)
            shown += [row.id for row in page.rows]
            if page.next is None:
                break
            after = keyset.decode_position(page.next)
    assert len(whole) == 21  # seven steps from the start to the approval
    assert shown == whole


def test_only_what_is_wanted_is_found(runtime, people, studio, clock):
    first = studio.approved()
    middle = clock.advance(hours=1)
    second = studio.approved(people.cy)

    def subjects(**wanted):
        with runtime.reading() as session:
            return {
                row.subject_id for row in audit_log.log_page(session, AuditFilter(**wanted)).rows
            }

    assert subjects(subject=first.id) == {first.id}
    assert subjects(actor=people.cy.id) == {second.id}
    assert subjects(since=middle) == {second.id}
    assert subjects(until=middle) == {first.id}
    assert subjects(subject="0" * 26) == set()


def test_a_log_is_searched_by_parts_of_names(runtime, people, studio):
    """Whose film or account it is, and who did it; without capitals or accents."""
    first, second = studio.approved(people.cy), studio.sent()
    uma = people.uma
    with runtime.transaction() as session:
        ben = session.merge(people.ben)
        ben.given_name, ben.family_name = "Zoé", "100%"
        verify_recruiter(session, session.merge(uma), runtime.now(), actor=ben)

    def subjects(**wanted):
        with runtime.reading() as session:
            return {
                row.subject_id for row in audit_log.log_page(session, AuditFilter(**wanted)).rows
            }

    assert subjects(actor="zoe") == subjects(actor="ZOÉ 100") == {first.id, uma.id}
    assert subjects(actor="0%") == {first.id, uma.id}
    assert subjects(actor="ada") == {second.id}
    assert subjects(subject="Cy") == {first.id}
    assert subjects(subject="uma") == {uma.id}
    assert subjects(subject="uma", actor="zoe") == {uma.id}
    assert subjects(subject="cy", actor="ada") == set()
    assert subjects(actor="_") == subjects(subject="' OR 1=1") == set()


# -- in words ---------------------------------------------------------------------------------


def told(runtime, reader, language="en", **wanted):
    """The log's sentences, oldest first."""
    with runtime.reading() as session:
        rows = audit_log.log_page(session, AuditFilter(**wanted), size=1000).rows
        return audit_log_text.sentences_of(session, rows, reader, language)[::-1]


def sentences(*args, **wanted):
    return [one.sentence for one in told(*args, **wanted)]


@pytest.fixture
def story(runtime, people, studio):
    """A film of two parts: one approved, one to be redone, and redone."""
    film, ben, now = studio.sent(titles=("Hello", "Proof")), people.ben, runtime.now()
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        clips = [chapter.live_clip for chapter in video.chapters]
        lifecycle.approve(session, video, now, actor=ben, clips=film.clips[:1])
        lifecycle.ask_for_changes(session, clips[1], now, actor=ben, reason="dark", words="x")
    studio.retake(film, 1)
    return film


def test_a_moderator_reads_who_did_what_to_which_part_and_why(runtime, people, story):
    lines = told(runtime, people.mo, subject=story.id)
    by_ben = sorted(one.sentence for one in lines if one.entry.actor_id == people.ben.id)
    assert by_ben == ["Ben approved part 1.", "Ben asked to film part 2 again."]
    assert {one.why for one in lines} == {"", "The picture is too dark."}
    # Whose film it is changes nothing: its owner has no name here.
    assert "The candidate started a video." in [one.sentence for one in lines]
    assert not any("Ada" in one.sentence + one.subject + one.actor for one in lines)


def test_an_administrator_reads_names_in_either_language(runtime, people, story):
    adm = people.adm
    french = sentences(runtime, adm, "fr", subject=story.id)
    assert "Ben Test a accepté la partie 1." in french
    assert "Ada Test a commencé un film." in french
    assert "Nous avons préparé la partie 2." in french
    (line,) = [one for one in told(runtime, adm, "fr") if "refaire" in one.sentence]
    assert line.why == "L’image est trop sombre."
    assert line.subject.endswith(" · Ada Test")


def test_what_happened_in_one_moment_is_told_in_its_order(runtime, people, studio):
    """The clock stands still here; a hidden video that is shown again meets no moderator."""
    film, ada = studio.approved(), people.ada
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        lifecycle.withdraw(session, video, runtime.now(), actor=ada)
        lifecycle.publish(session, video, runtime.now(), actor=ada)
    assert sentences(runtime, people.adm, subject=film.id)[-5:] == [
        "Ada Test sent the video to the moderators.",
        "Moderators can now review the video.",
        "Ben Test approved the video.",
        "Ada Test hid the video.",
        "Ada Test put the video back online.",
    ]


def test_a_film_of_one_part_is_the_video(runtime, people, studio):
    film = studio.approved()
    assert "Ben approved the video." in sentences(runtime, people.mo, subject=film.id)


def test_what_happened_to_accounts_is_told_of_both_people(runtime, people):
    uma, adm, kim, ben = people.uma, people.adm, people.kim, people.ben
    why = Act(adm, SuspensionReason.DUTIES)
    with runtime.transaction() as session:
        verify_recruiter(session, session.merge(uma), runtime.now(), actor=ben)
        person = session.merge(kim)
        person.password_hash = "x"
        change_role(session, person, runtime.now(), why, role=Role.MODERATOR)
        record_account_event(session, person, runtime.now(), "created")
        record_account_event(session, person, runtime.now(), "card_made", actor=adm)
        session.add(AccountEvent(at=runtime.now(), user_id=uma.id, verb="suspended"))
    lines = told(runtime, adm)
    assert sorted(one.sentence for one in lines) == [
        "Adm Test changed the role of Kim Test: Adviser → Moderator.",
        "Adm Test made a card for Kim Test.",
        "Ben Test verified the recruiter Uma Test.",
        "Kim Test created an account.",
        "The operator suspended the account of Uma Test.",
    ]
    assert "The tasks of this account have changed." in {one.why for one in lines}


def test_what_is_gone_or_newer_than_this_version_is_told_all_the_same(runtime, people, studio, now):
    film, adm = studio.approved(), people.adm
    with runtime.transaction() as session:
        session.execute(delete(Video).where(Video.id == film.id))
        session.merge(people.ada).given_name = ""  # what is left of an account
        session.add(VideoEvent(at=now, video_id=film.id, verb="blurred", actor_id=people.ben.id))
    lines = told(runtime, adm, subject=film.id)
    assert {one.subject for one in lines} == {"A deleted video"}
    assert "A deleted account started a video." in [one.sentence for one in lines]
    assert "Ben Test · blurred" in [one.sentence for one in lines]


def test_a_part_keeps_the_number_it_had(runtime, people, studio, now):
    """Whatever becomes of the film's order, of its clips and of the film itself."""
    film, ben = studio.approved(titles=("Hello", "Proof", "Bye")), people.ben
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        lifecycle.move_chapter(session, video.chapters[2], now, actor=people.ada, places=-1)
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        clip = session.get_one(Clip, film.clips[2])
        lifecycle.take_down(session, clip, now, actor=ben, reason="dark", words="x")
    expected = {"Ben Test approved part 3.", "Ben Test took down part 2."}
    for change in (None, delete(Video).where(Video.id == film.id)):
        if change is not None:
            with runtime.transaction() as session:
                session.execute(change)
        assert expected <= set(sentences(runtime, people.adm, subject=film.id))


def test_what_was_logged_before_parts_had_numbers_is_told_by_its_clip(runtime, people, story):
    with runtime.transaction() as session:
        session.execute(update(VideoEvent).values(part=None))
    by_ben = [one.sentence for one in told(runtime, people.mo) if "Ben" in one.sentence]
    assert sorted(by_ben) == ["Ben approved part 1.", "Ben asked to film a part again."]
