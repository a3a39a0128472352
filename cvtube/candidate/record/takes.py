"""The takes of a chapter: how each stands, told to whoever records them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from cvtube.errors import PROBLEMS
from cvtube.i18n import N_
from cvtube.videos import status
from cvtube.videos.models import Chapter, Clip, OriginalChunk, Stage
from cvtube.videos.status import TO_FILM, Situation

# Where a chosen recording stands. One that is in the film already says so first.
_CHOSEN = {
    Situation.SENDING: N_("Being sent"),
    Situation.PREPARING: N_("Being prepared"),
    Situation.READY: N_("Ready"),
    Situation.IN_REVIEW: N_("Being reviewed"),
    Situation.NEEDS_CHANGES: N_("To film again"),
    Situation.REFUSED: N_("To film again"),
}


@dataclass(frozen=True)
class Take:
    """One recording of a chapter."""

    clip: Clip
    size: int  # bytes that are here
    chosen: bool  # it is, or will be, the chapter's recording
    live: bool  # it is in the film
    expires_at: datetime | None  # it goes then, unless it is chosen

    @property
    def watchable(self) -> bool:
        """It waits to be chosen, and can be watched as it was sent."""
        return self.clip.stage is Stage.KEPT and self.problem is None

    @property
    def spoilt(self) -> bool:
        """It is chosen, and cannot stay."""
        return self.chosen and status.of_clip(self.clip) in TO_FILM

    @property
    def words(self) -> str:
        """Where it stands, a message id; of one that expires, `expires_at` tells more."""
        if self.problem:
            return self.problem
        if self.live and not self.spoilt:
            return N_("In my video")
        return _CHOSEN.get(status.of_clip(self.clip), N_("In my video"))

    @property
    def trimmed(self) -> bool:
        return self.clip.trim_start_ms > 0 or self.clip.trim_end_ms is not None

    @property
    def cut_ms(self) -> int | None:
        """How long the trimmed take is, where its end is known before it is prepared."""
        end = self.clip.trim_end_ms
        return None if end is None else end - self.clip.trim_start_ms

    @property
    def stretch(self) -> str:
        """What of it is wanted, as a media fragment (W3C Media Fragments URI 1.0, 4.2.1)."""
        start, end = self.clip.trim_start_ms, self.clip.trim_end_ms
        if not self.trimmed:
            return ""
        return f"#t={start / 1000:g}" + ("" if end is None else f",{end / 1000:g}")

    @property
    def problem(self) -> str | None:
        """Why it cannot be used, a message id."""
        code = self.clip.error_code
        if code is None:
            return None
        return PROBLEMS[code if code in PROBLEMS else "film_broken"].sentence


def takes_of(session: Session, chapter: Chapter, kept: timedelta) -> list[Take]:
    """All takes, oldest first."""
    clips = session.scalars(
        select(Clip).where(Clip.chapter_id == chapter.id).order_by(Clip.created_at, Clip.id)
    ).all()
    sizes = _sizes(session, [clip.id for clip in clips])
    return [_told(clip, chapter, sizes.get(clip.id, 0), kept) for clip in clips]


def are_there(session: Session, chapter: Chapter) -> bool:
    """Whether anything was filmed or sent for it."""
    in_film = {chapter.live_clip_id, chapter.next_clip_id} - {None}
    there = or_(Clip.chapter_id == chapter.id, Clip.id.in_(in_film))
    return bool(session.scalar(select(exists().where(there))))


def selected_take(takes: Sequence[Take], asked_for: str, *, decided: bool) -> Take | None:
    """The take to watch: what was asked for, else the newest, where there is one to choose.

    One that was filmed before a chosen take that cannot stay is offered in the list alone.
    """
    found = [take for take in takes if take.watchable]
    before = [take.clip.created_at for take in takes if take.chosen]
    offered = [take for take in found if all(take.clip.created_at >= at for at in before)]
    newest = offered[-1] if offered and not decided else None
    return next((take for take in found if take.clip.id == asked_for), newest)


def one(session: Session, clip: Clip, chapter: Chapter, kept: timedelta) -> Take:
    """A single one."""
    return _told(clip, chapter, _sizes(session, [clip.id]).get(clip.id, 0), kept)


def _told(clip: Clip, chapter: Chapter, size: int, kept: timedelta) -> Take:
    waits = clip.stage is Stage.KEPT
    return Take(
        clip=clip,
        size=clip.original_bytes or size,
        chosen=clip.id in {chapter.live_clip_id, chapter.next_clip_id},
        live=clip.id == chapter.live_clip_id,
        expires_at=clip.created_at + kept if waits else None,
    )


def _sizes(session: Session, clip_ids: Sequence[str]) -> dict[str, int]:
    rows = session.execute(
        select(OriginalChunk.clip_id, func.sum(OriginalChunk.size))
        .where(OriginalChunk.clip_id.in_(clip_ids))
        .group_by(OriginalChunk.clip_id)
    )
    return {row[0]: int(row[1]) for row in rows}
