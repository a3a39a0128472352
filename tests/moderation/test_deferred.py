"""For ten seconds a decision can be undone, and nothing follows from it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cvtube.accounts.models import Role, User
from cvtube.errors import Refused
from cvtube.mail.models import Mail
from cvtube.moderation import decisions, deferred, locks, queue
from cvtube.moderation.decisions import DecisionInput
from cvtube.moderation.deferred import DeferredTerms
from cvtube.moderation.jobs import carry_out_decisions
from cvtube.moderation.models import DeferredClip, DeferredDecision
from cvtube.videos import captions, lifecycle, policy, queries
from cvtube.videos.caption_track import Wording
from cvtube.videos.decisions import StatementOfReasons
from cvtube.videos.models import Clip, Review, VideoEvent
from cvtube.videos.sentences import Sentence
from cvtube.videos.verbs import Refusal
from tests.moderation.conftest import SITE

pytestmark = pytest.mark.both_databases

UNDO = timedelta(seconds=10)
SOUND = DecisionInput(Refusal.ASKED_FOR_CHANGES, "sound", "At 0:04, a drill is louder than you.")
SCAM = DecisionInput(Refusal.REJECTED, "scam", "At 0:07, you ask for money.")


@pytest.fixture
def decide(runtime, people):
    """Approves a film, or rules about its first part; returns the decision's id."""

    def do(film, ruling=None, *, by="ben", seen=None, read=(), clip=0):
        moderator = getattr(people, by)
        now = runtime.now()
        with runtime.transaction() as session:
            video = queries.load_video(session, film.id)
            terms = DeferredTerms(moderator, UNDO, SITE.film_link)
            if ruling is None:
                seen = film.clips if seen is None else seen
                deferred.approve(session, video, now, terms, seen=seen, captions=list(read))
            else:
                chosen = session.get_one(Clip, film.clips[clip])
                deferred.restrict(session, video, chosen, now, terms, ruling=ruling)
        with runtime.reading() as session:
            newest = select(DeferredDecision.id).order_by(DeferredDecision.made_at.desc())
            return session.scalars(newest).first()

    return do


@pytest.fixture
def undo(runtime, people):
    def do(decision_id, by="ben"):
        moderator = getattr(people, by)
        with runtime.transaction() as session:
            return deferred.undo(session, decision_id, moderator, runtime.now(), UNDO)

    return do


def reviews(runtime, film):
    with runtime.reading() as session:
        return [session.get_one(Clip, clip_id).review for clip_id in film.clips]


def traces(runtime):
    """What anybody could learn of a decision: events, statements, mails."""
    with runtime.reading() as session:
        verbs = set(session.scalars(select(VideoEvent.verb)))
        statements = session.scalars(select(StatementOfReasons)).all()
        return verbs & {"approved", "asked_for_changes", "rejected"}, len(statements)


def rows(runtime):
    with runtime.reading() as session:
        kept = (DeferredDecision, DeferredClip)
        return [len(session.scalars(select(table)).all()) for table in kept]


@pytest.mark.parametrize(
    ("ruling", "verb", "review"),
    [
        (None, "approved", Review.APPROVED),
        (SOUND, "asked_for_changes", Review.NEEDS_CHANGES),
        (SCAM, "rejected", Review.REJECTED),
    ],
)
def test_nothing_follows_for_ten_seconds_and_then_everything(
    runtime, people, studio, clock, mails, decide, ruling, verb, review
):
    film = studio.sent()
    before = clock()
    decide(film, ruling)
    clock.advance(seconds=9.9)
    carry_out_decisions()
    assert reviews(runtime, film) == [Review.PENDING]
    assert traces(runtime) == (set(), 0)
    assert mails() == []

    clock.advance(seconds=0.1)
    carry_out_decisions()
    assert reviews(runtime, film) == [review]
    assert traces(runtime) == ({verb}, 0 if ruling is None else 1)
    (mail,) = mails()
    assert SITE.film_link in mail.body
    assert rows(runtime) == [0, 0]
    with runtime.reading() as session:
        done = session.scalars(select(VideoEvent).where(VideoEvent.verb == verb)).one()
        assert (done.actor_id, done.at) == (people.ben.id, before + UNDO)
        online = policy.is_listed(queries.load_video(session, film.id), clock())
    assert online is (ruling is None)
    carry_out_decisions()
    assert len(mails()) == 1


def test_the_statement_of_reasons_counts_from_the_moment_it_is_made(
    runtime, people, studio, decide, take_effect, clock
):
    film = studio.sent()
    decide(film, SCAM)
    take_effect()
    with runtime.reading() as session:
        kept = session.scalars(select(StatementOfReasons)).one()
    assert kept.decided_at == clock()
    assert kept.contest_until - kept.decided_at == timedelta(days=183)
    assert kept.moderator_id == people.ben.id
    assert SCAM.words in dict(kept.statement)["Pourquoi"]


