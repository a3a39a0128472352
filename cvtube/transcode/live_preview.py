"""A clip's first seconds, for its owner, while the encoder still works on the rest.

There is no second decode for it: the one process writes its playlists as it goes, and what is
finished of one small rendition and of the sound is stored, piece by piece, beside what the
attempt will store in the end. An object cannot grow, so each piece is one of its own.

It is a courtesy. Where it fails the clip gets ready all the same, and the owner waits.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

from sqlalchemy.exc import SQLAlchemyError

from cvtube.jobs.leases import Claim
from cvtube.runtime import Runtime
from cvtube.storage.contract import StorageError
from cvtube.transcode.package import hls
from cvtube.transcode.package.hls import PackageError, Track
from cvtube.transcode.plan.ladder import Plan, Rendition
from cvtube.videos import keys, preview
from cvtube.videos.models import Asset, AssetKind

log = logging.getLogger(__name__)

TICK_S = 1.0
LARGEST = 480  # the rendition that is shown early: sharp enough to judge a take by
SOUND = "audio"


@dataclass
class _Shown:
    """What of one track is stored."""

    init: str = ""  # key
    segments: list[tuple[float, str]] = field(default_factory=list)  # seconds, key
    size: int = 0


class Early:
    """Follows one attempt. Nothing is stored or shown any more once it is closed."""

    def __init__(self, runtime: Runtime, held: Claim) -> None:
        self._runtime = runtime
        self._held = held
        # A storage that does not answer must hold up neither the encoder nor the lease.
        self._thread = ThreadPoolExecutor(1)
        self._going_on: Future[None] | None = None
        self._given_up = False
        self._shown: dict[str, _Shown] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._given_up = True
        self._thread.shutdown()

    def update(self, folder: Path, picture: Rendition, rate: Fraction) -> None:
        """Show what is new of this rendition and the sound, unless that is going on already."""
        if self._given_up or (self._going_on and not self._going_on.done()):
            return
        self._going_on = self._thread.submit(self._show, folder, picture, rate)

    def settle(self, hold: Callable[[], None]) -> None:
        """Wait until what was found is shown, calling `hold` every second."""
        while self._going_on and not wait([self._going_on], TICK_S).done:
            hold()

    def _show(self, folder: Path, picture: Rendition, rate: Fraction) -> None:
        tracks = [hls.read_growing(folder, name) for name in (picture.name, SOUND)]
        if None in tracks or not self._is_news(tracks):
            return
        try:
            assets = [self._asset(track, picture, rate) for track in tracks if track]
            early_ms = round(1000 * min(track.seconds for track in tracks if track))
            with self._runtime.transaction() as session:
                self._given_up |= not preview.publish_preview(session, self._held, early_ms, assets)
        except (StorageError, SQLAlchemyError, PackageError, OSError) as error:
            self._given_up = True
            log.warning(
                "clip %s is not shown early: %s", self._held.target_id, type(error).__name__
            )

    def _is_news(self, tracks: list[Track | None]) -> bool:
        known = (self._shown.get(track.name, _Shown()) for track in tracks if track)
        return any(
            len(track.segments) > len(shown.segments)
            for track, shown in zip(tracks, known, strict=True)
            if track
        )

    def _asset(self, track: Track, picture: Rendition, rate: Fraction) -> Asset:
        shown = self._shown.setdefault(track.name, _Shown())
        if not shown.init:
            shown.init = self._store(track, 0, *track.init)
        for number, (seconds, offset, size) in enumerate(track.segments, start=1):
            if number > len(shown.segments):
                shown.segments.append((seconds, self._store(track, number, offset, size)))
        facts: dict[str, Any] = {**track.facts(), "init": shown.init}
        facts["segments"] = [list(segment) for segment in shown.segments]
        seen = track.name == picture.name
        if seen:
            facts["frame_rate"] = round(float(rate), 3)
        return Asset(
            key=shown.segments[-1][1],
            clip_id=self._held.target_id,
            kind=AssetKind.EARLY,
            name=track.name,
            size=shown.size,
            width=picture.width if seen else None,
            height=picture.height if seen else None,
            facts=facts,
        )

    def _store(self, track: Track, number: int, offset: int, size: int) -> str:
        with track.path.open("rb") as file:
            file.seek(offset)
            piece = file.read(size)
        if len(piece) != size:
            raise PackageError(f"{track.name} is shorter than its playlist says")
        name = f"early-{track.name}-{number:04}.mp4"
        key = keys.output(self._held.video_id, self._held.target_id, self._held.attempt, name)
        self._runtime.storage.put(key, io.BytesIO(piece))
        self._shown[track.name].size += size
        return key


def shown_early(plan: Plan) -> Rendition:
    """The rendition that is shown before the others are there."""
    return next(r for r in plan.plain if r.rung.side <= LARGEST)
