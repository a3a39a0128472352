"""Films as cards: what a wall shows of each, read from the films themselves.

No name: who somebody is, is shown on the film's own page. One query for a whole page of
cards, and it asks again whether each film may be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from cvtube.accounts.models import CandidateProfile
from cvtube.taxonomy.occupations import JobSought, job_sought
from cvtube.taxonomy.places import Place, place
from cvtube.videos import queries
from cvtube.videos.models import Asset, AssetKind, Chapter, Clip, Video
from cvtube.videos.timeline import of_still


@dataclass(frozen=True)
class CardPicture:
    """A poster, by its key in the storage, as large as it is."""

    key: str
    width: int
    height: int


@dataclass(frozen=True)
class Storyboard:
    """A sheet of small frames; its address is asked for when somebody looks closer."""

    columns: int
    rows: int
    tiles: int


@dataclass(frozen=True)
class FilmCard:
    """One film on a wall."""

    video_id: str
    job: JobSought
    place: Place | None
    available_from: date | None
    published_at: datetime | None
    duration_ms: int
    poster: CardPicture | None
    storyboard: Storyboard | None


def load_cards(session: Session, ids: Sequence[str], now: datetime) -> list[FilmCard]:
    """The cards of those films that are listed, in the order of the ids."""
    if not ids:
        return []
    films: dict[str, list[Row[Any]]] = {}
    for row in session.execute(_rows(ids, now)):
        films.setdefault(row.id, []).append(row)
    return [_card(films[video_id]) for video_id in ids if video_id in films]


def _rows(ids: Sequence[str], now: datetime) -> Any:
    """Each film with its clips in order, and the pictures of each."""
    pictures = and_(
        Asset.clip_id == Clip.id, Asset.kind.in_([AssetKind.POSTER, AssetKind.STORYBOARD])
    )
    return (
        select(
            Video.id,
            Video.published_at,
            Video.occupation_code,
            Video.job_words,
            CandidateProfile.occupation_code.label("profile_occupation_code"),
            CandidateProfile.job_words.label("profile_job_words"),
            CandidateProfile.place_code,
            CandidateProfile.available_from,
            Clip.id.label("clip_id"),
            Clip.duration_ms,
            Clip.poster_still,
            Asset.kind,
            Asset.key,
            Asset.width,
            Asset.height,
            Asset.facts,
        )
        .join(Chapter, Chapter.video_id == Video.id)
        .join(Clip, Clip.id == Chapter.live_clip_id)
        .outerjoin(CandidateProfile, CandidateProfile.user_id == Video.owner_id)
        .outerjoin(Asset, pictures)
        .where(Video.id.in_(ids), queries.listed(now))
        # The part whose picture its owner has chosen comes first, as its pictures do then.
        .order_by(Video.id, Chapter.id != Video.poster_chapter_id, Chapter.position, Asset.name)
    )


def _card(rows: Sequence[Row[Any]]) -> FilmCard:
    film = rows[0]
    return FilmCard(
        video_id=film.id,
        job=job_sought(film.occupation_code, film.job_words)
        or job_sought(film.profile_occupation_code, film.profile_job_words),
        place=place(film.place_code),
        available_from=film.available_from,
        published_at=film.published_at,
        duration_ms=sum({row.clip_id: row.duration_ms or 0 for row in rows}.values()),
        poster=_poster([row for row in rows if row.kind is AssetKind.POSTER]),
        storyboard=_storyboard([row for row in rows if row.kind is AssetKind.STORYBOARD]),
    )


def _poster(rows: Sequence[Row[Any]]) -> CardPicture | None:
    """The still that stands for the first clip, as small as there is: a card is no larger."""
    if not rows:
        return None
    of_first = [row for row in rows if row.clip_id == rows[0].clip_id]
    small = min(of_still(of_first, rows[0].poster_still), key=lambda row: row.width or 0)
    return CardPicture(small.key, small.width or 16, small.height or 9)


def _storyboard(rows: Sequence[Row[Any]]) -> Storyboard | None:
    if not rows or rows[0].facts["tiles"] < 2:  # noqa: PLR2004 (one picture is no motion)
        return None
    facts = rows[0].facts
    return Storyboard(facts["columns"], facts["rows"], facts["tiles"])
