"""What the page of a film shows to its owner, gathered in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, selectinload

from cvtube.accounts.models import User
from cvtube.candidate.films import activity
from cvtube.candidate.films.activity import ActivityEntry
from cvtube.candidate.films.status_text import Words, words
from cvtube.errors import PROBLEMS, Refused
from cvtube.i18n import N_
from cvtube.videos import captions, exports, forecast, policy, queries, status
from cvtube.videos.caption_track import Wording
from cvtube.videos.decisions import Decision, decisions
from cvtube.videos.forecast import Forecast
from cvtube.videos.models import Asset, Chapter, Video, Visibility
from cvtube.videos.orders import OPEN, FilmFile
from cvtube.videos.status import MOVING, Situation
from cvtube.videos.timeline import Version, newest, parts, poster_part
from cvtube.videos.upload_sessions import UploadSession, unfinished

# While nobody sees it; what is online has no link then.
_SEEN_BY_NOBODY = frozenset({Situation.REFUSED, Situation.EXPIRED, Situation.ONLINE})
_NO_WORDS = N_("Please send another video.")


@dataclass(frozen=True)
class PartPage:
    """One chapter: how it stands, and what its owner must know to go on."""

    chapter: Chapter
    situation: Situation
    decision: Decision | None
    problem: str | None  # why it could not be used, a message id
    upload: UploadSession | None  # not all here yet


@dataclass(frozen=True)
class Progress:
    """The little that changes while one looks at the page."""

    situation: Situation
    percent: int | None
    version: str
    forecast: Forecast  # of its parts that are being prepared
    joining: bool = False  # its file is being made
    halted: bool = False  # no machine is fit to prepare it now

    @property
    def moving(self) -> bool:
        """Whether it will look different in a moment."""
        return self.situation in MOVING or self.joining


@dataclass(frozen=True)
class FilmPage:
    """The whole page."""

    video: Video
    progress: Progress
    parts: list[PartPage]
    activity: list[ActivityEntry]
    listed: bool  # the audience sees a cut of it, whatever is under way
    by_link: bool  # so does everybody who has its link
    approved: bool  # a cut of it goes online as soon as its owner wants it to
    publishable: bool
    playable: bool
    pictures: int  # of which one stands for it
    drafted: bool  # there are words that wait for their owner's yes
    file: FilmFile | None  # the film as one file
    one_shape: bool  # its parts can become one

    @property
    def seen(self) -> bool:
        """Whether others see a cut of it now."""
        return self.listed or self.by_link

    @property
    def waits(self) -> bool:
        """Whether nobody sees it yet, and those it is for will once moderators accept it."""
        return not self.seen and self.progress.situation not in _SEEN_BY_NOBODY

    @property
    def shared(self) -> bool:
        """Whether its owner is told whom it is for: it is seen, waits, or only lacks a link."""
        return self.seen or self.waits or self.progress.situation is Situation.ONLINE

    @property
    def hideable(self) -> bool:
        """Whether hiding it takes it from anybody: those who see it, or the moderators."""
        asked_again = self.progress.situation is Situation.NEEDS_CHANGES
        return self.seen or (
            self.video.visibility is not Visibility.DRAFT and self.waits and not asked_again
        )

    @property
    def words(self) -> Words:
        return words(self.video, self.progress.situation)


def progress_of(session: Session, video_id: str, owner: User, now: datetime) -> Progress:
    """The progress of a person's own film; asked every second, so it loads next to nothing.

    Raises:
        Refused: `not_found` if it is not theirs.
    """
    clips = selectinload(Video.chapters)
    video = session.scalar(
        queries.owned_by(owner)
        .where(Video.id == video_id)
        .options(clips.joinedload(Chapter.live_clip), clips.joinedload(Chapter.next_clip))
    )
    if video is None:
        raise Refused("not_found")
    return _progress(session, video, now)


def build(session: Session, video: Video, now: datetime) -> FilmPage:
    """The page of a film that is loaded whole."""
    shown = parts(video, Version.WORKING)
    return FilmPage(
        video=video,
        progress=_progress(session, video, now),
        parts=_parts(session, video, now),
        activity=activity.history(session, video.id),
        listed=policy.is_listed(video, now),
        by_link=policy.is_open_by_link(video, now),
        approved=policy.is_approved(video),
        publishable=status.may_be_published(video),
        playable=bool(parts(video, Version.WORKING, early=True)),
        pictures=sum(len(part.stills) for part in shown),
        drafted=_is_drafted(session, [part.clip.id for part in shown]),
        file=exports.of(session, video),
        one_shape=exports.is_possible(video),
    )


def _is_drafted(session: Session, clip_ids: Collection[str]) -> bool:
    tracks = captions.tracks_of(session, clip_ids).values()
    # Version 0: a machine gave up, and there is nothing to read.
    return any(track.version and track.state is Wording.DRAFT for track in tracks)


def _uploads(session: Session, video: Video, now: datetime) -> dict[str | None, UploadSession]:
    """What of the film has not all arrived yet, by clip."""
    return {
        upload.clip_id: upload
        for upload, video_id in unfinished(session, video.owner_id, now)
        if video_id == video.id
    }


def _progress(session: Session, video: Video, now: datetime) -> Progress:
    uploads = _uploads(session, video, now)
    state = status.of_film(video, now)
    sent = [(upload.received, upload.length) for upload in uploads.values() if upload.length]
    percent = status.progress(video)
    if sent:
        percent = 100 * sum(part for part, _ in sent) // sum(whole or 0 for _, whole in sent)
    halted = status.is_halted(video)
    told = forecast.of_film(session, video, now)
    file = session.get(FilmFile, video.id)
    beside = [upload.id for upload in uploads.values()]
    beside += [f"{part.minutes}{part.percent > 0}" for part in told.parts.values()]
    beside += [f"{told.others_first}{halted}", f"{file.state}{file.progress // 10}" if file else ""]
    version = status.version(video, state, beside)
    return Progress(state, percent, version, told, file is not None and file.state in OPEN, halted)


def _parts(session: Session, video: Video, now: datetime) -> list[PartPage]:
    uploads = _uploads(session, video, now)
    clips = [clip for chapter in video.chapters if (clip := newest(chapter))]
    said = decisions(session, [clip.id for clip in clips])
    pages = []
    for chapter in video.chapters:
        clip = newest(chapter)
        state = status.of_part(video, chapter, now)
        decided = state in {Situation.NEEDS_CHANGES, Situation.REFUSED}
        pages.append(
            PartPage(
                chapter=chapter,
                situation=state,
                decision=said.get(clip.id) if clip and decided else None,
                problem=_problem(clip.error_code) if clip else None,
                upload=uploads.get(clip.id) if clip else None,
            )
        )
    return pages


def _problem(code: str | None) -> str | None:
    if code is None:
        return None
    return PROBLEMS[code].sentence if code in PROBLEMS else _NO_WORDS


def poster(video: Video) -> Asset | None:
    """The picture that stands for the film on its owner's pages."""
    found = parts(video, Version.WORKING)
    if not found:
        return None
    return next(iter(poster_part(video, found).poster), None)
