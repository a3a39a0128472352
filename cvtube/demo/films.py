"""The demo's own films: which clips are theirs, and how far they are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.demo.people import Scene
from cvtube.videos.models import Chapter, Clip, Stage, TranscriptCue, VideoEvent
from cvtube.videos.sentences import Sentence
from cvtube.videos.verbs import Verb


def first_film_of(session: Session, owner: User) -> str | None:
    """The id of the first film the person ever started, deleted since or not."""
    return session.scalar(
        select(VideoEvent.video_id)
        .where(VideoEvent.actor_id == owner.id, VideoEvent.verb == Verb.STARTED)
        .order_by(VideoEvent.at, VideoEvent.id)
    )


def demo_clips(video_id: str) -> Select[Clip]:
    """The demo's own clips of the film, known by their captions, which they have from the start.

    What a visitor records for the same film has none, and is left alone.
    """
    captioned = exists().where(TranscriptCue.clip_id == Clip.id)
    return select(Clip).where(Clip.video_id == video_id, captioned)


def unsent(session: Session, video_id: str) -> list[tuple[int, str]]:
    """Chapters (by position) whose recording (by id) has no bytes yet."""
    rows = session.execute(
        demo_clips(video_id)
        .join(Chapter, Chapter.next_clip_id == Clip.id)
        .where(Clip.stage == Stage.UPLOADING)
        .order_by(Chapter.position)
        .with_only_columns(Chapter.position, Clip.id)
    )
    return [(position, clip_id) for position, clip_id in rows]


def percent_done(clips: Sequence[Clip]) -> int:
    done = [100 if clip.stage is Stage.READY else clip.progress for clip in clips]
    return sum(done) // max(len(done), 1)


def said(scene: Scene) -> list[Sentence]:
    return [Sentence(said.start_ms, said.end_ms, said.text) for said in scene.sentences]
