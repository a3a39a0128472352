"""The jobs that need ffmpeg: a clip made playable, made again, and a film as one file."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.errors import Refused
from cvtube.jobs import usage
from cvtube.jobs.errors import LeaseLost, UnavailableError
from cvtube.jobs.handler import LOST, Handler
from cvtube.jobs.heartbeat import Heartbeat
from cvtube.jobs.leases import Claim
from cvtube.jobs.scheduling import Terms
from cvtube.jobs.usage import Cost, Machine
from cvtube.runtime import Runtime
from cvtube.sandbox import workdir
from cvtube.settings import MIB, Settings, SettingsError
from cvtube.storage.contract import StorageError
from cvtube.toolchain import preflight
from cvtube.toolchain.preflight import NO_SANDBOX, Equipment, Unsafe
from cvtube.toolchain.runner import Runner
from cvtube.transcode import concat, self_test, transfer
from cvtube.transcode.analyze.suitability import SuitabilityLimits
from cvtube.transcode.attempt import Attempt
from cvtube.transcode.live_preview import Early
from cvtube.transcode.plan import ladder
from cvtube.videos import exports, lifecycle, queries, reencoding
from cvtube.videos.files import SupersededObject
from cvtube.videos.lifecycle import Made
from cvtube.videos.lifecycle.clips import GAVE_UP
from cvtube.videos.models import Asset, Clip
from cvtube.videos.originals import Piece, pieces
from cvtube.videos.timeline import Version, parts

log = logging.getLogger(__name__)

# What an attempt may write, at most, for each second of the longest film: all renditions at
# their highest rates, and room for pictures.
OUTPUT_BYTES_A_S = 2 * MIB
# An address that was signed just now lives at most this many times as long as asked.
SIGNED_LONGER = 1.5


class FilmJob(Handler):
    """A job for a machine that can run ffmpeg in its sandbox. What it costs is written down."""

    gave_up = GAVE_UP
    bytes_in = 0  # of what is read for it
    bytes_out = 0
    film_s = 0.0  # of what was made

    def __init__(self, held: Claim) -> None:
        super().__init__(held)
        self._runner: Runner | None = None
        self._started: float | None = None  # time.monotonic()

    def load(self, session: Session) -> None:
        """What is needed for it, from the rows; raises LeaseLost where they are gone."""
        raise NotImplementedError

    def room(self, settings: Settings) -> int:
        """Bytes of scratch space."""
        raise NotImplementedError

    def make(self, runtime: Runtime, runner: Runner, heartbeat: Heartbeat) -> Any:
        """All of the work."""
        raise NotImplementedError

    def run(self, runtime: Runtime, heartbeat: Heartbeat) -> Any:
        with runtime.reading() as session:
            self.load(session)
        try:
            fit = _equipped(runtime.settings)
        except Unsafe as error:
            # Nothing of the film is opened. It waits, and a run says why: staff see it.
            log.error("%s", error)  # noqa: TRY400 (a sentence)
            self._begin_run(runtime, error.equipment)
            raise UnavailableError(NO_SANDBOX) from error
        self._begin_run(runtime, fit)
        settings = runtime.settings
        with workdir.folder(settings.home / "scratch", self.room(settings)) as folder:
            self._runner = Runner(fit.tools, fit.sandbox.shuts_in, folder, is_wanted=heartbeat.keep)
            return self.make(runtime, self._runner, heartbeat)

    def _begin_run(self, runtime: Runtime, fit: Equipment) -> None:
        self._started = time.monotonic()
        machine = Machine(fit.tools.ffmpeg.version, fit.sandbox.level.value)
        with runtime.transaction() as session:
            usage.begin(session, self.held, machine, self.bytes_in, runtime.now())

    def ended(self, session: Session, outcome: str, now: datetime) -> None:
        if self._started is None:
            if outcome == LOST:
                usage.end_lost(session, self.held, now)
            return
        runner, held = self._runner, self.held
        cost = Cost(
            cpu_s=runner.cpu_s if runner else 0.0,
            wall_s=time.monotonic() - self._started,
            peak_bytes=runner.peak_bytes if runner else 0,
            bytes_in=self.bytes_in,
            bytes_out=self.bytes_out,
            film_s=self.film_s,
        )
        usage.end(session, held, outcome, cost, now)
        log.info(
            "%s %s, attempt %d: %s after %.1f s (%.1f CPU s)",
            held.kind.name, held.target_id, held.attempt, outcome, cost.wall_s, cost.cpu_s,
        )  # fmt: skip


class ClipJob(FilmJob):
    """A clip that was sent is encoded."""

    pieces: Sequence[Piece] = ()
    trim: tuple[float, float | None] = (0.0, None)

    def load(self, session: Session) -> None:
        clip_id = self.held.target_id
        columns = select(Clip.trim_start_ms, Clip.trim_end_ms).where(Clip.id == clip_id)
        trim = session.execute(columns).first()
        if trim is None:
            raise LeaseLost
        start, end = trim
        self.trim = (start / 1000, None if end is None else end / 1000)
        self.pieces = pieces(session, clip_id)
        self.bytes_in = sum(piece.size for piece in self.pieces)

    def room(self, settings: Settings) -> int:
        # What was sent may be copied once more, to be shown as it is.
        return 2 * self.bytes_in + settings.film_max_s * OUTPUT_BYTES_A_S

    def encode(
        self, runtime: Runtime, runner: Runner, heartbeat: Heartbeat, early: Early | None
    ) -> Made:
        terms = SuitabilityLimits(runtime.settings.film_max_s)
        attempt = Attempt(
            self.held, self.pieces, self.trim, runtime.storage, terms, runner, heartbeat, early
        )
        made = attempt.make()
        self.bytes_out, self.film_s = attempt.bytes_out, made.duration_ms / 1000
        return replace(made, ladder=ladder.VERSION)

    def clean_up(self, runtime: Runtime) -> None:
        """Where that fails now, the next attempt does it."""
        clip_id = self.held.target_id
        with runtime.reading() as session:
            shown = {
                *session.scalars(select(Asset.key).where(Asset.clip_id == clip_id)),
                *session.scalars(
                    select(SupersededObject.key).where(SupersededObject.clip_id == clip_id)
                ),
            }
        try:
            transfer.remove_outputs(runtime.storage, self.held, shown=shown)
        except StorageError as error:
            log.warning("outputs of clip %s stay for now: %s", clip_id, error)


class Transcode(ClipJob):
    """A clip that nobody could watch yet becomes playable."""

    def begin(self, session: Session, now: datetime) -> bool:  # noqa: ARG002
        return lifecycle.begin_transcode(session, self.held)

    def put_back(self, session: Session) -> None:
        lifecycle.put_back_transcode(session, self.held)

    def make(self, runtime: Runtime, runner: Runner, heartbeat: Heartbeat) -> Made:
        with Early(runtime, self.held) as early:
            return self.encode(runtime, runner, heartbeat, early)

    def finish(self, session: Session, made: Made, now: datetime, settings: Settings) -> bool:  # noqa: ARG002
        return lifecycle.finish_transcode(session, self.held, made, now)

    def fail(self, session: Session, code: str, now: datetime) -> bool:
        return lifecycle.fail_transcode(session, self.held, code, now)


class Reencode(ClipJob):
    """A clip that plays already is made by a newer ladder. Nobody looks on: it can wait."""

    patience = None

    @classmethod
    def terms(cls, settings: Settings) -> Terms:
        return replace(super().terms(settings), at_once=settings.reencodes_at_once)

    def begin(self, session: Session, now: datetime) -> bool:  # noqa: ARG002
        return reencoding.is_worth_it(session, self.held)

    def make(self, runtime: Runtime, runner: Runner, heartbeat: Heartbeat) -> Made:
        if not self.pieces:
            raise Refused(reencoding.ORIGINAL_GONE)
        try:
            return self.encode(runtime, runner, heartbeat, None)
        except UnavailableError as error:
            # What was sent does not come back, and the clip plays on as it is.
            if error.code == transfer.INCOMPLETE:
                raise Refused(reencoding.ORIGINAL_GONE) from error
            raise

    def finish(self, session: Session, made: Made, now: datetime, settings: Settings) -> bool:
        grace = timedelta(seconds=SIGNED_LONGER * settings.media_url_ttl_s)
        return lifecycle.finish_reencode(session, self.held, made, now, grace=grace)

    def fail(self, session: Session, code: str, now: datetime) -> bool:
        return reencoding.fail(session, self.held, code, now)


class Export(FilmJob):
    """A film's clips become one file, for its owner."""

    clips: Sequence[concat.ClipStreams] = ()

    def load(self, session: Session) -> None:
        try:
            film = parts(queries.load_video(session, self.held.video_id), Version.WORKING)
            self.clips = concat.clip_streams(exports.pictures(film), exports.sounds(film))
        except Refused:  # changed or gone since it was ordered
            self.clips = ()
        self.bytes_in = sum(clip.size for clip in self.clips)

    def begin(self, session: Session, now: datetime) -> bool:  # noqa: ARG002
        return exports.start_export(session, self.held)

    def room(self, settings: Settings) -> int:  # noqa: ARG002
        return 3 * self.bytes_in + MIB  # the clips, the file, and once more to put its index first

    def make(self, runtime: Runtime, runner: Runner, heartbeat: Heartbeat) -> int:
        if not self.clips:
            raise Refused("film_not_ready")
        self.bytes_out = concat.export_film(
            runtime.storage, self.held, self.clips, runner, heartbeat
        )
        self.film_s = float(sum(clip.seconds for clip in self.clips))
        return self.bytes_out

    def finish(self, session: Session, made: int, now: datetime, settings: Settings) -> bool:  # noqa: ARG002
        return exports.finish_export(session, self.held, made, now)


def _equipped(settings: Settings) -> Equipment:
    try:
        return preflight.check_equipment(settings, self_test.run)
    except Unsafe:
        raise
    except SettingsError as error:
        log.error("no film can be made on this machine: %s", error)  # noqa: TRY400 (a sentence)
        raise UnavailableError("not_equipped") from error
