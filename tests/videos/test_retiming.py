"""Captions of a take that is cut anew: in time with the film, and read once more."""

from __future__ import annotations

import pytest

from cvtube.captions import editing
from cvtube.errors import Refused
from cvtube.jobs import leases
from cvtube.videos import captions, lifecycle
from cvtube.videos.caption_track import Wording
from cvtube.videos.lifecycle import Trim, drafts, retiming
from cvtube.videos.models import Clip, Video
from cvtube.videos.sentences import Sentence
from cvtube.videos.timeline import Version
from tests import drafting, factories
from tests.factories import LEASE
from tests.races import at_once
from tests.videos.test_takes import Studio

SAID = (
    Sentence(0, 900, "Euh."),
    Sentence(2000, 3900, "Je suis soudeuse.", (2000, 2600, 3200)),
    Sentence(4000, 4900, "À Brest.", (4000, 4400)),
)

both_databases = pytest.mark.both_databases


@pytest.fixture
def video(session, ada, now):
    video = factories.make_video(session, ada, now)
    factories.agree_to_drafts(session, video, now)
    return video


@pytest.fixture
def ben(session, now):
    return factories.make_user(session, now, name="Ben", role="moderator")


@pytest.fixture
def studio(session, video, ada, now):
    return Studio(session, video.chapters[0], ada, now)


@pytest.fixture
def take(session, studio):
    """A take of five seconds, in the film from its beginning to its end."""
    take = studio.record()
    cut(studio, take)
    return take


def cut(studio, take, **trim):
    studio.choose(take, **trim)
    studio.encode(take)
    studio.session.refresh(take)


def write(session, take, *sentences):
    return lifecycle.save_captions(session, take, sentences or SAID, language="fr", version=0)


def times(session, take, seen=Version.WORKING):
    return [(cue.start_ms, cue.end_ms) for cue in captions.cues_of(session, [take.id], seen)]


def draft(session, take, now):
    held = drafting.claim(session, take.id, now)
    assert held is not None
    return held


# -- what becomes of a sentence ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_ms", "length_ms", "left"),
    [
        (0, None, [(0, 900, ()), (2000, 3900, (2000, 2600, 3200)), (4000, 4900, (4000, 4400))]),
        (
            -500,
            None,
            [(500, 1400, ()), (2500, 4400, (2500, 3100, 3700)), (4500, 5400, (4500, 4900))],
        ),
        (1500, None, [(500, 2400, (500, 1100, 1700)), (2500, 3400, (2500, 2900))]),
        (3000, 1500, [(0, 900, (0, 0, 200)), (1000, 1500, (1000, 1400))]),
        (0, 4300, [(0, 900, ()), (2000, 3900, (2000, 2600, 3200)), (4000, 4300, (4000, 4300))]),
        (0, 4099, [(0, 900, ()), (2000, 3900, (2000, 2600, 3200))]),
        (4801, None, []),
        (3950, 1000, [(50, 950, (50, 450))]),
    ],
    ids=["uncut", "back", "shifted", "both ends", "end", "sliver", "all gone", "one left"],
)
def test_a_sentence_is_heard_that_much_earlier_as_far_as_it_is_still_heard(by_ms, length_ms, left):
    found = retiming.moved(SAID, by_ms, length_ms)
    assert [(one.start_ms, one.end_ms, one.word_starts) for one in found] == left


def test_two_that_are_heard_at_once_never_begin_together():
    both = (Sentence(0, 2000, "a"), Sentence(1000, 3000, "b"))
    assert retiming.moved(both, 1500, None) == [Sentence(0, 1500, "b")]


def test_what_is_short_by_itself_stays():
    assert retiming.moved([Sentence(500, 550, "Oui.")], 500, 9) == []
    assert retiming.moved([Sentence(500, 550, "Oui.")], 500, None) == [Sentence(0, 50, "Oui.")]


# -- what becomes of its captions -------------------------------------------------------------


@both_databases
def test_confirmed_words_follow_the_cut_and_wait_for_another_yes(session, take, studio, ada, now):
    version = write(session, take)
    lifecycle.confirm_captions(session, take, now, actor=ada, version=version)
    cut(studio, take, start_ms=3000)
    assert times(session, take) == [(0, 900), (1000, 1900)]
    track = captions.track_of(session, take.id)
    assert (track.state, track.version, track.language) == (Wording.DRAFT, version + 1, "fr")
    with pytest.raises(Refused, match="captions_changed"):
        lifecycle.confirm_captions(session, take, now, actor=ada, version=version)


@both_databases
def test_words_past_the_new_end_lock_no_form(session, take, studio):
    write(session, take)
    cut(studio, take, start_ms=1000, end_ms=3500)
    found = captions.sentences_of(session, take.id)
    assert editing.settled(found, 2500) == found
    assert times(session, take) == [(1000, 2500)]


