"""Erasing, one film, clip or person a job; and the look for what is due.

Every job may run twice, be killed anywhere and run again: it reads from the rows what is left
to do. Nothing is open in the database while objects are being deleted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cvtube.jobs.enqueue import enqueue
from cvtube.jobs.handler import Errand
from cvtube.jobs.heartbeat import Heartbeat
from cvtube.jobs.kinds import PURGE_VIDEO
from cvtube.jobs.recurring import advance
from cvtube.jobs.scheduling import Terms
from cvtube.privacy import erasure, purge, retention, sweep
from cvtube.queue.notify import try_notify
from cvtube.runtime import Runtime, current
from cvtube.settings import Settings
from cvtube.storage.local import LocalStorage
from cvtube.videos import exports, keys, lifecycle, voice_notes

HALF_WRITTEN_S = 6 * 3600  # a write that has not moved for so long has lost its process


# A storage may be slow, and nothing is told between two objects. Twice at once does no harm.
LEASE = timedelta(seconds=60)


class PurgeVideo(Errand):
    """Erase a deleted film; or of a living one, what was given up or is nobody's any more."""

    patience = None

    @classmethod
    def terms(cls, settings: Settings) -> Terms:
        return replace(super().terms(settings), lease=LEASE)

    def run(self, runtime: Runtime, heartbeat: Heartbeat) -> None:  # noqa: ARG002
        purge_video(self.held.target_id)


def purge_video(video_id: str) -> None:
    """All of it; raises NotErased where something came meanwhile."""
    runtime = current()
    with runtime.reading() as session:
        gone = purge.what_is_gone(session, video_id)
    if gone.whole:
        prefix = keys.of_video(video_id)
        purge.erase_objects(runtime.storage, prefix)
        with runtime.transaction() as session:
            purge.forget_video(session, video_id, runtime.now())
        # Until its rows were gone, a chunk could still be stored and named.
        purge.erase_objects(runtime.storage, prefix)
        return
    for clip_id in gone.clips:
        prefix = keys.of_clip(video_id, clip_id)
        purge.erase_objects(runtime.storage, prefix)
        with runtime.transaction() as session:
            purge.forget_clip(session, clip_id, runtime.now())
        purge.erase_objects(runtime.storage, prefix)
    _erase_strays(keys.of_video(video_id))


def purge_original(clip_id: str) -> None:
    """Erase what was sent, now that its clip is made; the clip stays.

    Whoever wants to make it anew either came first, or finds nothing to make it of.
    """
    runtime = current()
    with runtime.transaction() as session:
        now = runtime.now()
        video_id = purge.film_of(session, clip_id)
        served = retention.original_has_served(session, clip_id, now, runtime.settings)
        if video_id is None or not served:
            return
        purge.forget_original(session, video_id, clip_id, now)
    # Where this is cut short, the daily look at the storage takes what is left.
    purge.erase_objects(runtime.storage, keys.original(video_id, clip_id))


def purge_replaced(clip_id: str) -> None:
    """Erase what was made anew since, now that nobody plays it any more."""
    runtime = current()
    with runtime.reading() as session:
        replaced = purge.replaced(session, clip_id, runtime.now())
    for key in replaced:
        runtime.storage.delete(key)
    with runtime.transaction() as session:
        purge.forget_replaced(session, replaced)


def purge_film_file(video_id: str) -> None:
    """Erase a film's file that its owner has had time to fetch; the film stays."""
    runtime = current()
    with runtime.reading() as session:
        old = exports.old_key(session, video_id, runtime.now())
    if old is None:
        return
    runtime.storage.delete(old)
    with runtime.transaction() as session:
        exports.drop_expired(session, video_id, runtime.now())


def erase_user(user_id: str) -> None:
    """Erase a person who has deleted their account; their films are purged by their own jobs."""
    runtime = current()
    with runtime.reading() as session:
        if not erasure.is_leaving(session, user_id):
            return
        films = erasure.ids_of_films(session, user_id)
    for video_id in films:
        with runtime.transaction() as session:
            erasure.delete_film(session, video_id, runtime.now())
    with runtime.transaction() as session:
        erasure.forget_person(session, user_id)


def sweep_portion(portion: str) -> None:
    """Erase the objects of one portion of the storage that no row names."""
    _erase_strays(f"{keys.FILMS}{portion}")


def _erase_strays(prefix: str) -> None:
    runtime = current()
    now = runtime.now()
    listed = sweep.by_clip(
        stored.key
        for stored in runtime.storage.list(prefix)
        if not voice_notes.may_be_unnamed(stored.key, now)
    )
    with runtime.reading() as session:
        strays = sweep.nobody_names(session, listed)
    for key in strays:
        runtime.storage.delete(key)


def purge_what_is_due() -> None:
    """Have everything done that has been kept long enough, and for today's look at the storage."""
    runtime = current()
    now = runtime.now()
    with runtime.transaction() as session:
        lifecycle.discard_old_takes(session, retention.takes_before(now, runtime.settings), now)
        for video_id in retention.films_to_purge(session):
            enqueue(session, PURGE_VIDEO, video_id, now)
        since = advance(session, retention.SWEEP.path, now)
    with runtime.reading() as session:
        originals = retention.originals_to_purge(session, now, runtime.settings)
        replaced = retention.replaced_to_purge(session, now)
        files = exports.expired_exports(session, now, retention.AT_A_TIME)
    messages = [
        *((retention.PURGE_ORIGINAL, clip_id) for clip_id in originals),
        *((retention.PURGE_REPLACED, clip_id) for clip_id in replaced),
        *((retention.PURGE_FILM_FILE, video_id) for video_id in files),
        *((retention.SWEEP, portion) for portion in sweep.portions_due(since, now)),
    ]
    for job, subject_id in messages:
        try_notify(runtime.notifier, job, subject_id)
    if isinstance(runtime.storage, LocalStorage):
        runtime.storage.sweep_incoming(HALF_WRITTEN_S)
