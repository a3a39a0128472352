"""A film in the making: how each part stands in one word, and the one thing to do next. Pure."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from cvtube.i18n import N_
from cvtube.videos import policy, status
from cvtube.videos.forecast import Forecast, PartForecast
from cvtube.videos.models import Chapter, Video, Visibility
from cvtube.videos.status import Situation


class Words(NamedTuple):
    """A picture, a colour and a word or two."""

    icon: str
    tone: str
    badge: str


TO_FILM = Words("camera", "", N_("Not filmed yet"))
TO_CHOOSE = Words("help", "warn", N_("Choose a recording"))
SENDING = Words("send", "", N_("Being sent"))
PREPARING = Words("film", "", N_("Being prepared"))
READY = Words("check", "good", N_("Ready"))
APPROVED = Words("check", "good", N_("Approved"))
REDO = Words("redo", "warn", N_("To film again"))
IN_REVIEW = Words("shield", "", N_("Being reviewed"))
ONLINE = Words("eye", "good", N_("Online"))

_WORDS = {
    Situation.EMPTY: TO_FILM,
    Situation.SENDING: SENDING,
    Situation.PREPARING: PREPARING,
    Situation.READY: READY,
    Situation.APPROVED: APPROVED,
    Situation.EXPIRED: READY,
    Situation.FAILED: REDO,
    Situation.NEEDS_CHANGES: REDO,
    Situation.REFUSED: REDO,
    Situation.IN_REVIEW: IN_REVIEW,
    Situation.ONLINE: ONLINE,
}


class Step(enum.StrEnum):
    """What comes next."""

    REDO = "redo"
    FILM = "film"
    CHOOSE = "choose"
    WATCH = "watch"  # and then send
    WAIT = "wait"
    FOLLOW = "follow"  # it is sent: its page tells how it stands


URGENT = {REDO: Step.REDO, TO_CHOOSE: Step.CHOOSE, TO_FILM: Step.FILM}


@dataclass(frozen=True)
class Line:
    """One part of the film."""

    chapter: Chapter
    words: Words
    forecast: PartForecast | None  # while it is being prepared

    @property
    def step(self) -> Step | None:
        """What is to be done about it."""
        return URGENT.get(self.words)

    @property
    def filmed(self) -> bool:
        return self.words not in URGENT


@dataclass(frozen=True)
class Overview:
    """The whole page."""

    video: Video
    lines: list[Line]
    step: Step
    todo: list[Line]  # what to redo, choose a take for or film, the most urgent first
    playable: bool
    approved: bool  # a cut of it goes online as soon as its owner wants it to
    forecast: Forecast

    @property
    def done(self) -> int:
        return sum(line.filmed for line in self.lines)

    @property
    def moving(self) -> bool:
        """Whether it will look different in a moment."""
        return any(line.words in {SENDING, PREPARING} for line in self.lines)


NO_FORECAST = Forecast()


def build(
    video: Video, with_takes: Collection[str], now: datetime, forecast: Forecast = NO_FORECAST
) -> Overview:
    """A film that is loaded whole; `with_takes` are its chapters that keep takes."""
    lines = [
        Line(
            chapter,
            _words(status.of_part(video, chapter, now), takes=chapter.id in with_takes),
            forecast.parts.get(chapter.id),
        )
        for chapter in video.chapters
    ]
    todo = [line for words in URGENT for line in lines if line.words is words]
    return Overview(
        video=video,
        lines=lines,
        step=URGENT[todo[0].words] if todo else _after_filming(video, now),
        todo=todo,
        playable=status.may_be_published(video),
        approved=policy.is_approved(video),
        forecast=forecast,
    )


def _words(state: Situation, *, takes: bool) -> Words:
    words = _WORDS[state]
    return TO_CHOOSE if words is TO_FILM and takes else words


def _after_filming(video: Video, now: datetime) -> Step:
    expired = status.of_film(video, now) is Situation.EXPIRED
    if video.visibility is not Visibility.DRAFT and not expired:
        return Step.FOLLOW
    return Step.WATCH if status.may_be_published(video) else Step.WAIT
