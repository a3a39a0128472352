"""One attempt at one clip: from what was sent to what can be played."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from cvtube.errors import Refused
from cvtube.jobs.errors import RetryOnceError, UnavailableError
from cvtube.jobs.heartbeat import Heartbeat
from cvtube.jobs.leases import Claim
from cvtube.sandbox import workdir
from cvtube.sandbox.process import MIB, Budget, Ended
from cvtube.storage.contract import Storage
from cvtube.toolchain.inputs import Source
from cvtube.toolchain.progress import EncodingProgress
from cvtube.toolchain.runner import Runner
from cvtube.transcode import transfer
from cvtube.transcode.analyze import loudness, probe, suitability
from cvtube.transcode.analyze.checks import Checks
from cvtube.transcode.analyze.suitability import SuitabilityLimits
from cvtube.transcode.ffmpeg import encode
from cvtube.transcode.live_preview import Early, shown_early
from cvtube.transcode.package import h264, hls, images, verify
from cvtube.transcode.package.hls import PackageError, Track
from cvtube.transcode.package.images import Still
from cvtube.transcode.plan import ladder, stream_copy
from cvtube.transcode.plan.ladder import Plan, Rendition
from cvtube.videos import keys
from cvtube.videos.lifecycle import Made
from cvtube.videos.models import Asset, AssetKind
from cvtube.videos.originals import Piece

log = logging.getLogger(__name__)

# Percent of the work that is done when each step is: where the time goes, roughly.
JOINED, ANALYZED, ENCODED, STORED = 3, 6, 92, 99

# Times the bit rate the encoders are held to, for the largest file they may write. SVT-AV1 goes a
# fifth beyond it on busy pictures; this is the end of a file that runs away, not of a noisy one.
SAFETY = 3
HD30 = 1920 * 1080 * 30  # pixels a second: a phone's usual film


@dataclass(frozen=True)
class Copied:
    """What was sent, as a rendition in `made`, beside the sound."""

    picture: Rendition
    stays: bool  # as one of the clip's


@dataclass
class Attempt:
    """What one attempt works with."""

    held: Claim
    pieces: Sequence[Piece]
    # What of the recording is wanted: seconds from its beginning; None: up to its end.
    trim: tuple[float, float | None]
    storage: Storage
    terms: SuitabilityLimits
    runner: Runner
    heartbeat: Heartbeat
    early: Early | None  # shows its beginning while the rest is made; None: nobody waits
    checks: Checks = field(default_factory=Checks, init=False)
    bytes_out: int = field(default=0, init=False)

    def make(self) -> Made:
        """Everything, up to objects in the storage and rows for them.

        Raises:
            Refused: the film's own fault. LeaseLost, JobError, StorageError: not.
        """
        path = self.runner.folder / "original"
        transfer.fetch_original(self.storage, self.pieces, path, self.heartbeat.hold)
        self.heartbeat.progress = JOINED
        film = replace(probe.examine(self.runner, path), trim=self.trim)
        suitability.check(film, self.terms)
        source = Source(path, film.container, deep=film.deep)
        heard = loudness.choose_sound(self.runner, source, film, self.checks)
        plan = ladder.plan(film, *heard, av1=self.runner.tools.ffmpeg.makes_av1)
        self.heartbeat.progress = ANALYZED
        copied = self._copy(source, plan)
        self._encode(source, plan, copied)
        self.heartbeat.progress = ENCODED
        try:
            tracks, stills = self._collect(plan)
            return self._store(plan, tracks, stills)
        except PackageError as error:
            # ffmpeg's HLS muxer goes on, and ends well, when it can write no more.
            if workdir.is_full(self.runner.folder):
                raise UnavailableError("disk_full") from error
            log.warning("clip %s, attempt %d: %s", self.held.target_id, self.held.attempt, error)
            raise RetryOnceError("output_wrong") from error

    def _copy(self, source: Source, plan: Plan) -> Copied | None:
        """Show what was sent as it is, where that is safe, and with the sound as it will be."""
        if not stream_copy.safe(plan):
            return None
        picture = stream_copy.as_rendition(plan)
        command = encode.copy(self.runner.tools.ffmpeg, source, plan, picture.name)
        room = source.path.stat().st_size + 16 * MIB
        terms = budget(plan)
        terms = replace(terms, file_bytes=room, folder_bytes=room + terms.folder_bytes)
        ended = self.runner.make(command, source.path, terms)
        try:
            track = hls.read_track(self.runner.made, picture.name)
            for made in (track, hls.read_track(self.runner.made, "audio")):
                verify.lasts(plan, made)
        except PackageError:
            return None
        if not ended.well or not h264.copies_well(track.path):
            return None
        if self.early:
            self.early.update(self.runner.made, picture, plan.rate)
            self.early.settle(self.heartbeat.hold)
        return Copied(picture, stays=stream_copy.fits(plan, picture, track))

    def _encode(self, source: Source, plan: Plan, copied: Copied | None) -> None:
        kept = copied.picture if copied and copied.stays else None
        others = tuple(r for r in plan.renditions if r != kept)
        # A copy is not decoded: what is made beside it tells whether it can be.
        ended = self._run(source, replace(plan, renditions=others or plan.renditions), copied)
        if kept and others and stream_copy.is_damaged(ended.errors):
            self._run(source, replace(plan, renditions=(kept,)), copied)

    def _run(self, source: Source, plan: Plan, copied: Copied | None) -> Ended:
        def tell(done: float) -> None:
            self.heartbeat.progress = round(ANALYZED + done * (ENCODED - ANALYZED))

        def on_line(line: str) -> bool:
            self.checks.add_line(line)
            if line == "progress=continue" and copied is None and self.early:
                self.early.update(self.runner.made, shown_early(plan), plan.rate)
            return progress.add_line(line)

        self.checks.begin_picture()
        progress = EncodingProgress(float(plan.seconds), tell)
        command = encode.encode(self.runner.tools.ffmpeg, source, plan, sound=copied is None)
        ended = self.runner.make(command, source.path, budget(plan), on_line)
        # Some versions end well although not one picture could be decoded.
        if not ended.well or progress.frames == 0:
            self._blame(source, plan)
        return ended

    def _blame(self, source: Source, plan: Plan) -> NoReturn:
        """Whose fault it is that nothing was encoded: the film's only if it cannot be decoded."""
        progress = EncodingProgress(float(plan.seconds), lambda _done: None)
        command = encode.decode(self.runner.tools.ffmpeg, source, plan)
        ended = self.runner.examine(command, source.path, budget(plan), progress.add_line)
        if ended.errors.strip() or not ended.well or progress.frames == 0:
            raise Refused("film_broken")
        log.warning("clip %s: a film that can be decoded was not encoded", self.held.target_id)
        raise RetryOnceError("encoder_failed")

    def _collect(self, plan: Plan) -> tuple[list[Track], list[Still]]:
        """What is in `made`, checked."""
        renditions = [hls.read_track(self.runner.made, r.name) for r in plan.renditions]
        sound = hls.read_track(self.runner.made, "audio")
        verify.tracks(plan, renditions, sound)
        peaks = {t.name: hls.peak_bandwidth(t.segments) / 1000 for t in renditions}
        needless = ladder.needless(plan.renditions, peaks)
        kept = [t for t in renditions if t.name != needless]
        return [*kept, sound], images.make_images(self.runner, plan)

    def _store(self, plan: Plan, tracks: list[Track], stills: list[Still]) -> Made:
        files = {
            self._key(path): path for path in [t.path for t in tracks] + [s.path for s in stills]
        }
        objects = transfer.put_all(self.storage, files, self.heartbeat.hold)
        self.heartbeat.progress = STORED
        verify.stored(self.storage, objects)
        self.bytes_out = sum(stored.size for stored in objects)
        best = plan.renditions[0]
        assets = [self._track_asset(plan, track) for track in tracks]
        assets += [self._still_asset(still) for still in stills]
        return Made(round(1000 * plan.seconds), best.width, best.height, assets)

    def _track_asset(self, plan: Plan, track: Track) -> Asset:
        seen = track.entry.width > 0
        more: dict[str, Any] = {"frame_rate": round(float(plan.rate), 3)}
        if not seen:
            more = {"checks": self.checks.facts(float(plan.seconds))}
        return Asset(
            key=self._key(track.path),
            clip_id=self.held.target_id,
            kind=AssetKind.RENDITION if seen else AssetKind.AUDIO,
            name=track.name,
            size=track.size,
            width=track.entry.width or None,
            height=track.entry.height or None,
            facts=track.facts() | more,
        )

    def _still_asset(self, still: Still) -> Asset:
        return Asset(
            key=self._key(still.path),
            clip_id=self.held.target_id,
            kind=still.kind,
            name=still.name,
            size=still.path.stat().st_size,
            width=still.size[0],
            height=still.size[1],
            facts=still.facts,
        )

    def _key(self, path: Path) -> str:
        return keys.output(self.held.video_id, self.held.target_id, self.held.attempt, path.name)


def budget(plan: Plan) -> Budget:
    """Many times what such a film should cost, and still an end to it.

    A minute of 1080p costs some 100 CPU seconds; 4K at 60 frames four times that. What its owner
    has cut off at its beginning is decoded too, and nothing is heard of the encoders meanwhile.
    """
    picture, cut_off = plan.film.picture, plan.film.trim[0]
    made_s = float(plan.seconds)
    seconds = cut_off + made_s
    pixels = picture.width * picture.height / max(picture.span.gap, 1 / suitability.FASTEST)
    cpu_s = 120 + seconds * (20 + 5 * pixels / HD30)
    rates = [rendition.rung.max_kbps for rendition in plan.renditions]
    return Budget(
        cpu_s=round(cpu_s),
        wall_s=600 + 2 * cpu_s,
        silence_s=60 + 10 * cut_off,
        file_bytes=room_for(made_s, max(rates)),
        folder_bytes=room_for(made_s, sum(rates)),
        output_bytes=16 * MIB,
    )


def room_for(seconds: float, kbps: float) -> int:
    """Bytes for so long at such a rate, which no honest encoder fills."""
    return round(16 * MIB + SAFETY * seconds * kbps * 1000 / 8)
