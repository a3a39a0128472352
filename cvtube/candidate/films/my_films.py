"""The list of my films: how each stands, and the one that its owner is in the middle of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cvtube.candidate.films.status_text import StatusText, film_status_text
from cvtube.videos import status
from cvtube.videos.models import Video, Visibility
from cvtube.videos.status import TO_FILM, Situation


@dataclass(frozen=True)
class Card:
    """One film of the list."""

    film: Video
    situation: Situation
    text: StatusText

    @property
    def in_parts(self) -> bool:
        return is_in_parts(self.film)

    @property
    def unfinished(self) -> bool:
        """Whether something is left to do about it before others can see it."""
        if self.situation in TO_FILM or self.situation is Situation.SENDING:
            return True
        hidden = self.situation is Situation.APPROVED
        return self.film.visibility is Visibility.DRAFT and not hidden


def is_in_parts(film: Video) -> bool:
    """Whether it is made in the studio, and nobody else has it: then its parts are its page."""
    draft = film.visibility is Visibility.DRAFT
    return draft and any(chapter.topic for chapter in film.chapters)


def film_cards(films: Iterable[Video], now: datetime) -> list[Card]:
    """Films that are loaded whole, in their order."""
    found = [(film, status.of_film(film, now)) for film in films]
    return [Card(film, state, film_status_text(film, state)) for film, state in found]


def to_continue(listed: Sequence[Card]) -> Card | None:
    """The unfinished film that was worked on last."""
    left = [card for card in listed if card.unfinished]
    return max(left, key=lambda card: card.film.changed_at, default=None)
