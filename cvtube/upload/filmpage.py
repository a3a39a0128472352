"""What the page of a film shows to its owner, gathered in a fixed number of queries."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session, selectinload

from cvtube.accounts.models import User
from cvtube.errors import PROBLEMS, Refused
from cvtube.i18n import N_
from cvtube.upload import story
from cvtube.upload.models import UploadSession
from cvtube.upload.sessions import unfinished
from cvtube.upload.story import Told
from cvtube.videos import captions, film_files, policy, queries, situation, turns
from cvtube.videos.caption_track import Wording
from cvtube.videos.cuts import Cut, newest, parts, poster_part
from cvtube.videos.decisions import Decision, decisions
from cvtube.videos.models import Asset, Chapter, Video, Visibility
from cvtube.videos.orders import OPEN, FilmFile
from cvtube.videos.situation import MOVING, Situation


class Words(NamedTuple):
    """How a situation is told: a picture, a few words for a list, a sentence, what comes next."""

    icon: str
    tone: str
    badge: str
    headline: str
    detail: str


WORDS = {
    Situation.SENDING: Words(
        "send", "", N_("Not fully sent"), N_("We do not have all of your video yet."), ""
    ),
    Situation.FAILED: Words("alert", "bad", N_("To replace"), N_("We cannot use this video."), ""),
    Situation.EMPTY: Words(
        "camera",
        "",
        N_("No video yet"),
        N_("There are no videos here yet."),
        N_("Send a video to start."),
    ),
    Situation.PREPARING: Words(
        "film",
        "",
        N_("Being prepared"),
        N_("We have received your video. We are preparing it."),
        N_("You can leave this page. We will carry on."),
    ),
    Situation.NEEDS_CHANGES: Words(
        "redo",
        "warn",
        N_("To film again"),
        N_("A moderator asks you to film a part again."),
        N_("Read why below. Then film or send that part again."),
    ),
    Situation.REFUSED: Words(
        "close",
        "bad",
        N_("Not accepted"),
        N_("This video was not accepted."),
        N_("Read why below. You can send another video."),
    ),
    Situation.IN_REVIEW: Words(
        "shield",
        "",
        N_("Being reviewed"),
        N_("Our moderators will watch your video."),
        N_("We will email you. You do not need to do anything."),
    ),
    Situation.READY: Words(
        "play",
        "good",
        N_("Ready to watch"),
        N_("Your video is ready. Watch it."),
        N_("Nobody else sees it until you say yes."),
    ),
    Situation.ONLINE: Words(
        "eye", "good", N_("Online"), N_("Recruiters can watch your video."), ""
    ),
    Situation.EXPIRED: Words(
        "eye-off",
        "warn",
        N_("No longer shown"),
        N_("Recruiters can no longer see your video."),
        N_("The 6 months are over. You can show your video again."),
    ),
}
# The same for a film that recruiters do not find.
_BY_LINK = {
    Situation.ONLINE: Words(
        "link",
        "good",
        N_("By link only"),
        N_("People who have your link can watch your video."),
        "",
    ),
    Situation.EXPIRED: WORDS[Situation.EXPIRED]._replace(
        headline=N_("Your link no longer shows your video.")
    ),
}
_LINK_IS_OFF = Words(
    "eye-off",
    "warn",
    N_("No longer shown"),
    N_("Nobody else sees your video. Your link is off."),
    N_("You can make a new link."),
)
# Whoever came without an e-mail address gets no letter.
_COME_BACK = WORDS[Situation.IN_REVIEW]._replace(detail=N_("Come back here to see the answer."))
_A_PART_IS_MISSING = Words(
    "camera",
    "",
    N_("A part is missing"),
    N_("A part is still missing."),
    N_("Film or send that part below."),
)
WORTH_TELLING_S = 30  # of waiting; less is over before it is read
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
class Pulse:
    """The little that changes while one looks at the page."""

    situation: Situation
    percent: int | None
    version: str
    minutes: int | None = None  # until the encoders begin, where others are before it
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
    pulse: Pulse
    parts: list[PartPage]
    told: list[Told]
    listed: bool  # the audience sees a cut of it, whatever is under way
    by_link: bool  # so does everybody who has its link
    publishable: bool
    playable: bool
    pictures: int  # of which one stands for it
    drafted: bool  # there are words that wait for their owner's yes
    file: FilmFile | None  # the film as one file
    one_shape: bool  # its parts can become one

    @property
    def words(self) -> Words:
        return words(self.video, self.pulse.situation)


def words(video: Video, state: Situation) -> Words:
    """How the film is told of."""
    if state is Situation.EMPTY and any(newest(c) for c in video.chapters):
        return _A_PART_IS_MISSING
    if state is Situation.IN_REVIEW and not video.owner.email:
        return _COME_BACK
    if video.visibility is not Visibility.PRIVATE_LINK:
        return WORDS[state]
    if state is Situation.ONLINE and video.link_key is None:
        return _LINK_IS_OFF
    return _BY_LINK.get(state, WORDS[state])


def feel_pulse(session: Session, video_id: str, owner: User, now: datetime) -> Pulse:
    """The pulse of a person's own film; asked every second, so it loads next to nothing.

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
    return _pulse(session, video, now)


def look(session: Session, video: Video, now: datetime) -> FilmPage:
    """The page of a film that is loaded whole."""
    shown = parts(video, Cut.WORKING)
    return FilmPage(
        video=video,
        pulse=_pulse(session, video, now),
        parts=_parts(session, video, _uploads(session, video, now)),
        told=story.tell(session, video.id),
        listed=policy.is_listed(video, now),
        by_link=policy.is_open_by_link(video, now),
        publishable=situation.may_be_published(video),
        playable=bool(parts(video, Cut.WORKING, early=True)),
        pictures=sum(len(part.stills) for part in shown),
        drafted=_is_drafted(session, [part.clip.id for part in shown]),
        file=film_files.of(session, video),
        one_shape=film_files.is_possible(video),
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


def _pulse(session: Session, video: Video, now: datetime) -> Pulse:
    uploads = _uploads(session, video, now)
    state = situation.of_film(video, now)
    sent = [(upload.received, upload.length) for upload in uploads.values() if upload.length]
    percent = situation.progress(video)
    if sent:
        percent = 100 * sum(part for part, _ in sent) // sum(whole or 0 for _, whole in sent)
    halted = situation.is_halted(video)
    told = state is Situation.PREPARING and not halted
    minutes = _minutes(session, video, now) if told else None
    file = session.get(FilmFile, video.id)
    beside = [upload.id for upload in uploads.values()]
    beside += [f"{minutes}{halted}", f"{file.state}{file.progress // 10}" if file else ""]
    version = situation.version(video, state, beside)
    return Pulse(state, percent, version, minutes, file is not None and file.state in OPEN, halted)


def _minutes(session: Session, video: Video, now: datetime) -> int | None:
    waiting = situation.waiting(video)
    seconds = turns.seconds_to_wait(session, waiting, now) if waiting else None
    return None if seconds is None or seconds < WORTH_TELLING_S else math.ceil(seconds / 60)


def _parts(
    session: Session, video: Video, uploads: dict[str | None, UploadSession]
) -> list[PartPage]:
    clips = [clip for chapter in video.chapters if (clip := newest(chapter))]
    said = decisions(session, [clip.id for clip in clips])
    pages = []
    for chapter in video.chapters:
        clip = newest(chapter)
        state = situation.of_chapter(chapter)
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
    found = parts(video, Cut.WORKING)
    if not found:
        return None
    return next(iter(poster_part(video, found).poster), None)
