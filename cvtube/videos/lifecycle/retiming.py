"""A recording that is cut anew takes its captions along, or every word would be read late.

Nobody has read the words beside the film as it is now: their owner says yes to them once more,
and until then none of them is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cvtube.jobs.enqueue import cancel
from cvtube.jobs.kinds import DRAFT_CAPTIONS
from cvtube.videos import captions
from cvtube.videos.caption_track import CaptionTrack, Wording
from cvtube.videos.captions import SHORTEST_MS
from cvtube.videos.lifecycle import drafts
from cvtube.videos.lifecycle.captions import write_captions
from cvtube.videos.models import Clip, TranscriptCue
from cvtube.videos.sentences import Sentence
from cvtube.videos.timeline import Version


def follow(session: Session, clip: Clip, start_ms: int, end_ms: int | None) -> None:
    """Move the clip's words to the new trim. The film is locked, and the clip has its old trim.

    How long the clip will be is known once it is encoded. Its words are in the old cut, though,
    so they never pass the end of the recording: only an end that was cut can be in their way.
    """
    # The draft before its words: one that is just ending brings words until it is ended.
    cancel(session, DRAFT_CAPTIONS, clip.id)
    session.execute(
        delete(CaptionTrack).where(
            CaptionTrack.clip_id == clip.id, CaptionTrack.state == Wording.DRAFTING
        )
    )
    cues = captions.cues_of(session, [clip.id], Version.WORKING)
    words = moved(
        captions.sentences_of(session, clip.id),
        start_ms - clip.trim_start_ms,
        None if end_ms is None else end_ms - start_ms,
    )
    write_captions(session, clip.id, words, cues[0].language if cues else "")
    # A sentence that was shown may tell of what has just been cut out.
    shown = TranscriptCue.shown.is_(True)
    session.execute(delete(TranscriptCue).where(TranscriptCue.clip_id == clip.id, shown))
    track = captions.track_of(session, clip.id)
    if track is not None and cues:
        _unconfirm(session, track, words)


def _unconfirm(session: Session, track: CaptionTrack, words: Sequence[Sentence]) -> None:
    """They wait for their owner's yes; where no word is left, there are no captions yet."""
    if not words:
        session.delete(track)
    # A draft nobody touched stays known as such, by its version: it goes with the consent.
    elif not drafts.is_untouched(track):
        track.version += 1
        track.state, track.confirmed_at = Wording.DRAFT, None
    session.flush()


def moved(sentences: Sequence[Sentence], by_ms: int, length_ms: int | None) -> list[Sentence]:
    """The sentences heard that much earlier, as far as they are heard in a clip of this length.

    One that is cut keeps all its words, whose times stay inside it: a cut can be taken back.
    """
    found = []
    for sentence, following in zip_longest(sentences, sentences[1:]):
        # Never into the next one: both might begin with the clip, and no two begin at once.
        end = min(sentence.end_ms, following.start_ms) if following else sentence.end_ms
        whole = replace(sentence, end_ms=end)
        left = _within(whole, by_ms, end - by_ms if length_ms is None else length_ms)
        # A sliver nobody can read, and the encoder may cut a frame more than it was told.
        if left.end_ms - left.start_ms >= min(SHORTEST_MS, end - sentence.start_ms):
            found.append(left)
    return found


def _within(sentence: Sentence, by_ms: int, length_ms: int) -> Sentence:
    start = max(sentence.start_ms - by_ms, 0)
    end = min(sentence.end_ms - by_ms, length_ms)
    starts = tuple(min(max(at - by_ms, start), end) for at in sentence.word_starts)
    return replace(sentence, start_ms=start, end_ms=end, word_starts=starts)
