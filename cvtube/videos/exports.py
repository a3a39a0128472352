"""A film as one file, for its owner: ordered, made by a worker, kept for a day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from cvtube.errors import Refused
from cvtube.jobs import leases
from cvtube.jobs.enqueue import enqueue, forget
from cvtube.jobs.kinds import EXPORT
from cvtube.jobs.leases import Claim
from cvtube.jobs.models import OPEN, Job, JobState
from cvtube.videos import keys
from cvtube.videos.files import FilmFile
from cvtube.videos.models import Asset, AssetKind, Video
from cvtube.videos.timeline import TimelinePart, Version, parts

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


def order_export(session: Session, video: Video, now: datetime) -> FilmFile:
    """Have the file made, unless it is there or under way (the film must be loaded whole).

    Raises:
        Refused: as `pictures`.
    """
    cut = cut_of(video)
    job = export_job(session, video.id, lock=True)  # before the file, as workers lock them
    there = session.get(FilmFile, video.id, with_for_update=True)
    good = job is not None and job.state in {*OPEN, JobState.DONE}
    if there is not None and there.cut == cut and good:
        return there
    wanted = there or FilmFile(video_id=video.id, attempt=0)
    wanted.cut, wanted.ordered_at, wanted.size = cut, now, None
    session.add(wanted)
    session.flush()
    # Its attempts go on, so that no key is ever written twice.
    enqueue(
        session, EXPORT, video.id, now,
        video_id=video.id, owner_id=video.owner_id, attempts=wanted.attempt, restart=True,
    )  # fmt: skip
    return wanted


def export_job(session: Session, video_id: str, *, lock: bool = False) -> Job | None:
    """How far the film's file is."""
    which = select(Job).where(Job.kind == EXPORT.name, Job.target_id == video_id)
    if lock:
        which = which.with_for_update()
    return session.scalar(which.execution_options(populate_existing=True))


def object_key(file: FilmFile) -> str:
    """Where the object is, or will be."""
    return keys.film_file(file.video_id, file.attempt)


def current_export(session: Session, video: Video) -> FilmFile | None:
    """The file that was ordered with its job, if it still shows the film as it is."""
    there = with_job(session, video.id)
    try:
        return there if there is not None and there.cut == cut_of(video) else None
    except Refused:
        return None


def with_job(session: Session, video_id: str) -> FilmFile | None:
    """The file that was ordered, whatever it shows, and how far it is."""
    return session.get(FilmFile, video_id, options=[joinedload(FilmFile.job)])


def is_ready(file: FilmFile | None) -> bool:
    """Whether it can be fetched."""
    return file is not None and file.job is not None and file.job.state is JobState.DONE


def is_under_way(file: FilmFile | None) -> bool:
    """Whether it waits, or is being made."""
    return file is not None and file.job is not None and file.job.state in OPEN


def start_export(session: Session, held: Claim) -> bool:
    """Name the object before it is stored. False: nobody wants the file any more."""
    hit = session.execute(
        update(FilmFile)
        .where(FilmFile.video_id == held.target_id)
        .values(attempt=held.attempt)
        .returning(FilmFile.video_id)
    ).first()
    return hit is not None


def finish_export(session: Session, held: Claim, size: int, now: datetime) -> bool:
    """The file is stored. False: it is no longer ours."""
    if not leases.end(session, held, JobState.DONE, now):
        return False
    session.execute(update(FilmFile).where(FilmFile.video_id == held.target_id).values(size=size))
    return True


def old_key(session: Session, video_id: str, now: datetime) -> str | None:
    """Where a file is that was kept long enough."""
    file = session.get(FilmFile, video_id)
    return object_key(file) if file is not None and file.ordered_at <= now - KEPT else None


def drop_expired(session: Session, video_id: str, now: datetime) -> None:
    """Drop its row, unless it was ordered anew meanwhile."""
    export_job(session, video_id, lock=True)
    old = delete(FilmFile).where(FilmFile.video_id == video_id, FilmFile.ordered_at <= now - KEPT)
    if session.execute(old.returning(FilmFile.video_id)).first() is not None:
        forget(session, [EXPORT], [video_id])


def expired_exports(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """Films whose file was kept long enough, or was asked for that long ago in vain."""
    return session.scalars(
        select(FilmFile.video_id).where(FilmFile.ordered_at <= now - KEPT).limit(limit)
    ).all()
