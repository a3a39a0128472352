"""How a film stands: the one model of its pages, in the making, before it is sent and after.

`Outline` is told from a loaded film alone, for the list of its parts and what comes next;
`FilmPage` adds what only the page of the film shows, in a fixed number of queries.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.candidate.films import activity, part_text, status_text
from cvtube.candidate.films.activity import ActivityEntry
from cvtube.candidate.films.progress import FilmProgress, measure, uploads_of
from cvtube.candidate.films.status_text import StatusText
from cvtube.errors import PROBLEMS
from cvtube.i18n import N_
from cvtube.videos import captions, exports, forecast, policy, status
from cvtube.videos.caption_track import Wording
from cvtube.videos.decisions import Decision, decisions
from cvtube.videos.files import FilmFile
from cvtube.videos.forecast import Forecast, PartForecast
from cvtube.videos.models import Asset, Chapter, Clip, Stage, Video, Visibility
from cvtube.videos.status import Situation
from cvtube.videos.timeline import Version, newest, parts, poster_part
from cvtube.videos.upload_sessions import UploadSession

# While nobody sees it; what is online has no link then.
_SEEN_BY_NOBODY = frozenset(
    {Situation.REFUSED, Situation.PAUSED, Situation.EXPIRED, Situation.ONLINE}
)
_NO_WORDS = N_("Please send another video.")


class Step(enum.StrEnum):
    """What comes next."""

    REDO = "redo"
    FILM = "film"
    CHOOSE = "choose"
    WATCH = "watch"  # and then send
    WAIT = "wait"
    FOLLOW = "follow"  # it is sent: its page tells how it stands


# The parts that something is to be done about, the most urgent first.
URGENT = (
    (part_text.REDO, Step.REDO),
    (part_text.TO_CHOOSE, Step.CHOOSE),
    (part_text.TO_FILM, Step.FILM),
)


@dataclass(frozen=True)
class ChapterStatus:
    """One chapter: how it stands, and what its owner must know to go on."""

    chapter: Chapter
    situation: Situation
    text: StatusText  # in the list of parts
    forecast: PartForecast | None  # while it is being prepared
    decision: Decision | None  # a moderator's, who does not accept it as it is
    problem: str | None  # why it could not be used, a message id
    upload: UploadSession | None  # not all here yet

    @property
    def step(self) -> Step | None:
        """What is to be done about it."""
        return next((step for text, step in URGENT if text is self.text), None)

    @property
    def filmed(self) -> bool:
        return self.step is None

    @property
    def film_text(self) -> StatusText:
        """As it is said of a whole film."""
        return status_text.FILM[self.situation]


@dataclass(frozen=True)
class Outline:
    """A film with its parts, and the one thing to do next."""

    video: Video
    situation: Situation
    parts: list[ChapterStatus]
    forecast: Forecast  # of its parts that are being prepared

    @property
    def todo(self) -> list[ChapterStatus]:
        """What to redo, choose a take for or film, the most urgent first."""
        return [part for text, _ in URGENT for part in self.parts if part.text is text]

    @property
    def step(self) -> Step:
        sent = self.video.visibility is not Visibility.DRAFT
        for part in self.todo:
            return part.step or Step.WAIT
        if sent and self.situation is not Situation.EXPIRED:
            return Step.FOLLOW
        return Step.WATCH if self.publishable else Step.WAIT

    @property
    def done(self) -> int:
        return sum(part.filmed for part in self.parts)

    @property
    def moving(self) -> bool:
        """Whether the list of parts will look different in a moment."""
        return any(part.text in (part_text.SENDING, part_text.PREPARING) for part in self.parts)

    @property
    def publishable(self) -> bool:
        return status.may_be_published(self.video)

    @property
    def approved(self) -> bool:
        """Whether a cut of it goes online as soon as its owner wants it to."""
        return policy.is_approved(self.video)

    @property
    def text(self) -> StatusText:
        """How the whole film is told of."""
        return status_text.film_status_text(self.video, self.situation)


@dataclass(frozen=True)
class FilmPage(Outline):
    """The page of the film itself."""

    progress: FilmProgress
    activity: list[ActivityEntry]
    listed: bool  # the audience sees a cut of it, whatever is under way
    by_link: bool  # so does everybody who has its link
    playable: bool
    pictures: int  # of which one stands for it
    drafted: bool  # there are words that wait for their owner's yes
    file: FilmFile | None  # the film as one file
    one_shape: bool  # its parts can become one
    ending: bool  # its months are nearly over

    @property
    def seen(self) -> bool:
        """Whether others see a cut of it now."""
        return self.listed or self.by_link

    @property
    def waits(self) -> bool:
        """Whether nobody sees it yet, and those it is for will once moderators accept it."""
        return not self.seen and self.situation not in _SEEN_BY_NOBODY

    @property
    def shared(self) -> bool:
        """Whether its owner is told whom it is for: it is seen, waits, or only lacks a link."""
        return self.seen or self.waits or self.situation is Situation.ONLINE

    @property
    def hideable(self) -> bool:
        """Whether hiding it takes it from anybody: those who see it, or the moderators."""
        sent = self.video.visibility is not Visibility.DRAFT
        asked_again = self.situation is Situation.NEEDS_CHANGES
        return self.seen or (sent and self.waits and not asked_again)


def outline(session: Session, video: Video, now: datetime) -> Outline:
    """A film that is loaded whole, with its parts."""
    uploads = uploads_of(session, video, now)
    expected = forecast.forecast_film(session, video, now)
    found = _parts(session, video, uploads, expected, now)
    return Outline(video, status.of_film(video, now), found, expected)


def build(session: Session, video: Video, now: datetime) -> FilmPage:
    """The page of a film that is loaded whole."""
    uploads = uploads_of(session, video, now)
    progress = measure(session, video, uploads, now)
    shown = parts(video, Version.WORKING)
    return FilmPage(
        video=video,
        situation=progress.situation,
        parts=_parts(session, video, uploads, progress.forecast, now),
        forecast=progress.forecast,
        progress=progress,
        activity=activity.history(session, video.id),
        listed=policy.is_listed(video, now),
        by_link=policy.is_open_by_link(video, now),
        playable=bool(parts(video, Version.WORKING, early=True)),
        pictures=sum(len(part.stills) for part in shown),
        drafted=_is_drafted(session, [part.clip.id for part in shown]),
        file=exports.current_export(session, video),
        one_shape=exports.is_possible(video),
        ending=policy.is_ending(video, now),
    )


def poster(video: Video) -> Asset | None:
    """The picture that stands for the film on its owner's pages."""
    found = parts(video, Version.WORKING)
    if not found:
        return None
    return next(iter(poster_part(video, found).poster), None)


