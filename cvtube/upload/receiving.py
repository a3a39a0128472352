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
from cvtube.upload import bodies, checks, ending, sessions
from cvtube.upload.bodies import Body, Chunk
from cvtube.upload.checks import Wish
from cvtube.upload.models import UploadSession
from cvtube.upload.protocol import Checksum
from cvtube.upload.sessions import Place, Said
from cvtube.videos import keys

# Bytes a second of a recording that is sent while it is made: several times what browsers make.
RECORDED_RATE = 2 * MIB


def begin(
    runtime: Runtime, owner: User, said: Said, length: int | None, *, at_most: int | None = None
) -> Place:
    """A new upload, if there is room for it; committed before any byte flows.

    Of a `length` that nobody knows yet, `at_most` says how much may come.
    """
    now = runtime.now()
    with runtime.transaction() as session:
        sessions.hold_person(session, owner)
        wish = Wish(session, runtime.storage, runtime.settings, owner.id, now)
        announced = at_most if length is None else length
        if announced is None:
            announced = checks.share_of_today(wish, _longest(runtime, said))
        wish = replace(wish, at_most=announced)
        checks.check(wish)
        upload = sessions.begin(
            session, owner, now,
            said=said, length=length, at_most=wish.at_most, lives=_life(runtime),
        )  # fmt: skip
        return sessions.find(session, upload.id, owner.id, now)[1]


def wish_to_go_on(
    runtime: Runtime, session: Session, place: Place, owner_id: str, now: datetime
) -> Wish:
    """What an upload of unknown length may still bring, to be judged."""
    return Wish(
        session,
        runtime.storage,
        runtime.settings,
        owner_id,
        now,
        at_most=place.end(runtime.settings),
        upload_id=place.upload_id,
        received=place.received,
    )


def take_up_again(runtime: Runtime, place: Place, owner: User) -> Place:
    """What has rested long has its room kept free again, if there still is some."""
    now = runtime.now()
    with runtime.transaction() as session:
        sessions.hold_person(session, owner)
        checks.check_growth(wish_to_go_on(runtime, session, place, owner.id, now))
        return sessions.prolong(session, place, now + _life(runtime))


def _longest(runtime: Runtime, said: Said) -> int:
    """Bytes that an upload of unknown length may bring."""
    settings = runtime.settings
    if said.take:
        return min(settings.upload_max_bytes, settings.film_max_s * RECORDED_RATE)
    return settings.upload_max_bytes


def receive(runtime: Runtime, place: Place, body: Body, checksum: Checksum | None = None) -> Place:
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
        place = _receive_as_it_comes(runtime, place, body)
    else:
        place = _receive_checked(runtime, place, body, checksum)
    return finish(runtime, place)


def finish(runtime: Runtime, place: Place) -> Place:
    """Make an upload that is whole a film to be encoded, if its last bytes have not done so."""
    if place.whole and not place.finished:
        return _acknowledge(runtime, place, [])
    return place


def end_here(runtime: Runtime, place: Place) -> Place:
    """The sender has said that this was all."""
    with runtime.transaction() as session:
        place = sessions.set_length(session, place, place.received)
    return finish(runtime, place)


def give_up(runtime: Runtime, place: Place, owner: User) -> None:
    """The upload is of no use to anybody."""
    with runtime.transaction() as session:
        upload = session.get_one(UploadSession, place.upload_id)
        ending.give_up(session, upload, runtime.now(), actor=owner)


def _receive_as_it_comes(runtime: Runtime, place: Place, body: Body) -> Place:
    for chunk in _stored(runtime, place, body):
        if _is_one_too_many(runtime, place, chunk):
            _drop(runtime, [chunk])
            if body.broken:
                return place  # it comes again, with what follows it
            raise Refused("pieces_too_small")
        place = _acknowledge(runtime, place, [chunk])
    return place


def _receive_checked(runtime: Runtime, place: Place, body: Body, checksum: Checksum) -> Place:
    chunks: list[Chunk] = []
    with ExitStack() as unless_kept:
        unless_kept.callback(_drop, runtime, chunks)
        chunks.extend(_stored(runtime, place, body))
        _check_arrived(body, checksum)
        if chunks and _is_one_too_many(runtime, place, chunks[-1]):
            raise Refused("pieces_too_small")
        unless_kept.pop_all()
    return _acknowledge(runtime, place, chunks) if chunks else place


def _is_one_too_many(runtime: Runtime, place: Place, chunk: Chunk) -> bool:
    """Whether a small piece that is not the last one comes after too many of them."""
    if chunk.size >= checks.LEAST_PER_PIECE or chunk.start + chunk.size == place.length:
        return False
    with runtime.reading() as session:
        return checks.has_enough_pieces(session, runtime.settings, place.clip_id, chunk.start)


def _check_arrived(body: Body, checksum: Checksum) -> None:
    if body.broken:
        raise Refused("body_broken")
    if not compare_digest(body.digest(), checksum.digest):
        raise Refused("checksum_mismatch")


def _stored(runtime: Runtime, place: Place, body: Body) -> Iterator[Chunk]:
    return bodies.store(
        runtime.storage,
        body,
        lambda start: keys.chunk(place.video_id, place.clip_id, start),
        start=place.received,
        room=place.room(runtime.settings),
    )


def _acknowledge(runtime: Runtime, place: Place, chunks: Sequence[Chunk]) -> Place:
    now, lives = runtime.now(), _life(runtime)
    try:
        with runtime.transaction() as session:
            moved, code = sessions.move_on(session, place, chunks, now, lives=lives)
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
