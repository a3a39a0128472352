"""Taking in a request's bytes. Between them the database hears only short transactions.

Acknowledged means durable and reachable from every web server: a chunk object is stored
first, then one transaction makes it part of the upload. Whatever dies in between leaves an
object that no row names; it goes when its clip is purged, whose prefix it is under.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.runtime import Runtime
from cvtube.settings import MIB
from cvtube.storage.contract import StorageError
from cvtube.upload import cancellation, quotas, streams, uploads
from cvtube.upload.protocol import Checksum
from cvtube.upload.quotas import UploadRequest
from cvtube.upload.streams import Body, Chunk
from cvtube.upload.uploads import UploadMetadata, UploadState
from cvtube.videos import keys
from cvtube.videos.upload_sessions import UploadSession

# Bytes a second of a recording that is sent while it is made: several times what browsers make.
RECORDED_RATE = 2 * MIB


def open_upload(
    runtime: Runtime,
    owner: User,
    metadata: UploadMetadata,
    length: int | None,
    *,
    at_most: int | None = None,
) -> UploadState:
    """A new upload, if there is room for it; committed before any byte flows.

    Of a `length` that nobody knows yet, `at_most` says how much may come.
    """
    now = runtime.now()
    with runtime.transaction() as session:
        uploads.hold_person(session, owner)
        request = UploadRequest(session, runtime.storage, runtime.settings, owner.id, now)
        announced = at_most if length is None else length
        if announced is None:
            announced = quotas.share_of_today(request, _longest(runtime, metadata))
        request = replace(request, at_most=announced)
        quotas.check(request)
        upload = uploads.begin(
            session, owner, now,
            metadata=metadata, length=length, at_most=request.at_most, lives=_life(runtime),
        )  # fmt: skip
        return uploads.find_upload(session, upload.id, owner.id, now)[1]


def request_to_continue(
    runtime: Runtime, session: Session, state: UploadState, owner_id: str, now: datetime
) -> UploadRequest:
    """What an upload of unknown length may still bring, to be judged."""
    return UploadRequest(
        session,
        runtime.storage,
        runtime.settings,
        owner_id,
        now,
        at_most=state.end(runtime.settings),
        upload_id=state.upload_id,
        received=state.received,
    )


def take_up_again(runtime: Runtime, state: UploadState, owner: User) -> UploadState:
    """What has rested long has its room kept free again, if there still is some."""
    now = runtime.now()
    with runtime.transaction() as session:
        uploads.hold_person(session, owner)
        quotas.check_growth(request_to_continue(runtime, session, state, owner.id, now))
        return uploads.prolong(session, state, now + _life(runtime))


def _longest(runtime: Runtime, metadata: UploadMetadata) -> int:
    """Bytes that an upload of unknown length may bring."""
    settings = runtime.settings
    if metadata.take:
        return min(settings.upload_max_bytes, settings.film_max_s * RECORDED_RATE)
    return settings.upload_max_bytes


def receive(
    runtime: Runtime, state: UploadState, body: Body, checksum: Checksum | None = None
) -> UploadState:
    """Add the body to the upload; returns where the upload stands then.

    Without a checksum, what came of a broken body is kept: its next bytes are asked for from
    there. With one, nothing is kept until everything has matched. Of an upload in far too many
    pieces, a small one is not kept, unless it is the last.

    Raises:
        Refused: the sender lost a race, sent too much, too little at a time, damaged bytes, or
            no film.
        StorageError: what was acknowledged before stays, and the upload can go on.
    """
    if checksum is None:
        state = _receive_as_it_comes(runtime, state, body)
    else:
        state = _receive_checked(runtime, state, body, checksum)
    return finish(runtime, state)


def finish(runtime: Runtime, state: UploadState) -> UploadState:
    """Make an upload that is whole a film to be encoded, if its last bytes have not done so."""
    if state.whole and not state.finished:
        return _acknowledge(runtime, state, [])
    return state


def end_here(runtime: Runtime, state: UploadState) -> UploadState:
    """The sender has said that this was all."""
    with runtime.transaction() as session:
        state = uploads.set_length(session, state, state.received)
    return finish(runtime, state)


def abandon(runtime: Runtime, state: UploadState, owner: User) -> None:
    """The upload is of no use to anybody."""
    with runtime.transaction() as session:
        upload = session.get_one(UploadSession, state.upload_id)
        cancellation.abandon(session, upload, runtime.now(), actor=owner)


def _receive_as_it_comes(runtime: Runtime, state: UploadState, body: Body) -> UploadState:
    for chunk in _stored(runtime, state, body):
        if _is_one_too_many(runtime, state, chunk):
            _drop(runtime, [chunk])
            if body.broken:
                return state  # it comes again, with what follows it
            raise Refused("pieces_too_small")
        state = _acknowledge(runtime, state, [chunk])
    return state


def _receive_checked(
    runtime: Runtime, state: UploadState, body: Body, checksum: Checksum
) -> UploadState:
    chunks: list[Chunk] = []
    with ExitStack() as unless_kept:
        unless_kept.callback(_drop, runtime, chunks)
        chunks.extend(_stored(runtime, state, body))
        _check_arrived(body, checksum)
        if chunks and _is_one_too_many(runtime, state, chunks[-1]):
            raise Refused("pieces_too_small")
        unless_kept.pop_all()
    return _acknowledge(runtime, state, chunks) if chunks else state


def _is_one_too_many(runtime: Runtime, state: UploadState, chunk: Chunk) -> bool:
    """Whether a small piece that is not the last one comes after too many of them."""
    if chunk.size >= quotas.LEAST_PER_PIECE or chunk.start + chunk.size == state.length:
        return False
    with runtime.reading() as session:
        return quotas.has_enough_pieces(session, runtime.settings, state.clip_id, chunk.start)


def _check_arrived(body: Body, checksum: Checksum) -> None:
    if body.broken:
        raise Refused("body_broken")
    if not compare_digest(body.digest(), checksum.digest):
        raise Refused("checksum_mismatch")


def _stored(runtime: Runtime, state: UploadState, body: Body) -> Iterator[Chunk]:
    return streams.store(
        runtime.storage,
        body,
        lambda start: keys.chunk(state.video_id, state.clip_id, start),
        start=state.received,
        room=state.room(runtime.settings),
    )


def _acknowledge(runtime: Runtime, state: UploadState, chunks: Sequence[Chunk]) -> UploadState:
    now, lives = runtime.now(), _life(runtime)
    try:
        with runtime.transaction() as session:
            moved, code = uploads.move_on(session, state, chunks, now, lives=lives)
    except Refused:
        # Certainly rolled back. After any other error the commit may have happened all the
        # same, and an object too many is better than one too few.
        _drop(runtime, chunks)
        raise
    if code is not None:
        _drop(runtime, chunks)
        raise Refused(code)
    return moved


def _drop(runtime: Runtime, chunks: Sequence[Chunk]) -> None:
    for chunk in chunks:
        with suppress(StorageError):  # it goes with its clip, then
            runtime.storage.delete(chunk.key)


def _life(runtime: Runtime) -> timedelta:
    return timedelta(days=runtime.settings.upload_expires_days)
