"""What a decision changes, keeps and says."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from cvtube.errors import Refused
from cvtube.mail.models import Mail
from cvtube.moderation import decisions
from cvtube.moderation.decisions import REASONS_FOR, DecisionInput
from cvtube.moderation.jobs import forget_old_decisions
from cvtube.videos import policy, queries
from cvtube.videos.decisions import Occasion, StatementOfReasons
from cvtube.videos.models import Clip, Review, VideoEvent, Visibility
from cvtube.videos.reasons import FINAL, REASONS, REPAIRABLE
from cvtube.videos.verbs import Refusal
from tests.moderation.conftest import SITE

pytestmark = pytest.mark.both_databases

SOUND = DecisionInput(Refusal.ASKED_FOR_CHANGES, "sound", "At 0:04, a drill is louder than you.")
SCAM = DecisionInput(Refusal.REJECTED, "scam", "At 0:07, you ask for money.")
DOCUMENT = DecisionInput(Refusal.TAKEN_DOWN, "id_document", "At 0:02, your badge can be read.")


def approve(runtime, people, film, clips=None, by="ben"):
    moderator = getattr(people, by)  # made before the transaction, as everybody is
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        decisions.approve(
            session, video, runtime.now(),
            moderator=moderator, clips=film.clips if clips is None else clips, site=SITE,
        )  # fmt: skip


def restrict(runtime, people, film, ruling, clip=0, by="ben"):
    moderator = getattr(people, by)
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        chosen = session.get_one(Clip, film.clips[clip])
        return decisions.restrict(
            session, video, chosen, runtime.now(), ruling,
            moderator=moderator, site=SITE,
        )  # fmt: skip


def reviews(runtime, film):
    with runtime.reading() as session:
        return [session.get_one(Clip, clip_id).review for clip_id in film.clips]


def test_approving_lets_everything_that_waits_be_seen(runtime, people, studio, mails, now):
    film = studio.sent(titles=("Hello", "Proof"))
    approve(runtime, people, film)

    assert reviews(runtime, film) == [Review.APPROVED, Review.APPROVED]
    with runtime.reading() as session:
        assert policy.is_listed(queries.load_video(session, film.id), now)
        assert session.scalars(select(StatementOfReasons)).all() == []  # nothing is restricted
    (mail,) = mails()
    assert mail.to_address == "ada@example.org"
    assert mail.subject == "Votre film est accepté"
    assert "Les recruteurs peuvent maintenant le trouver" in mail.body
    assert SITE.film_link in mail.body


def test_a_film_for_its_link_alone_is_told_to_be_so(runtime, people, studio, mails, now):
    film = studio.sent(titles=("Hello", "Proof"), audience=Visibility.PRIVATE_LINK)
    approve(runtime, people, film)
    body = mails()[0].body
    assert "Les personnes qui ont votre lien peuvent maintenant regarder votre film." in body
    assert "recruteurs" not in body
    with runtime.reading() as session:
        video = queries.load_video(session, film.id)
        assert (policy.is_listed(video, now), policy.is_open_by_link(video, now)) == (False, True)

    taken = restrict(runtime, people, film, DOCUMENT)
    assert any("Personne d’autre ne voit votre film" in text for _, text in taken.statement)


def test_only_the_clips_that_are_meant_are_approved(runtime, people, studio, mails):
    film = studio.sent(titles=("Hello", "Proof"))
    approve(runtime, people, film, clips=film.clips[:1])
    assert reviews(runtime, film) == [Review.APPROVED, Review.PENDING]
    with pytest.raises(Refused, match="already_decided"):
        approve(runtime, people, film, clips=film.clips[:1])
    assert len(mails()) == 1


def test_one_part_is_asked_for_again_and_the_rest_is_approved(runtime, people, studio, mails, now):
    film = studio.sent(titles=("Hello", "Proof"))
    restrict(runtime, people, film, SOUND, clip=1)
    approve(runtime, people, film, clips=film.clips[:1])

    assert reviews(runtime, film) == [Review.APPROVED, Review.NEEDS_CHANGES]
    bodies = {mail.subject: mail.body for mail in mails()}
    assert len(bodies) == 2
    assert "Refaites une partie de votre film, s’il vous plaît" in bodies
    approval = bodies["Votre film est accepté"]
    assert "quand toutes ses parties seront acceptées" in approval
    with runtime.reading() as session:
        assert not policy.is_listed(queries.load_video(session, film.id), now)


def test_the_mail_says_what_is_the_matter_what_to_do_and_all_about_the_decision(
    runtime, people, studio, mails
):
    film = studio.sent(titles=("Hello", "Proof"))
    restrict(runtime, people, film, SOUND, clip=1)
    body = mails()[0].body
    for words in (
        "Bonjour Ada,",
        "On vous entend mal.",
        SOUND.words,
        "Refaites cette partie dans un endroit calme, près du téléphone.",
        SITE.film_link,
        "La partie 2 de votre film, «\u00a0Proof\u00a0»",
        "Si vous n’êtes pas d’accord",
        SITE.contact,
    ):
        assert words in body, words


def test_a_candidate_who_reads_english_is_told_in_english(runtime, people, studio, mails):
    with runtime.transaction() as session:
        session.merge(people.ada).language = "en"
    restrict(runtime, people, studio.sent(), SOUND)
    mail = mails()[0]
    assert mail.subject == "Please film one part of your video again"
    assert "What you say is hard to hear." in mail.body
    assert "If you do not agree" in mail.body


def test_an_address_nobody_has_confirmed_only_learns_that_there_is_news(
    runtime, people, studio, mails
):
    with runtime.transaction() as session:
        session.merge(people.ada).email_confirmed_at = None
    film = studio.sent()
    restrict(runtime, people, film, SOUND)
    (mail,) = mails()
    assert mail.subject == "Du nouveau pour votre film"
    assert SOUND.words not in mail.body
    assert "entend" not in mail.body


def test_who_came_without_an_address_is_told_on_the_page_alone(runtime, people, studio, mails):
    with runtime.transaction() as session:
        session.merge(people.ada).email = None
    film = studio.sent()
    restrict(runtime, people, film, SOUND)
    assert mails() == []
    with runtime.reading() as session:
        event = session.scalars(select(VideoEvent).where(VideoEvent.reason == "sound")).one()
        assert event.words == SOUND.words


def test_a_statement_of_reasons_has_every_field_the_law_asks_for(runtime, people, studio, now):
    film = studio.sent()
    restrict(runtime, people, film, SCAM)
    with runtime.reading() as session:
        kept = session.scalars(select(StatementOfReasons)).one()

    assert (kept.video_id, kept.clip_id, kept.owner_id, kept.moderator_id) == (
        film.id, film.clips[0], people.ada.id, people.ben.id,
    )  # fmt: skip
    assert (kept.measure, kept.ends) == (Refusal.REJECTED, "never")
    assert kept.occasion is Occasion.FIRST_REVIEW
    assert kept.law == "Code pénal, article 313-1"
    assert (kept.contest_until - now).days == 183
    assert kept.language == "fr"
    said = dict(kept.statement)
    assert len(said) == 8
    assert SCAM.words in said["Pourquoi"]
    assert kept.id in said["Si vous n’êtes pas d’accord"]


def test_a_film_that_was_online_is_hidden_by_the_decision_itself(runtime, people, studio, now):
    film = studio.approved(titles=("Hello", "Proof"))
    restrict(runtime, people, film, DOCUMENT, clip=1)
    assert reviews(runtime, film) == [Review.APPROVED, Review.REMOVED]
    with runtime.reading() as session:
        video = queries.load_video(session, film.id)
        assert not policy.may_watch(people.rae, video, now, audience="everyone")
        assert session.scalars(select(StatementOfReasons)).one().occasion is Occasion.SECOND_LOOK


def test_a_new_take_that_is_rejected_leaves_the_old_one_online(runtime, people, studio, now):
    film = studio.approved()
    again = studio.retake(film)
    restrict(runtime, people, type(film)(film.id, [again]), SCAM)
    with runtime.reading() as session:
        assert policy.is_listed(queries.load_video(session, film.id), now)
        said = dict(session.scalars(select(StatementOfReasons)).one().statement)
    assert (
        "Les autres voient encore votre film, sans cet essai." in said["Ce que nous avons décidé"]
    )


def test_what_is_redone_is_back_in_the_queue_by_itself(runtime, people, studio):
    film = studio.sent()
    restrict(runtime, people, film, SOUND)
    again = studio.retake(film)
    assert reviews(runtime, type(film)(film.id, [again])) == [Review.PENDING]


@pytest.mark.parametrize(
    ("measure", "reason"),
    [
        *((Refusal.ASKED_FOR_CHANGES, code) for code in FINAL),
        *((Refusal.REJECTED, code) for code in REPAIRABLE),
        (Refusal.TAKEN_DOWN, "ugly"),
        (Refusal.REJECTED, ""),
    ],
)
def test_a_reason_that_does_not_fit_is_refused(runtime, people, studio, measure, reason):
    film = studio.sent()
    with pytest.raises(Refused, match="unknown_reason"):
        restrict(runtime, people, film, DecisionInput(measure, reason, "words"))


def test_only_what_is_to_be_redone_needs_no_words(runtime, people, studio):
    for measure in (Refusal.REJECTED, Refusal.TAKEN_DOWN):
        with pytest.raises(Refused, match="words_missing"):
            restrict(runtime, people, studio.sent(), DecisionInput(measure, "scam", ""))
    restrict(runtime, people, studio.sent(), DecisionInput(Refusal.ASKED_FOR_CHANGES, "sound", ""))


def test_every_reason_fits_some_measure():
    assert {code for codes in REASONS_FOR.values() for code in codes} == set(REASONS)


def test_of_two_moderators_who_decide_at_once_one_is_told_so(runtime, people, studio):
    film = studio.sent()
    _ = people.ben, people.mo
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def decide(ruling, by):
        with runtime.reading() as session:
            assert session.get_one(Clip, film.clips[0]).review is Review.PENDING
        barrier.wait(timeout=20)
        try:
            restrict(runtime, people, film, ruling, by=by)
            outcomes.append("decided")
        except Refused as refused:
            outcomes.append(refused.code)

    threads = [
        threading.Thread(target=decide, args=(SOUND, "ben")),
        threading.Thread(target=decide, args=(SCAM, "mo")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["already_decided", "decided"]
    with runtime.reading() as session:
        assert len(session.scalars(select(StatementOfReasons)).all()) == 1
        assert len(session.scalars(select(Mail)).all()) == 1


def test_a_decision_is_final_until_the_clip_is_taken_down(runtime, people, studio):
    film = studio.approved()
    for again in (SOUND, SCAM):
        with pytest.raises(Refused, match="already_decided"):
            restrict(runtime, people, film, again)
    restrict(runtime, people, film, DOCUMENT)
    with pytest.raises(Refused, match="already_decided"):
        restrict(runtime, people, film, DOCUMENT)


def test_statements_are_forgotten_when_they_have_been_kept_long_enough(
    runtime, people, studio, clock
):
    restrict(runtime, people, studio.sent(), SOUND)
    for days, left in ((364, 1), (2, 0)):
        clock.advance(days=days)
        forget_old_decisions()
        with runtime.reading() as session:
            assert len(session.scalars(select(StatementOfReasons)).all()) == left