@pytest.mark.parametrize("ruling", [None, SOUND, SCAM])
def test_what_is_undone_in_time_has_never_been(
    runtime, people, studio, clock, mails, decide, undo, ruling
):
    film = studio.sent()
    decision = decide(film, ruling)
    clock.advance(seconds=9.9)
    assert undo(decision) == film.id
    assert rows(runtime) == [0, 0]
    clock.advance(minutes=1)
    carry_out_decisions()
    assert reviews(runtime, film) == [Review.PENDING]
    assert traces(runtime) == (set(), 0)
    assert mails() == []
    decide(film)  # and the film can be decided about again


def test_after_ten_seconds_it_is_too_late_even_if_the_clock_sleeps(
    runtime, studio, clock, decide, undo
):
    film = studio.sent()
    decision = decide(film)
    clock.advance(seconds=10)
    with pytest.raises(Refused, match="undo_too_late"):
        undo(decision)
    carry_out_decisions()
    with pytest.raises(Refused, match="undo_too_late"):
        undo(decision)
    assert reviews(runtime, film) == [Review.APPROVED]


def test_nobody_undoes_what_another_moderator_decided(studio, decide, undo):
    decision = decide(studio.sent())
    with pytest.raises(Refused, match="undo_too_late"):
        undo(decision, by="mo")
    undo(decision)


def test_a_decided_film_waits_for_nobody_meanwhile(runtime, people, studio, decide, undo):
    film = studio.sent()
    decision = decide(film)

    def waits():
        with runtime.transaction() as session:
            page = queue.waiting(session, people.mo, runtime.now(), promise=UNDO)
            count = queue.how_many(session, people.mo)
            next_one = queue.take_next(session, people.mo, runtime.now())
            return len(page.rows), count, next_one

    assert waits() == (0, 0, None)
    undo(decision)
    assert waits() == (1, 1, film.id)


def test_the_other_parts_of_the_film_wait_on(runtime, people, studio, decide, take_effect):
    film = studio.sent(titles=("Hello", "Proof"))
    decide(film, SOUND)
    with runtime.reading() as session:
        (waits,) = queue.waiting(session, people.mo, runtime.now(), promise=UNDO).rows
    assert (waits.video_id, waits.parts) == (film.id, 1)
    with pytest.raises(Refused, match="film_changed"):
        decide(film)
    decide(film, seen=film.clips[1:])
    take_effect()
    assert reviews(runtime, film) == [Review.NEEDS_CHANGES, Review.APPROVED]


def test_a_decision_takes_effect_though_another_moderator_has_the_film_by_then(
    runtime, people, studio, decide, take_effect
):
    film = studio.sent(titles=("Hello", "Proof"))
    decide(film, SOUND)
    other = people.mo
    with runtime.transaction() as session:
        locks.take(session, film.id, other, runtime.now())
    take_effect()
    assert reviews(runtime, film) == [Review.NEEDS_CHANGES, Review.PENDING]


def test_nobody_decides_over_the_head_of_who_is_looking(runtime, people, studio, decide):
    film, other = studio.sent(), people.mo
    with runtime.transaction() as session:
        locks.take(session, film.id, other, runtime.now())
    for ruling in (None, SOUND):
        with pytest.raises(Refused, match="under_review"):
            decide(film, ruling)
    decide(film, SOUND, by="mo")


def test_a_second_decision_is_refused_and_says_whose_the_first_was(studio, decide, take_effect):
    film = studio.sent()
    decide(film)
    for over in (lambda: None, take_effect):
        over()
        for ruling in (None, SOUND):
            with pytest.raises(Refused, match="decided_by_you"):
                decide(film, ruling)
            with pytest.raises(Refused, match="already_decided"):
                decide(film, ruling, by="mo")


def test_what_arrived_after_the_moderator_looked_is_not_approved_with_it(
    runtime, studio, mails, decide, take_effect
):
    film = studio.sent(titles=("Hello", "Proof"))
    for seen in ((), film.clips[:1], (*film.clips, "0" * 26)):
        with pytest.raises(Refused, match="film_changed"):
            decide(film, seen=seen)
    take_effect()
    assert reviews(runtime, film) == [Review.PENDING, Review.PENDING]
    assert mails() == []


def test_what_arrives_while_a_decision_can_be_undone_is_not_approved_with_it(
    runtime, studio, decide, take_effect
):
    film = studio.approved(titles=("Hello", "Proof"))
    first = studio.retake(film, 0)
    decide(film, seen=[first])
    second = studio.retake(film, 1)
    take_effect()
    assert reviews(runtime, type(film)(film.id, [first, second])) == [
        Review.APPROVED, Review.PENDING,
    ]  # fmt: skip


def withdraw(runtime, people, film):
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        lifecycle.withdraw(session, video, runtime.now(), actor=people.ada)


def delete(runtime, people, film):
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        lifecycle.delete_video(session, video, runtime.now(), actor=people.ada)


def suspend_owner(runtime, people, _film):
    with runtime.transaction() as session:
        session.merge(people.ada).suspended_at = runtime.now()


def suspend_moderator(runtime, people, _film):
    with runtime.transaction() as session:
        session.merge(people.ben).suspended_at = runtime.now()


def demote_moderator(runtime, people, _film):
    with runtime.transaction() as session:
        session.execute(update(User).where(User.id == people.ben.id).values(role=Role.ADVISER))