@both_databases
def test_approved_words_are_not_shown_beside_another_cut(session, take, studio, ada, ben, now):
    version = write(session, take)
    lifecycle.confirm_captions(session, take, now, actor=ada, version=version)
    assert lifecycle.approve_captions(session, take, now, actor=ben, version=version)
    cut(studio, take, start_ms=1500)
    assert captions.track_of(session, take.id).state is Wording.DRAFT
    assert times(session, take, Version.PUBLISHED) == []
    assert times(session, take) == [(500, 2400), (2500, 3400)]


@both_databases
def test_nor_are_those_beside_which_others_are_written(session, take, studio, ada, ben, now):
    version = write(session, take)
    lifecycle.confirm_captions(session, take, now, actor=ada, version=version)
    lifecycle.approve_captions(session, take, now, actor=ben, version=version)
    other = [Sentence(3000, 4000, "Camille.")]
    lifecycle.save_captions(session, take, other, language="fr", version=version)
    cut(studio, take, start_ms=1500)
    assert times(session, take, Version.PUBLISHED) == []
    assert times(session, take) == [(1500, 2500)]


@both_databases
def test_the_same_cut_once_more_leaves_them_alone(session, take, studio, ada, now):
    version = write(session, take)
    lifecycle.confirm_captions(session, take, now, actor=ada, version=version)
    other = studio.record()
    cut(studio, other)
    cut(studio, take)
    track = captions.track_of(session, take.id)
    assert (track.state, track.version) == (Wording.CONFIRMED, version)


@both_databases
def test_a_take_that_comes_back_whole_has_its_words_where_they_were(session, take, studio):
    write(session, take)
    cut(studio, take, start_ms=1500)
    other = studio.record()
    cut(studio, other)
    cut(studio, take)
    assert captions.sentences_of(session, take.id) == list(SAID[1:])


@both_databases
def test_where_no_word_is_left_there_are_no_captions_yet(session, take, studio, ada, now):
    lifecycle.confirm_captions(session, take, now, actor=ada, version=write(session, take, SAID[0]))
    cut(studio, take, start_ms=2000)
    assert captions.track_of(session, take.id) is None
    assert drafting.wanted(session) == [take.id]


@both_databases
def test_cutting_twice_before_it_is_encoded_loses_nothing_that_is_heard(session, take, studio):
    write(session, take)
    cut(studio, take, start_ms=1500)
    studio.choose(take)
    cut(studio, take, start_ms=500)
    assert times(session, take) == [(1500, 3400), (3500, 4400)]


# -- what becomes of a machine's --------------------------------------------------------------


@both_databases
def test_a_draft_of_another_cut_never_comes_and_one_of_this_cut_does(session, take, studio, now):
    late = draft(session, take, now)
    studio.choose(take, start_ms=3000)
    assert captions.track_of(session, take.id) is None
    assert not drafts.finish_draft(session, late, SAID, now, language="fr")
    studio.encode(take)
    assert drafting.wanted(session) == [take.id]
    held = draft(session, take, now)
    assert held.attempt == late.attempt + 1
    assert not leases.extend(session, late, now + LEASE, lease=LEASE, progress=0)
    assert not drafts.finish_draft(session, late, SAID, now, language="fr")
    assert drafts.finish_draft(session, held, SAID[:1], now, language="fr")
    assert times(session, take) == [(0, 900)]


@both_databases
@pytest.mark.parametrize("end_ms", [None, 4000])
def test_a_draft_of_this_cut_comes_whatever_its_end(session, take, studio, now, end_ms):
    cut(studio, take, start_ms=100, end_ms=end_ms)
    held = draft(session, take, now)
    assert leases.extend(session, held, now + LEASE, lease=LEASE, progress=0)
    assert drafts.finish_draft(session, held, SAID[:1], now, language="fr")


@both_databases
def test_a_draft_nobody_touched_moves_and_still_goes_with_the_consent(session, take, studio, now):
    assert drafts.finish_draft(session, draft(session, take, now), SAID, now, language="fr")
    cut(studio, take, start_ms=1500)
    assert times(session, take) == [(500, 2400), (2500, 3400)]
    drafts.forbid(session, session.get_one(Video, take.video_id), now)
    assert times(session, take) == []


# -- at the same instant (PostgreSQL: SQLite has one writer at a time) ------------------------


def cutting(take_id, ada, now):
    def choose(session):
        trim = Trim(3000)
        take, actor = session.get_one(Clip, take_id), session.merge(ada)
        lifecycle.choose_take(session, take, now, actor=actor, trim=trim)

    return choose


def test_a_draft_that_ends_while_one_cuts_moves_too(runtime, session, take, ada, now):
    held = draft(session, take, now)
    session.commit()

    def finish(session):
        return drafts.finish_draft(session, held, SAID, now, language="fr")

    done, _ = at_once(runtime, finish, cutting(take.id, ada, now))
    assert done
    assert times(session, take) == [(0, 900), (1000, 1900)]


def test_no_draft_begins_while_one_cuts(runtime, session, take, ada, now):
    session.commit()

    def claim(session):
        return drafting.claim(session, take_id, now)

    take_id = take.id
    _, claimed = at_once(runtime, cutting(take_id, ada, now), claim)
    assert claimed is None
    assert captions.track_of(session, take_id) is None
