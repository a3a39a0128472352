"""A film as one file, for its owner: ordered, made by a worker, kept for a day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cvtube.errors import Refused
from cvtube.queue.dispatch import wake
from cvtube.videos import keys, work
from cvtube.videos.models import Asset, AssetKind, Video
from cvtube.videos.orders import Doing, FilmFile
from cvtube.videos.pipeline import TRANSCODE_CLIP
from cvtube.videos.timeline import TimelinePart, Version, parts
from cvtube.videos.work import Claim

KEPT = timedelta(days=1)
ENCODING = "h264"  # what every player knows


def pictures(film: Sequence[TimelinePart]) -> Sequence[Asset]:
    """For each part the picture that goes into the file: the largest size all parts share.

    One file has one size throughout, since many players stop or squeeze where it changes.

    Raises:
        Refused: `film_has_several_shapes` if there is no such size, `film_not_ready` if there
            is nothing to join.
    """
    if not film:
        raise Refused("film_not_ready")
    offers = [
        {
            (asset.height or 0, asset.width or 0): asset
            for asset in part.clip.assets
            if asset.kind is AssetKind.RENDITION and asset.name.startswith(ENCODING)
        }
        for part in film
    ]
    shared = set.intersection(*map(set, offers))
    if not shared:
        raise Refused("film_has_several_shapes")
    size = max(shared)
    return [offer[size] for offer in offers]


def sounds(film: Sequence[TimelinePart]) -> Sequence[Asset]:
    """For each part what is heard."""
    return [a for part in film for a in part.clip.assets if a.kind is AssetKind.AUDIO]


def is_possible(video: Video) -> bool:
    """Whether the parts its owner sees can become one file."""
    try:
        pictures(parts(video, Version.WORKING))
    except Refused:
        return False
    return True


def cut_of(video: Video) -> str:
    """Which takes the owner sees now, in a few letters: another take makes another file."""
    names = "|".join(asset.key for asset in pictures(parts(video, Version.WORKING)))
    return hashlib.sha256(names.encode()).hexdigest()


def order(session: Session, video: Video, now: datetime) -> FilmFile:
    """Have the file made, unless it is there or under way (the film must be loaded whole).

    Raises:
        Refused: as `pictures`.
    """
    cut = cut_of(video)
    there = session.get(FilmFile, video.id, with_for_update=True)
    if there is not None and there.cut == cut and there.state is not Doing.FAILED:
        return there
    # Its attempts go on, so that no key is ever written twice.
    wanted = there or FilmFile(video_id=video.id, attempt=0)
    wanted.state, wanted.cut, wanted.ordered_at, wanted.nudged_at = Doing.WAITING, cut, now, now
    wanted.tries = wanted.progress = 0
    wanted.lease_until = wanted.not_before = wanted.ended_at = None
    wanted.size = wanted.error_code = None
    session.add(wanted)
    session.flush()
    wake(session, TRANSCODE_CLIP, video.id)
    return wanted


def key_of(file: FilmFile) -> str:
    """Where the object is, or will be."""
    return keys.film_file(file.video_id, file.attempt)


def of(session: Session, video: Video) -> FilmFile | None:
    """The file that was ordered, if it still shows the film as it is."""
    there = session.get(FilmFile, video.id)
    try:
        return there if there is not None and there.cut == cut_of(video) else None
    except Refused:
        return None


def finish(session: Session, held: Claim, size: int, now: datetime) -> bool:
    """The file is stored. False: the order is no longer ours."""
    return work.end(session, held, Doing.DONE, size=size, ended_at=now, progress=100)


def fail(session: Session, held: Claim, code: str, now: datetime) -> bool:
    """There will be no file, for the reason the code names."""
    return work.end(session, held, Doing.FAILED, error_code=code, ended_at=now, progress=0)


def old_key(session: Session, video_id: str, now: datetime) -> str | None:
    """Where a file is that was kept long enough."""
    file = session.get(FilmFile, video_id)
    return key_of(file) if file is not None and file.ordered_at <= now - KEPT else None


def forget_old(session: Session, video_id: str, now: datetime) -> None:
    """Drop its row, unless it was ordered anew meanwhile."""
    session.execute(
        delete(FilmFile).where(FilmFile.video_id == video_id, FilmFile.ordered_at <= now - KEPT)
    )


def due(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """Films whose file was kept long enough, or was asked for that long ago in vain."""
    return session.scalars(
        select(FilmFile.video_id).where(FilmFile.ordered_at <= now - KEPT).limit(limit)
    ).all()
