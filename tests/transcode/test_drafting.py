"""What is said in a clip is written down: by a small fake engine, and once by a real one."""

from __future__ import annotations

import subprocess
import wave
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from cvtube import runtime as runtimes
from cvtube.captions import jobs, speech
from cvtube.captions.speech import Segment, Transcription, Word
from cvtube.jobs import claiming, leases, reconciling
from cvtube.jobs.kinds import DRAFT_CAPTIONS
from cvtube.jobs.worker import run_next
from cvtube.queue.names import Queue
from cvtube.settings import SettingsError
from cvtube.videos import captions, lifecycle
from cvtube.videos.caption_track import CaptionTrack, Wording
from cvtube.videos.lifecycle import drafts
from cvtube.videos.models import Clip, TranscriptCue, Video
from cvtube.videos.sentences import Sentence
from tests import drafting, factories
from tests.races import at_once

SAID = (Word(0.5, 0.9, " Bonjour."), Word(1.0, 1.4, " Je"), Word(1.4, 1.9, " soude."))


class Engine:
    """Hears what it is told to, and remembers how it was asked."""

    def __init__(self, words=SAID, *, language="fr", between=lambda: None):
        self.asked: list[tuple] = []
        self._words, self._language, self._between = words, language, between

    def transcribe(self, path, language, *, names=""):
        with wave.open(str(path)) as file:
            shape = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            seconds = file.getnframes() / file.getframerate()
        self.asked.append((shape, round(seconds), language, names))
        return Transcription(self._language, self._segments())

    def _segments(self):
        for word in self._words:
            self._between()
            yield Segment((word,))


@pytest.fixture(scope="session")
def sound(tools, tmp_path_factory):
    """Two seconds of AAC, as our own sound is."""
    path = tmp_path_factory.mktemp("sound") / "audio.mp4"
    make = ["-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac", str(path)]
    subprocess.run([tools.ffmpeg.path, "-v", "error", *make], check=True)
    return path


def track(runtime, clip_id) -> CaptionTrack:
    with runtime.reading() as session:
        return session.get_one(CaptionTrack, clip_id)


def texts(runtime, clip_id) -> list[str]:
    with runtime.reading() as session:
        return [one.text for one in captions.sentences_of(session, clip_id)]


@pytest.fixture
def draft(runtime, monkeypatch):
    """A worker has its turn at the clip, with this engine."""

    def work(runtime, clip_id, engine):
        monkeypatch.setattr(speech, "load_engine", lambda _settings: engine)
        with runtime.transaction() as session:
            drafts.enqueue_wanted(session, runtime.now(), 9)
        run_next(Queue.CAPTIONS)

    return work


def test_a_draft_is_for_its_owner_alone(runtime, ready, sound, draft):
    clip_id, engine = ready(sound), Engine()
    draft(runtime, clip_id, engine)
    found = track(runtime, clip_id)
    assert (found.state, found.by_machine, found.language) == (Wording.DRAFT, True, "fr")
    with runtime.reading() as session:
        cues = session.scalars(select(TranscriptCue).order_by(TranscriptCue.start_ms)).all()
    assert [(c.start_ms, c.end_ms, c.text, c.word_starts, c.shown) for c in cues] == [
        (500, 900, "Bonjour.", [500], False),
        (1000, 1900, "Je soude.", [1000, 1400], False),
    ]


def test_the_engine_hears_plain_sound_and_is_told_the_names(runtime, ready, sound, draft):
    clip_id, engine = ready(sound), Engine()
    draft(runtime, clip_id, engine)
    assert engine.asked == [((16_000, 1, 2), 2, None, "Zélie Test, Brest, TIG, Cegid")]


def test_a_draft_is_made_once(runtime, ready, sound, draft):
    clip_id = ready(sound)
    draft(runtime, clip_id, Engine())
    again = Engine()
    draft(runtime, clip_id, again)
    assert again.asked == []


def test_what_the_owner_wrote_meanwhile_stays(runtime, ready, sound, draft):
    clip_id = ready(sound)

    def write():
        with runtime.transaction() as session:
            clip = session.get_one(Clip, clip_id)
            if track(runtime, clip_id).state is Wording.DRAFTING:
                mine = [Sentence(0, 900, "De moi.")]
                lifecycle.save_captions(session, clip, mine, language="fr", version=0, fresh=True)

    draft(runtime, clip_id, Engine(between=write))
    assert texts(runtime, clip_id) == ["De moi."]
    assert not track(runtime, clip_id).by_machine


def test_a_killed_workers_draft_is_made_again_once_its_lease_ran_out(
    runtime, ready, sound, clock, draft
):
    clip_id = ready(sound)
    with runtime.transaction() as session:
        dead = drafting.claim(session, clip_id, clock())
    draft(runtime, clip_id, Engine())
    assert track(runtime, clip_id).state is Wording.DRAFTING
    clock.advance(minutes=10)
    reconciling.reconcile()
    draft(runtime, clip_id, Engine())
    assert texts(runtime, clip_id) == ["Bonjour.", "Je soude."]
    with runtime.transaction() as session:
        late = drafts.finish_draft(session, dead, [], clock(), language="en")
    assert not late
    assert texts(runtime, clip_id) == ["Bonjour.", "Je soude."]


