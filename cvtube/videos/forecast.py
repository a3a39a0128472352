"""When the parts of a film that are being prepared will be ready, as the last clips were.

A figure for people who wait, not a promise: minutes, and none where nothing was measured.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from cvtube.jobs import scheduling
from cvtube.jobs.kinds import TRANSCODE, of_queue
from cvtube.jobs.scheduling import QueuePosition
from cvtube.queue.names import Queue
from cvtube.videos import status
from cvtube.videos.models import Clip, Stage, Video
from cvtube.videos.status import PREPARED_NEXT
from cvtube.videos.timeline import newest

WORTH_TELLING_S = 30  # less is over before it is read
# From this percentage on, what the clip itself has taken so far tells more than the others' mean.
TELLING = 20
LEAST_LEFT = 0.1  # of the mean, for a clip that takes longer than others did


@dataclass(frozen=True)
class PartForecast:
    """One part that is being prepared."""

    percent: int
    seconds: float | None  # until it is ready; None: nothing was measured

    @property
    def minutes(self) -> int | None:
        return in_minutes(self.seconds)


@dataclass(frozen=True)
class Forecast:
    """All parts of a film that are being prepared, by chapter; nothing where there is none."""

    parts: Mapping[str, PartForecast] = field(default_factory=dict)
    others_first: bool = False  # somebody else's film is prepared before one of them

    @property
    def minutes(self) -> int | None:
        """Until the last of them is ready."""
        known = [part.seconds for part in self.parts.values() if part.seconds is not None]
        return in_minutes(max(known)) if known and len(known) == len(self.parts) else None


def in_minutes(seconds: float | None) -> int | None:
    """As people are told; None: unknown, or not worth telling."""
    return None if seconds is None or seconds < WORTH_TELLING_S else math.ceil(seconds / 60)


def forecast_film(session: Session, video: Video, now: datetime) -> Forecast:
    """The film's forecast (chapters and clips must be loaded)."""
    clips = {
        chapter.id: clip
        for chapter in video.chapters
        if (clip := newest(chapter)) and clip.stage in PREPARED_NEXT
    }
    if not clips:
        return Forecast()
    if status.is_halted(video):
        return Forecast({id_: PartForecast(clip.progress, None) for id_, clip in clips.items()})
    pace = _pace(session, clips.values(), now)
    parts = {id_: PartForecast(clip.progress, pace.left(clip)) for id_, clip in clips.items()}
    return Forecast(parts, pace.others_first)


@dataclass(frozen=True)
class _Pace:
    """How fast clips are made at present, and where those that wait stand."""

    now: datetime
    took: float  # seconds a clip, lately; 0: nothing was measured
    at_work: int
    places: Mapping[str, QueuePosition]

    def left(self, clip: Clip) -> float | None:
        """Seconds until it is ready."""
        if clip.stage is Stage.UPLOADED:
            return self._until_begun(clip) + self.took if self.took else None
        begun = clip.job.started_at if clip.job else None
        so_far = (self.now - begun).total_seconds() if begun else 0.0
        if clip.progress >= TELLING:
            return so_far * (100 - clip.progress) / clip.progress
        return max(self.took - so_far, LEAST_LEFT * self.took) if self.took else None

    def _until_begun(self, clip: Clip) -> float:
        place = self.places.get(clip.id)
        if place is not None:
            return scheduling.seconds_at(place.ahead, self.took, self.at_work)
        # It is tried again a little later, and has no place until then.
        due = clip.job.not_before if clip.job else None
        return (due - self.now).total_seconds() if due else 0.0

    @property
    def others_first(self) -> bool:
        return any(place.others_first for place in self.places.values())


def _pace(session: Session, clips: Iterable[Clip], now: datetime) -> _Pace:
    took = scheduling.took_lately(session, TRANSCODE)
    waiting = [clip.id for clip in clips if clip.stage is Stage.UPLOADED]
    if not waiting:
        return _Pace(now, took, 0, {})
    places = scheduling.places(session, TRANSCODE, waiting, now)
    hands = scheduling.at_work(session, of_queue(Queue.TRANSCODE), now)
    return _Pace(now, took, hands, places)
