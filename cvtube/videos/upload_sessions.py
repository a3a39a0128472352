"""What is known of a video while its bytes arrive: written by `upload`, shown on its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cvtube.db.base import Base, new_id
from cvtube.videos.models import Clip, Stage


class UploadSession(Base):
    """One upload resource of the tus protocol.

    The bytes are in chunk objects (`OriginalChunk`), never here: `received` says how many of
    them are acknowledged. The row outlives its clip for some days, so that whoever comes back
    hears "gone" and not "never heard of", and so that a deleted upload counts in the quota.
    """

    __tablename__ = "upload_session"
    __table_args__ = (
        CheckConstraint("received >= 0", name="received_something"),
        CheckConstraint("length IS NULL OR received <= length", name="received_at_most_all"),
        CheckConstraint("finished_at IS NULL OR received = length", name="finished_when_whole"),
        # For quotas: what a person has begun lately.
        Index("ix_upload_session_owner_id_created_at", "owner_id", "created_at"),
        # For the clock: what is to be given up or forgotten.
        Index("ix_upload_session_expires_at", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    owner_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    clip_id: Mapped[str | None] = mapped_column(
        ForeignKey("clip.id", ondelete="SET NULL"), index=True
    )
    # Whether the film was made for this upload: then it goes with it.
    made_film: Mapped[bool]
    length: Mapped[int | None] = mapped_column(BigInteger)  # bytes; unknown while deferred
    # What may come at most while the length is unknown: so much is kept free for it.
    at_most: Mapped[int | None] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    # The first bytes, until there are enough of them to tell what the file is.
    beginning: Mapped[bytes | None] = mapped_column(LargeBinary, default=b"")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    # For its owner's eyes only: by these the file is found again after a reload.
    name: Mapped[str] = mapped_column(String(255), default="")
    fingerprint: Mapped[str] = mapped_column(String(80), default="")
    # As the client wrote it: the protocol wants it back unchanged.
    metadata_header: Mapped[str] = mapped_column(String(2000), default="")


def unfinished(
    session: Session, owner_id: str, now: datetime
) -> Sequence[tuple[UploadSession, str]]:
    """The person's uploads that can go on, each with the id of its film, newest first."""
    rows = session.execute(
        select(UploadSession, Clip.video_id)
        .join(Clip, Clip.id == UploadSession.clip_id)
        .where(
            UploadSession.owner_id == owner_id,
            UploadSession.finished_at.is_(None),
            UploadSession.expires_at > now,
            Clip.stage == Stage.UPLOADING,
        )
        .order_by(UploadSession.created_at.desc())
    )
    return [(row[0], row[1]) for row in rows]