def test_a_worker_that_is_seen_to_die_costs_no_waiting(runtime, ready, sound, clock, draft):
    clip_id = ready(sound)
    with runtime.transaction() as session:
        drafts.enqueue_wanted(session, clock(), 9)
        claiming.claim_next(session, Queue.CAPTIONS, clock(), runtime.settings, worker=runtime.name)
    with runtime.transaction() as session:
        leases.release(session, runtime.name, clock())
    draft(runtime, clip_id, Engine())
    assert track(runtime, clip_id).state is Wording.DRAFT


def test_after_a_few_tries_the_owner_is_left_to_write(runtime, ready, tmp_path, clock, draft):
    nonsense = tmp_path / "audio.mp4"
    nonsense.write_bytes(b"no sound at all")
    clip_id = ready(nonsense)
    for _ in range(jobs.MOST_TRIES + 1):
        draft(runtime, clip_id, Engine())
        clock.advance(minutes=2)
    found = track(runtime, clip_id)
    assert (found.state, found.by_machine, found.version) == (Wording.DRAFT, False, 0)


def test_without_an_engine_nothing_is_begun(runtime, ready, sound):
    clip_id = ready(sound)
    jobs.enqueue_drafts()
    reconciling.reconcile()
    with runtime.reading() as session:
        assert session.get(CaptionTrack, clip_id) is None
        assert factories.job_of(session, DRAFT_CAPTIONS, clip_id) is None
    assert runtime.notifier.waiting(Queue.CAPTIONS) == 0


def test_the_clock_rings_for_what_has_no_captions_yet(runtime, ready, sound, clock, draft):
    chosen = runtime.settings.model_copy(update={"captions_engine": "faster-whisper"})
    runtimes.install(replace(runtime, settings=chosen))
    clip_id = ready(sound)
    with runtime.reading() as session:
        assert drafting.wanted(session) == [clip_id]
    for _ in range(2):  # one is waiting: no second ring
        jobs.enqueue_drafts()
        reconciling.reconcile()
    assert runtime.notifier.waiting(Queue.CAPTIONS) == 1
    draft(runtime, clip_id, Engine())
    with runtime.reading() as session:
        assert drafting.wanted(session) == []


def test_clips_nobody_watches_any_more_are_not_listened_to(runtime, ready, sound, clock):
    clip_id = ready(sound)
    with runtime.transaction() as session:
        clip = session.get_one(Clip, clip_id)
        video = session.get_one(Video, clip.video_id)
        lifecycle.delete_video(session, video, clock(), actor=None)
    with runtime.reading() as session:
        assert drafting.wanted(session) == []


def test_only_the_films_of_those_who_agreed_are_listened_to(runtime, ready, sound, clock, draft):
    clip_id, engine = ready(sound, agreed=False), Engine()
    draft(runtime, clip_id, engine)
    assert engine.asked == []
    with runtime.reading() as session:
        assert drafting.wanted(session) == []
        assert session.get(CaptionTrack, clip_id) is None


def test_whoever_changes_their_mind_while_a_machine_listens_gets_nothing_of_it(
    runtime, ready, sound, clock, draft
):
    clip_id = ready(sound)

    def change_ones_mind():
        with runtime.transaction() as session:
            clip = session.get_one(Clip, clip_id)
            drafts.forbid(session, session.get_one(Video, clip.video_id), clock())

    draft(runtime, clip_id, Engine(between=change_ones_mind))
    assert texts(runtime, clip_id) == []
    with runtime.reading() as session:
        assert session.get(CaptionTrack, clip_id) is None


def test_a_draft_that_ends_while_one_changes_ones_mind_goes_too(runtime, ready, sound, clock):
    clip_id = ready(sound)
    with runtime.transaction() as session:
        held = drafting.claim(session, clip_id, clock())

    def end(session):
        drafts.finish_draft(session, held, [Sentence(0, 900, "Kamii.")], clock(), language="fr")

    def change_ones_mind(session):
        drafts.forbid(session, session.get_one(Video, held.video_id), clock())

    at_once(runtime, end, change_ones_mind)
    assert texts(runtime, clip_id) == []


@pytest.mark.parametrize(
    ("model", "said"), [(None, "CVTUBE_CAPTIONS_MODEL"), (Path("/nowhere"), "/nowhere")]
)
def test_a_missing_model_is_a_sentence_for_the_operator(settings, model, said):
    chosen = settings.model_copy(
        update={"captions_engine": "faster-whisper", "captions_model": model}
    )
    with pytest.raises(SettingsError, match=said):
        speech.find_engine(chosen)


def test_a_model_that_is_none_is_a_sentence_too(settings, tmp_path):
    (tmp_path / "model.bin").write_bytes(b"no model at all")
    chosen = {"captions_engine": "faster-whisper", "captions_model": tmp_path}
    with pytest.raises(SettingsError, match=r"CVTUBE_CAPTIONS_MODEL: .* cannot be loaded"):
        speech.load_engine(settings.model_copy(update=chosen))
