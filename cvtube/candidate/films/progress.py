"""The little of a film that changes while its owner looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, selectinload

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.videos import exports, forecast, queries, status
from cvtube.videos.forecast import Forecast
from cvtube.videos.models import Chapter, Clip, Video
from cvtube.videos.status import MOVING, Situation
from cvtube.videos.upload_sessions import UploadSession, unfinished


@dataclass(frozen=True)
class FilmProgress:
    """How far it is."""

    situation: Situation
    percent: int | None
    version: str  # another one, another page
    forecast: Forecast  # of its parts that are being prepared
    joining: bool = False  # its file is being made
    halted: bool = False  # no machine is fit to prepare it now

    @property
    def moving(self) -> bool:
        """Whether it will look different in a moment."""
        return self.situation in MOVING or self.joining


def progress_of(session: Session, video_id: str, owner: User, now: datetime) -> FilmProgress:
    """The progress of a person's own film; asked every second, so it loads next to nothing.

    Raises:
        Refused: `not_found` if it is not theirs.
    """
    clips = selectinload(Video.chapters)
    video = session.scalar(
        queries.owned_by(owner)
        .where(Video.id == video_id)
        .options(
            clips.joinedload(Chapter.live_clip).joinedload(Clip.job),
            clips.joinedload(Chapter.next_clip).joinedload(Clip.job),
        )
    )
    if video is None:
        raise Refused("not_found")
    return measure(session, video, uploads_of(session, video, now), now)


def uploads_of(session: Session, video: Video, now: datetime) -> dict[str | None, UploadSession]:
    """What of the film has not all arrived yet, by clip."""
    return {
        upload.clip_id: upload
        for upload, video_id in unfinished(session, video.owner_id, now)
        if video_id == video.id
    }


def measure(
    session: Session, video: Video, uploads: dict[str | None, UploadSession], now: datetime
) -> FilmProgress:
    """The progress of a film whose clips are loaded."""
    state = status.of_film(video, now)
    sent = [(upload.received, upload.length) for upload in uploads.values() if upload.length]
    percent = status.progress(video)
    if sent:
        percent = 100 * sum(part for part, _ in sent) // sum(whole or 0 for _, whole in sent)
    halted = status.is_halted(video)
    expected = forecast.forecast_film(session, video, now)
    file = exports.with_job(session, video.id)
    beside = [upload.id for upload in uploads.values()]
    beside += [f"{part.minutes}{part.percent > 0}" for part in expected.parts.values()]
    beside.append(f"{expected.others_first}{halted}")
    beside.append(f"{file.job.state}{file.job.progress // 10}" if file and file.job else "")
    version = status.version(video, state, beside)
    return FilmProgress(state, percent, version, expected, exports.is_under_way(file), halted)
