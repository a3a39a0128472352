"""Films, chapters, clips and what is made of them.

A film (`Video`) is a playlist of chapters. Each recording is a `Clip`, and the clip is the
unit of upload, transcoding, moderation and re-shooting. A sent file is a film with one chapter.

State lives on three axes that never mix: `Clip.stage` (what the machines have done),
`Clip.review` (what people have decided) and `Video.visibility` (what the owner wishes).
Whether a film is listed follows from them; it is never stored. Only `lifecycle` writes them.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from cvtube.accounts.models import User
from cvtube.db.base import NEVER_STORED, Base, growing_id, new_id, stored_enum
from cvtube.jobs.kinds import TRANSCODE
from cvtube.jobs.models import Job


class Visibility(enum.StrEnum):
    """Whom the owner wishes to show the film."""

    DRAFT = "draft"
    PRIVATE_LINK = "private_link"
    RECRUITERS = "recruiters"


# Said by name, never as "not a draft": what a newer version may store is not out for this one.
OUT = (Visibility.PRIVATE_LINK, Visibility.RECRUITERS)


class Stage(enum.StrEnum):
    """How far the machines are with a clip."""

    UPLOADING = "uploading"
    KEPT = "kept"  # a take that is all here, and that nobody has chosen yet
    UPLOADED = "uploaded"
    TRANSCODING = "transcoding"
    READY = "ready"
    FAILED = "failed"
    ABANDONED = "abandoned"


class Review(enum.StrEnum):
    """What moderators have decided about a clip."""

    NONE = "none"
    PENDING = "pending"
    APPROVED = "approved"
    NEEDS_CHANGES = "needs_changes"
    REJECTED = "rejected"
    REMOVED = "removed"


class Video(Base):
    """The film of one candidate for one job sought."""

    __tablename__ = "video"
    __table_args__ = (
        CheckConstraint(
            "(visibility = 'draft') = (published_at IS NULL)", name="published_unless_draft"
        ),
        # For the owner's own page, newest first.
        Index("ix_video_owner_id_created_at", "owner_id", "created_at"),
        # For the clock: what changed since it was last indexed, and what is to be purged.
        Index("ix_video_changed_at", "changed_at"),
        Index("ix_video_deleted_at", "deleted_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    owner_id: Mapped[str] = mapped_column(ForeignKey("user.id"))
    occupation_code: Mapped[str | None] = mapped_column(String(5))  # ROME 4.0: the job sought
    job_words: Mapped[str] = mapped_column(String(80), default="")  # where no code fits
    visibility: Mapped[Visibility] = mapped_column(
        stored_enum(Visibility, unknown=Visibility.DRAFT)
    )
    created_at: Mapped[datetime]
    # Any change that search or a list may show; compared with the index by the clock.
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    # Whoever knows it may watch, without an account; None: there is no link.
    link_key: Mapped[str | None] = mapped_column(String(22), unique=True, index=True)
    # The part whose picture stands for the film, if its owner has chosen one.
    poster_chapter_id: Mapped[str | None] = mapped_column(
        ForeignKey("chapter.id", ondelete="SET NULL", use_alter=True)
    )

    owner: Mapped[User] = relationship(lazy="raise_on_sql")
    chapters: Mapped[list[Chapter]] = relationship(
        back_populates="video",
        foreign_keys="Chapter.video_id",
        order_by="Chapter.position",
        lazy="raise_on_sql",
    )


class Chapter(Base):
    """One part of the film: a question, the clip that answers it, and perhaps its next one."""

    __tablename__ = "chapter"
    __table_args__ = (UniqueConstraint("video_id", "position"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    video_id: Mapped[str] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"))
    position: Mapped[int]
    # Which of the operator's questions it answers (a name of the studio's data file); empty in
    # a sent film. The same name in two films means: these two can be compared.
    topic: Mapped[str] = mapped_column(String(40), default="", server_default="")
    # What the chapter is about, as its viewers read it; empty in a film of one chapter.
    title: Mapped[str] = mapped_column(String(80), default="")
    # The clip in the film. While it is being re-shot, the one that will take its place.
    live_clip_id: Mapped[str | None] = mapped_column(
        ForeignKey("clip.id", ondelete="SET NULL"), unique=True
    )
    next_clip_id: Mapped[str | None] = mapped_column(
        ForeignKey("clip.id", ondelete="SET NULL"), unique=True
    )

    video: Mapped[Video] = relationship(
        back_populates="chapters", foreign_keys=[video_id], lazy="raise_on_sql"
    )
    live_clip: Mapped[Clip | None] = relationship(
        foreign_keys=[live_clip_id], post_update=True, lazy="raise_on_sql"
    )
    next_clip: Mapped[Clip | None] = relationship(
        foreign_keys=[next_clip_id], post_update=True, lazy="raise_on_sql"
    )


class Clip(Base):
    """One recording, from its first byte on."""

    __tablename__ = "clip"
    __table_args__ = (
        CheckConstraint("(stage = 'failed') = (error_code IS NOT NULL)", name="failed_with_code"),
        CheckConstraint(
            "stage != 'ready' OR (ready_at IS NOT NULL AND duration_ms IS NOT NULL)",
            name="ready_with_time_and_duration",
        ),
        CheckConstraint("review = 'none' OR stage = 'ready'", name="reviewed_when_ready"),
        CheckConstraint(
            "(review IN ('none', 'pending')) = (reviewed_at IS NULL)", name="decided_with_time"
        ),
        CheckConstraint("stage != 'kept' OR chapter_id IS NOT NULL", name="kept_for_a_chapter"),
        CheckConstraint(
            "trim_start_ms >= 0 AND (trim_end_ms IS NULL OR trim_end_ms > trim_start_ms)",
            name="trimmed_to_something",
        ),
        # For the clock: what was given up.
        Index("ix_clip_stage", "stage"),
        # For moderators: what waits, oldest first.
        Index("ix_clip_review_submitted_at", "review", "submitted_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    video_id: Mapped[str] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"), index=True)
    # The chapter it was recorded for, if it is a take: one of several the owner chooses from.
    chapter_id: Mapped[str | None] = mapped_column(
        ForeignKey("chapter.id", ondelete="CASCADE", use_alter=True), index=True
    )
    stage: Mapped[Stage] = mapped_column(stored_enum(Stage, unknown=Stage.UPLOADED))
    review: Mapped[Review] = mapped_column(
        stored_enum(Review, unknown=Review.PENDING), default=Review.NONE
    )
    created_at: Mapped[datetime]
    uploaded_at: Mapped[datetime | None]  # when its last byte was here
    ready_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    original_bytes: Mapped[int | None] = mapped_column(BigInteger)
    # What of the recording is in the film, counted from its beginning; None: up to its end.
    trim_start_ms: Mapped[int] = mapped_column(default=0, server_default="0")
    trim_end_ms: Mapped[int | None]
    duration_ms: Mapped[int | None]
    width: Mapped[int | None]  # upright, of the best rendition
    height: Mapped[int | None]
    # Which of its stills stands for it, counted from 0; the first one where there is no such.
    poster_still: Mapped[int] = mapped_column(default=0, server_default="0")

    # The attempt that made it, or is making it: part of its objects' keys. It only grows.
    attempt: Mapped[int] = mapped_column(default=0)
    ladder: Mapped[int | None]  # version of the encoding ladder that made it
    # How much of it its owner can watch while the rest is being made: the early assets' length.
    early_ms: Mapped[int | None]
    error_code: Mapped[str | None] = mapped_column(String(40))

    video: Mapped[Video] = relationship(foreign_keys=[video_id], lazy="raise_on_sql")
    assets: Mapped[list[Asset]] = relationship(
        back_populates="clip", lazy="raise_on_sql", passive_deletes=True
    )
    # The job of making it playable; none before it was queued for the first time.
    job: Mapped[Job | None] = relationship(
        primaryjoin=lambda: and_(foreign(Job.target_id) == Clip.id, Job.kind == TRANSCODE.name),
        viewonly=True,
        uselist=False,
        lazy="raise_on_sql",
    )

    @property
    def progress(self) -> int:
        """How much of it is made, in percent."""
        return self.job.progress if self.job else 0


class OriginalChunk(Base):
    """A run of bytes of what was sent. The original is all of them in order of `start`."""

    __tablename__ = "original_chunk"
    __table_args__ = (UniqueConstraint("clip_id", "start"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.id", ondelete="CASCADE"))
    start: Mapped[int] = mapped_column(BigInteger)  # byte offset in the original
    size: Mapped[int]  # bytes


class AssetKind(enum.StrEnum):
    """What an object made from a clip is."""

    RENDITION = "rendition"  # one picture rung: fragmented MP4, single file, byte ranges
    AUDIO = "audio"  # the sound group all rungs share
    POSTER = "poster"
    STORYBOARD = "storyboard"  # a sheet of small frames, for scrubbing and hovering
    # A small rendition and the sound while the clip is being made, for its owner alone. They
    # belong to the running attempt and go with it, whatever its end.
    EARLY = "early"
    OTHER = NEVER_STORED  # a newer version's, not for us: never shown, and its object is left alone


class Asset(Base):
    """One stored object made from a clip.

    `facts` by kind: rendition and audio carry `codecs`, `bandwidth`, `average_bandwidth`
    (bit/s), `init` ([offset, size] in bytes) and `segments` ([[seconds, offset, size], …]);
    renditions also `frame_rate`; sound also `checks`: what is wrong with the clip as a film
    (`lufs`, and `silent`, `black`, `still` as [[from, to], …] in seconds); posters which `still`
    of the clip they show (0 where it is not said: there was one); storyboards carry
    `columns`, `rows`, `tiles` and `interval_ms`.

    An early asset is what a growing track has so far: as a rendition or sound,
    but each piece is an object of its own (`init` is a key, `segments` are [[seconds, key], …]),
    and `key` is that of its newest one.
    """

    __tablename__ = "asset"
    __table_args__ = (UniqueConstraint("clip_id", "kind", "name"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.id", ondelete="CASCADE"))
    kind: Mapped[AssetKind] = mapped_column(stored_enum(AssetKind, unknown=AssetKind.OTHER))
    name: Mapped[str] = mapped_column(String(40))  # "h264-720", "audio", "poster", "storyboard"
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    width: Mapped[int | None]
    height: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    clip: Mapped[Clip] = relationship(back_populates="assets", lazy="raise_on_sql")


class TranscriptCue(Base):
    """One sentence that is heard in a clip. Only those that are `shown` are for the audience."""

    __tablename__ = "transcript_cue"
    __table_args__ = (UniqueConstraint("clip_id", "shown", "start_ms"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(2))
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    word_starts: Mapped[list[int]] = mapped_column(JSON, default=list)  # ms; see `sentences`
    shown: Mapped[bool] = mapped_column(default=False)


class Consent(Base):
    """One thing a film's owner has agreed to, in the words of one version of the page."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_video_id_given_at", "video_id", "given_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    video_id: Mapped[str] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))  # of the sentences that were agreed to
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class VideoEvent(Base):
    """Who did what to a film, when and why. Written with the change itself, never edited."""

    __tablename__ = "video_event"
    __table_args__ = (
        Index("ix_video_event_video_id_at", "video_id", "at"),
        # For the whole log, newest first.
        Index("ix_video_event_at_id", "at", "id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=growing_id)
    at: Mapped[datetime]
    # No foreign key to film or clip: the log outlives what it tells of (ids only by then).
    video_id: Mapped[str] = mapped_column(String(26))
    clip_id: Mapped[str | None] = mapped_column(String(26))
    # Which part of the film the clip was then, counted from 1; empty where it has only one.
    part: Mapped[int | None]
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    verb: Mapped[str] = mapped_column(String(40))
    before: Mapped[str | None] = mapped_column(String(24))
    after: Mapped[str | None] = mapped_column(String(24))
    reason: Mapped[str | None] = mapped_column(String(40))
    words: Mapped[str | None] = mapped_column(Text)  # a moderator's own, for the candidate
