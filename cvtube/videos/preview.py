"""A clip's first seconds, in rows, for its owner while the rest is being made."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from cvtube.jobs import leases
from cvtube.jobs.leases import Claim
from cvtube.videos.models import Asset, AssetKind, Clip


def publish_preview(session: Session, held: Claim, early_ms: int, tracks: Sequence[Asset]) -> bool:
    """Let the owner watch what there is so far. False: the clip is no longer ours."""
    if not leases.is_held(session, held):
        return False
    clip_id = held.target_id
    session.execute(update(Clip).where(Clip.id == clip_id).values(early_ms=early_ms))
    _forget_tracks(session, clip_id)
    session.add_all(tracks)
    return True


def drop_preview(session: Session, clip_id: str) -> None:
    """Before their objects go, or with the attempt that was to complete them."""
    _forget_tracks(session, clip_id)
    session.execute(
        update(Clip).where(Clip.id == clip_id, Clip.early_ms.is_not(None)).values(early_ms=None)
    )


def _forget_tracks(session: Session, clip_id: str) -> None:
    session.execute(delete(Asset).where(Asset.clip_id == clip_id, Asset.kind == AssetKind.EARLY))
