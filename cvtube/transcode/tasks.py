"""The kinds of work, each as one object: what it needs, what it does, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.errors import Refused
from cvtube.jobs.errors import UnavailableError
from cvtube.runtime import Runtime
from cvtube.settings import MIB, Settings
from cvtube.toolchain.runner import Runner
from cvtube.transcode import concat, source_file
from cvtube.transcode.analyze.suitability import SuitabilityLimits
from cvtube.transcode.attempt import Attempt
from cvtube.transcode.lease import Lease
from cvtube.transcode.live_preview import Early
from cvtube.transcode.plan import ladder
from cvtube.videos import exports, lifecycle, queries, reencoding
from cvtube.videos.books import Kind
from cvtube.videos.originals import Piece, pieces
from cvtube.videos.timeline import Version, parts
from cvtube.videos.work import Claim, Made

# What an attempt may write, at most, for each second of the longest film: all renditions at
# their highest rates, and room for pictures.
OUTPUT_BYTES_A_S = 2 * MIB
# An address that was signed just now lives at most this many times as long as asked.
SIGNED_LONGER = 1.5


class Task(Protocol):
    """One claimed order, with everything that is needed for it."""

    held: Claim
    since: datetime  # when it was queued
    bytes_out: int
    film_s: float  # of what was made

    @property
    def bytes_in(self) -> int:
        """Of what is read for it."""

    def room(self, settings: Settings) -> int:
        """Bytes of scratch space."""

    def do(self, runtime: Runtime, runner: Runner, lease: Lease) -> Any:
        """All of the work; what it returns is for `finish`."""

    def finish(self, session: Session, made: Any, now: datetime, settings: Settings) -> bool:
        """Have what was made take effect. False: the order is no longer ours."""


@dataclass
class MakeClip:
    """A clip that was sent becomes playable, for the first time or again."""

    held: Claim
    since: datetime
    pieces: Sequence[Piece]
    bytes_out: int = field(default=0, init=False)
    film_s: float = field(default=0.0, init=False)

    @property
    def bytes_in(self) -> int:
        return sum(piece.size for piece in self.pieces)

    def room(self, settings: Settings) -> int:
        # What was sent may be copied once more, to be shown as it is.
        return 2 * self.bytes_in + settings.film_max_s * OUTPUT_BYTES_A_S

    def do(self, runtime: Runtime, runner: Runner, lease: Lease) -> Made:
        if not self.pieces and self.held.kind is Kind.AGAIN:
            raise Refused(reencoding.ORIGINAL_GONE)
        terms = SuitabilityLimits(runtime.settings.film_max_s)
        with Early(runtime, self.held) as early:
            attempt = Attempt(self.held, self.pieces, runtime.storage, terms, runner, lease, early)
            try:
                made = attempt.make()
            except UnavailableError as error:
                # What was sent does not come back, and the clip plays on as it is.
                if self.held.kind is Kind.AGAIN and error.code == source_file.INCOMPLETE:
                    raise Refused(reencoding.ORIGINAL_GONE) from error
                raise
        self.bytes_out, self.film_s = attempt.bytes_out, made.duration_ms / 1000
        return replace(made, ladder=ladder.VERSION)

    def finish(self, session: Session, made: Made, now: datetime, settings: Settings) -> bool:
        if self.held.kind is Kind.NEW:
            return lifecycle.finish_transcode(session, self.held, made, now)
        grace = timedelta(seconds=SIGNED_LONGER * settings.media_url_ttl_s)
        return lifecycle.finish_reencode(session, self.held, made, now, grace=grace)


@dataclass
class JoinFilm:
    """A film's clips become one file, for its owner."""

    held: Claim
    since: datetime
    reels: Sequence[concat.Reel]
    bytes_out: int = field(default=0, init=False)
    film_s: float = field(default=0.0, init=False)

    @property
    def bytes_in(self) -> int:
        return sum(reel.size for reel in self.reels)

    def room(self, settings: Settings) -> int:  # noqa: ARG002
        return 3 * self.bytes_in + MIB  # the clips, the file, and once more to put its index first

    def do(self, runtime: Runtime, runner: Runner, lease: Lease) -> int:
        if not self.reels:
            raise Refused("film_not_ready")
        self.bytes_out = concat.join(runtime.storage, self.held, self.reels, runner, lease)
        self.film_s = float(sum(reel.seconds for reel in self.reels))
        return self.bytes_out

    def finish(self, session: Session, made: int, now: datetime, settings: Settings) -> bool:  # noqa: ARG002
        return exports.finish(session, self.held, made, now)


def load(session: Session, held: Claim, now: datetime) -> Task:
    """What is to be done for the claim."""
    book = held.book
    since = session.scalar(select(book.since).where(book.subject == held.subject_id)) or now
    if held.kind is Kind.FILE:
        return JoinFilm(held, since, _reels(session, held))
    return MakeClip(held, since, pieces(session, held.clip_id))


def _reels(session: Session, held: Claim) -> Sequence[concat.Reel]:
    try:
        film = parts(queries.load_video(session, held.video_id), Version.WORKING)
        return concat.reels(exports.pictures(film), exports.sounds(film))
    except Refused:  # changed or gone since it was ordered
        return ()


def fail(session: Session, held: Claim, code: str, now: datetime) -> None:
    """The order cannot be done, for the reason the code names."""
    match held.kind:
        case Kind.NEW:
            lifecycle.fail_transcode(session, held, code, now)
        case Kind.AGAIN:
            reencoding.fail(session, held, code, now)
        case Kind.FILE:
            exports.fail(session, held, code, now)