def _is_drafted(session: Session, clip_ids: Collection[str]) -> bool:
    tracks = captions.tracks_of(session, clip_ids).values()
    # Version 0: a machine gave up, and there is nothing to read.
    return any(track.version and track.state is Wording.DRAFT for track in tracks)


def _parts(
    session: Session,
    video: Video,
    uploads: Mapping[str | None, UploadSession],
    expected: Forecast,
    now: datetime,
) -> list[ChapterStatus]:
    clips = [clip for chapter in video.chapters if (clip := newest(chapter))]
    decided = decisions(session, [clip.id for clip in clips])
    with_takes = _with_takes(session, video)
    found = []
    for chapter in video.chapters:
        clip, state = newest(chapter), status.of_part(video, chapter, now)
        refused = state in {Situation.NEEDS_CHANGES, Situation.REFUSED}
        found.append(
            ChapterStatus(
                chapter=chapter,
                situation=state,
                text=part_text.part_status_text(state, takes=chapter.id in with_takes),
                forecast=expected.parts.get(chapter.id),
                decision=decided.get(clip.id) if clip and refused else None,
                problem=_problem(clip.error_code) if clip else None,
                upload=uploads.get(clip.id) if clip else None,
            )
        )
    return found


def _with_takes(session: Session, video: Video) -> set[str]:
    """The chapters that keep recordings nobody has chosen yet."""
    kept = select(Clip.chapter_id).where(Clip.video_id == video.id, Clip.stage == Stage.KEPT)
    return {str(chapter_id) for chapter_id in session.scalars(kept.distinct())}


def _problem(code: str | None) -> str | None:
    if code is None:
        return None
    return PROBLEMS[code].sentence if code in PROBLEMS else _NO_WORDS