def take_it_down_by_another_way(runtime, people, film):
    """Decided directly meanwhile, as by an older version of the site."""
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        clip = session.get_one(Clip, film.clips[0])
        decisions.restrict(
            session, video, clip, runtime.now(), SCAM, moderator=people.mo, site=SITE
        )


@pytest.mark.parametrize("ruling", [None, SOUND])
@pytest.mark.parametrize(
    ("meanwhile", "review"),
    [
        (withdraw, Review.NONE),
        (delete, Review.PENDING),
        (suspend_owner, Review.PENDING),
        (suspend_moderator, Review.PENDING),
        (demote_moderator, Review.PENDING),
        (take_it_down_by_another_way, Review.REJECTED),
    ],
)
def test_a_decision_lapses_when_there_is_nothing_left_to_decide_or_nobody_who_may(
    runtime, people, studio, mails, decide, take_effect, ruling, meanwhile, review
):
    film, _ = studio.sent(), people.mo
    decide(film, ruling)
    meanwhile(runtime, people, film)
    told = len(mails())
    take_effect()
    assert reviews(runtime, film) == [review]
    assert len(mails()) == told
    assert rows(runtime) == [0, 0]


def test_what_its_owner_takes_out_and_sends_again_has_to_be_looked_at_again(
    runtime, people, studio, clock, decide, take_effect
):
    film = studio.sent()
    decide(film)
    withdraw(runtime, people, film)
    clock.advance(seconds=1)
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        lifecycle.publish(session, video, runtime.now(), actor=people.ada)
    with runtime.reading() as session:
        assert queue.how_many(session, people.mo) == 1
    decide(film, SOUND, by="mo")
    take_effect()
    assert reviews(runtime, film) == [Review.NEEDS_CHANGES]


def test_captions_that_were_read_with_the_film_are_approved_with_it(
    runtime, people, studio, decide, take_effect
):
    film = studio.sent()
    with runtime.transaction() as session:
        clip = session.get_one(Clip, film.clips[0])
        said = [Sentence(0, 900, "Bonjour")]
        version = lifecycle.save_captions(session, clip, said, language="fr", version=0)
        lifecycle.confirm_captions(session, clip, runtime.now(), actor=people.ada, version=version)
    decide(film, read=[f"{film.clips[0]}:{version}", "junk", f"{film.clips[0]}:x"])

    def wording():
        with runtime.reading() as session:
            return captions.track_of(session, film.clips[0]).state

    assert wording() is Wording.CONFIRMED
    take_effect()
    assert wording() is Wording.APPROVED


def test_a_clock_that_is_set_back_lets_a_decision_take_effect_at_once(
    runtime, studio, clock, decide
):
    film = studio.sent()
    decide(film)
    clock.advance(hours=-1)
    carry_out_decisions()
    assert reviews(runtime, film) == [Review.APPROVED]


def test_one_that_cannot_be_carried_out_stays_and_keeps_none_of_the_others(
    runtime, people, studio, decide, take_effect, monkeypatch
):
    films = [studio.sent(), studio.sent(people.cy)]
    for film in films:
        decide(film)
    real = decisions.approve

    def fail_once(session, video, *args, **kwargs):
        if video.id == films[0].id:
            raise RuntimeError
        real(session, video, *args, **kwargs)

    monkeypatch.setattr(decisions, "approve", fail_once)
    take_effect()
    assert [reviews(runtime, film) for film in films] == [[Review.PENDING], [Review.APPROVED]]
    monkeypatch.undo()
    carry_out_decisions()
    assert reviews(runtime, films[0]) == [Review.APPROVED]


def test_what_a_newer_version_has_deferred_is_left_to_it(runtime, studio, decide, take_effect):
    film = studio.sent()
    decide(film)
    with runtime.transaction() as session:
        session.execute(update(DeferredDecision).values(measure="blurred"))
    take_effect()
    assert reviews(runtime, film) == [Review.PENDING]
    assert rows(runtime) == [1, 1]


def race(*acts):
    """Does each in a thread of its own, at once; returns what became of them."""
    barrier, outcomes = threading.Barrier(len(acts)), []

    def run(name, act):
        barrier.wait(timeout=20)
        try:
            act()
            outcomes.append(name)
        except Refused as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=run, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


def test_of_two_moderators_who_decide_at_once_one_is_told_so(
    runtime, people, studio, decide, take_effect
):
    film = studio.sent()
    _ = people.ben, people.mo
    outcomes = race(
        ("decided", lambda: decide(film, SOUND, by="ben")),
        ("decided", lambda: decide(film, None, by="mo")),
    )
    assert outcomes == ["already_decided", "decided"]
    take_effect()
    with runtime.reading() as session:
        assert len(session.scalars(select(Mail)).all()) == 1


def test_two_clocks_carry_a_decision_out_once(runtime, studio, clock, decide, mails):
    film = studio.sent()
    decide(film, SOUND)
    clock.advance(seconds=10)
    assert race(("a", carry_out_decisions), ("b", carry_out_decisions)) == ["a", "b"]
    assert len(mails()) == 1
    assert traces(runtime) == ({"asked_for_changes"}, 1)
