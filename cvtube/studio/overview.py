"""A film in the making: how each part stands in one word, and the one thing to do next. Pure."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from cvtube.i18n import N_
from cvtube.videos import situation
from cvtube.videos.models import Chapter, Video, Visibility
from cvtube.videos.situation import Situation


class Words(NamedTuple):
    """A picture, a colour and a word or two."""

    icon: str
    tone: str
    badge: str


TO_FILM = Words("camera", "", N_("To film"))
TO_CHOOSE = Words("help", "warn", N_("Choose a take"))
SENDING = Words("send", "", N_("On its way"))
PREPARING = Words("film", "", N_("Being prepared"))
READY = Words("check", "good", N_("Ready"))
REDO = Words("redo", "warn", N_("To redo"))
IN_REVIEW = Words("shield", "", N_("With the moderators"))
ONLINE = Words("eye", "good", N_("Online"))

_WORDS = {
    Situation.EMPTY: TO_FILM,
    Situation.SENDING: SENDING,
    Situation.PREPARING: PREPARING,
    Situation.READY: READY,
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


@dataclass(frozen=True)
class Line:
    """One part of the film."""

    chapter: Chapter
    words: Words

    @property
    def filmed(self) -> bool:
        return self.words not in {TO_FILM, TO_CHOOSE, REDO}


@dataclass(frozen=True)
class Overview:
    """The whole page."""

    video: Video
    lines: list[Line]
    step: Step
    next_chapter: Chapter | None  # what to redo, film or choose a take for
    playable: bool

    @property
    def done(self) -> int:
        return sum(line.filmed for line in self.lines)


def look(video: Video, with_takes: Collection[str], now: datetime) -> Overview:
    """A film that is loaded whole; `with_takes` are its chapters that keep takes."""
    lines = [Line(chapter, _words(chapter, with_takes)) for chapter in video.chapters]
    step, chapter = _next(video, lines, now)
    return Overview(
        video=video,
        lines=lines,
        step=step,
        next_chapter=chapter,
        playable=situation.may_be_published(video),
    )


def _words(chapter: Chapter, with_takes: Collection[str]) -> Words:
    words = _WORDS[situation.of_chapter(chapter)]
    return TO_CHOOSE if words is TO_FILM and chapter.id in with_takes else words


def _next(video: Video, lines: list[Line], now: datetime) -> tuple[Step, Chapter | None]:
    for step, words in ((Step.REDO, REDO), (Step.CHOOSE, TO_CHOOSE), (Step.FILM, TO_FILM)):
        for line in lines:
            if line.words is words:
                return step, line.chapter
    expired = situation.of_film(video, now) is Situation.EXPIRED
    if video.visibility is not Visibility.DRAFT and not expired:
        return Step.FOLLOW, None
    if situation.may_be_published(video):
        return Step.WATCH, None
    return Step.WAIT, None
