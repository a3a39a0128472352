"""Who stands for the words beside a film, and who reads which ones meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cvtube.accounts.models import Role
from cvtube.errors import Refused
from cvtube.jobs import leases
from cvtube.videos import captions, consents, lifecycle, sharing
from cvtube.videos.caption_track import Wording
from cvtube.videos.lifecycle import drafts
from cvtube.videos.lifecycle.write import INDEX_VIDEO
from cvtube.videos.models import Consent, Video, VideoEvent
from cvtube.videos.sentences import Sentence
from cvtube.videos.timeline import Version
from tests import drafting, factories

pytestmark = pytest.mark.both_databases

LEASE = timedelta(minutes=1)


@pytest.fixture
def session(runtime, notifier):
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = notifier
        yield session


@pytest.fixture
def ben(session, now):
    return factories.make_user(session, now, name="Ben", role=Role.MODERATOR)


@pytest.fixture
def clip(session, now, ada):
    video = factories.make_video(session, ada, now)
    factories.agree_to_drafts(session, video, now)
    return factories.make_ready_clip(session, video.chapters[0], now, owner=ada)


def said(*texts: str) -> list[Sentence]:
    return [Sentence(1000 * n, 1000 * n + 900, text) for n, text in enumerate(texts)]


def write(session, clip, *texts: str) -> int:
    track = captions.track_of(session, clip.id)
    version = track.version if track else 0
    return lifecycle.save_captions(session, clip, said(*texts), language="fr", version=version)


def read(session, clip, cut=Version.PUBLISHED) -> list[str]:
    return [cue.text for cue in captions.cues_of(session, [clip.id], cut)]


def test_words_are_shown_once_owner_and_moderator_stand_for_them(session, clip, now, ada, ben):
    version = write(session, clip, "Bonjour.")
    assert (read(session, clip), read(session, clip, Version.WORKING)) == ([], ["Bonjour."])
    assert not lifecycle.approve_captions(session, clip, now, actor=ben, version=version)
    lifecycle.confirm_captions(session, clip, now, actor=ada, version=version)
    assert read(session, clip) == []
    assert lifecycle.approve_captions(session, clip, now, actor=ben, version=version)
    assert read(session, clip) == read(session, clip, Version.WORKING) == ["Bonjour."]


def test_the_audience_reads_the_old_words_until_the_new_ones_are_approved(
    session, clip, now, ada, ben
):
    version = write(session, clip, "Kamii.")
    lifecycle.confirm_captions(session, clip, now, actor=ada, version=version)
    lifecycle.approve_captions(session, clip, now, actor=ben, version=version)
    version = write(session, clip, "Camille.")
    assert (read(session, clip), read(session, clip, Version.WORKING)) == (["Kamii."], ["Camille."])
    lifecycle.confirm_captions(session, clip, now, actor=ada, version=version)
    assert read(session, clip) == ["Kamii."]
    lifecycle.approve_captions(session, clip, now, actor=ben, version=version)
    assert read(session, clip) == ["Camille."]


def test_taking_all_words_away_goes_the_same_way(session, clip, now, ada, ben):
    version = write(session, clip, "Bonjour.")
    lifecycle.confirm_captions(session, clip, now, actor=ada, version=version)
    lifecycle.approve_captions(session, clip, now, actor=ben, version=version)
    version = write(session, clip)
    assert (read(session, clip), read(session, clip, Version.WORKING)) == (["Bonjour."], [])
    lifecycle.confirm_captions(session, clip, now, actor=ada, version=version)
    lifecycle.approve_captions(session, clip, now, actor=ben, version=version)
    assert read(session, clip) == []


def test_words_nobody_has_read_cannot_be_approved(session, clip, now, ada, ben):
    read_version = write(session, clip, "Bonjour.")
    lifecycle.confirm_captions(session, clip, now, actor=ada, version=read_version)
    version = write(session, clip, "Autre chose.")
    lifecycle.confirm_captions(session, clip, now, actor=ada, version=version)
    assert not lifecycle.approve_captions(session, clip, now, actor=ben, version=read_version)
    assert read(session, clip) == []


def test_nobody_confirms_words_they_have_not_seen(session, clip, now, ada):
    version = write(session, clip, "Bonjour.")
    write(session, clip, "Autre chose.")
    with pytest.raises(Refused, match="captions_changed"):
        lifecycle.confirm_captions(session, clip, now, actor=ada, version=version)
    with pytest.raises(Refused, match="captions_changed"):
        lifecycle.save_captions(session, clip, said("x"), language="fr", version=version)


def test_saving_the_same_words_changes_nothing(session, clip, now, ada, ben):
    version = write(session, clip, "Bonjour.")
    lifecycle.confirm_captions(session, clip, now, actor=ada, version=version)
    lifecycle.approve_captions(session, clip, now, actor=ben, version=version)
    assert write(session, clip, "Bonjour.") == version
    assert captions.track_of(session, clip.id).state is Wording.APPROVED


def test_words_sent_back_come_with_their_reason(session, clip, now, ada, ben):
    version = write(session, clip, "Bonjour.")
    lifecycle.confirm_captions(session, clip, now, actor=ada, version=version)
    lifecycle.send_captions_back(session, clip, now, actor=ben, version=version, words="Un numéro.")
    assert captions.why_sent_back(session, clip.id) == "Un numéro."
    with pytest.raises(Refused, match="already_decided"):
        lifecycle.send_captions_back(
            session, clip, now, actor=ben, version=version, words="Encore."
        )
    later = now + timedelta(minutes=1)
    lifecycle.confirm_captions(session, clip, later, actor=ada, version=version)
    assert captions.why_sent_back(session, clip.id) is None


def test_every_step_is_in_the_log_and_search_learns_of_it(session, clip, now, ada, ben, notifier):
    version = write(session, clip, "Bonjour.")
    lifecycle.confirm_captions(session, clip, now, actor=ada, version=version)
    lifecycle.approve_captions(session, clip, now, actor=ben, version=version)
    verbs = select(VideoEvent.verb).where(VideoEvent.verb.startswith("captions_"))
    assert sorted(session.scalars(verbs)) == ["captions_approved", "captions_confirmed"]
    notifier.sent.clear()
    session.commit()
    assert (INDEX_VIDEO.path, clip.video_id) in notifier.sent


def test_two_workers_never_draft_the_same_words(session, clip, now):
    first = drafting.claim(session, clip.id, now)
    assert drafting.claim(session, clip.id, now) is None
    later = now + LEASE
    second = drafting.claim(session, clip.id, later)
    assert second.attempt == first.attempt + 1
    assert not leases.extend(session, first, later, lease=LEASE, progress=0)
    assert not drafts.finish_draft(session, first, said("De trop."), later, language="fr")
    assert drafts.finish_draft(session, second, said("Bonjour."), later, language="fr")
    assert read(session, clip, Version.WORKING) == ["Bonjour."]


def test_the_owner_need_not_wait_for_a_machine(session, clip, now):
    held = drafting.claim(session, clip.id, now)
    lifecycle.save_captions(session, clip, said("De moi."), language="fr", version=0)
    assert not drafts.finish_draft(session, held, said("D’elle."), now, language="fr")
    assert read(session, clip, Version.WORKING) == ["De moi."]


def test_a_deleted_film_has_no_words_to_change(session, clip, now, ada):
    video = session.get_one(Video, clip.video_id)
    lifecycle.delete_video(session, video, now, actor=ada)
    with pytest.raises(Refused, match="not_found"):
        lifecycle.save_captions(session, clip, said("x"), language="fr", version=0)


# -- only where their owner agrees ------------------------------------------------------------


def draft(session, clip, now, *texts):
    held = drafting.claim(session, clip.id, now)
    assert held is not None
    assert drafts.finish_draft(session, held, said(*texts), now, language="fr")


def forbid(session, clip, now):
    drafts.forbid(session, session.get_one(Video, clip.video_id), now)


def test_no_machine_listens_where_nobody_has_agreed(session, clip, now):
    assert drafting.wanted(session) == [clip.id]
    forbid(session, clip, now)
    assert drafting.wanted(session) == []
    assert drafting.claim(session, clip.id, now) is None
    assert captions.track_of(session, clip.id) is None


def test_a_consent_to_other_words_is_none(session, clip, now):
    (consent,) = consents.given(session, clip.video_id)
    consent.version = "2025-01"
    session.flush()
    assert drafting.wanted(session) == []


def test_a_draft_nobody_touched_goes_with_the_consent(session, clip, now):
    draft(session, clip, now, "Kamii.")
    forbid(session, clip, now)
    assert read(session, clip, Version.WORKING) == []
    assert captions.track_of(session, clip.id) is None


def test_a_draft_under_way_is_lost_and_never_comes(session, clip, now):
    held = drafting.claim(session, clip.id, now)
    forbid(session, clip, now)
    assert not leases.extend(session, held, now + LEASE, lease=LEASE, progress=0)
    assert not drafts.finish_draft(session, held, said("Kamii."), now, language="fr")
    assert read(session, clip, Version.WORKING) == []


@pytest.mark.parametrize("until", ["corrected", "confirmed", "sent back", "approved"])
def test_words_their_owner_stands_for_stay(session, clip, now, ada, ben, until):
    draft(session, clip, now, "Kamii.")
    if until == "corrected":
        write(session, clip, "Camille.")
    else:
        lifecycle.confirm_captions(session, clip, now, actor=ada, version=1)
    if until == "approved":
        assert lifecycle.approve_captions(session, clip, now, actor=ben, version=1)
    if until == "sent back":
        lifecycle.send_captions_back(session, clip, now, actor=ben, version=1, words="Un numéro.")
    before = read(session, clip, Version.WORKING)
    forbid(session, clip, now)
    assert read(session, clip, Version.WORKING) == before != []
    assert read(session, clip) == (before if until == "approved" else [])


def test_a_yes_after_a_no_is_a_new_one(session, clip, now):
    draft(session, clip, now, "Kamii.")
    forbid(session, clip, now)
    later = now + timedelta(hours=1)
    factories.agree_to_drafts(session, session.get_one(Video, clip.video_id), later)
    draft(session, clip, later, "Camille.")
    assert read(session, clip, Version.WORKING) == ["Camille."]
    kept = session.execute(select(Consent.given_at, Consent.withdrawn_at)).all()
    assert sorted(kept) == [(now, now), (later, None)]


def test_taking_the_film_back_leaves_what_has_nothing_to_do_with_it(session, clip, now, ada):
    video = session.get_one(Video, clip.video_id)
    consents.give_consents(session, video, consents.PURPOSES, {"show", "moderate"}, now)
    sharing.withdraw_consent(session, video, now, actor=ada)
    assert [one.purpose for one in consents.given(session, video.id)] == ["captions"]
