"""Indexing, one film or one person's films a job; and the clock's part of it."""

from __future__ import annotations

from collections.abc import Sequence

from cvtube.browse.search import indexer, spelling
from cvtube.runtime import current

AT_ONCE = 50  # films that are looked for at a time
AT_MOST = 500  # films one call of the clock takes up


def index_video(video_id: str) -> None:
    """Bring one film's entry up to date."""
    _index([video_id])


def index_owner(user_id: str) -> None:
    """The person's profile changed: bring the entries of their films up to date."""
    with current().reading() as session:
        films = indexer.film_ids_of(session, user_id)
    _index(films)


def index_changed() -> None:
    """Whatever changed since it was indexed, or expired: also what nobody was told of."""
    runtime = current()
    with runtime.reading() as session:
        films = indexer.outdated(session, runtime.now(), AT_MOST)
    _index(films)
    if films:
        with runtime.transaction() as session:
            spelling.drop_unused_words(session)


def rebuild() -> int:
    """Make every entry anew, a few at a time while search goes on; returns how many films."""
    runtime = current()
    seen, last = 0, ""
    while True:
        with runtime.reading() as session:
            films = indexer.films_behind(session, last, AT_ONCE)
        if not films:
            break
        _index(films)
        seen, last = seen + len(films), films[-1]
    index_changed()
    with runtime.transaction() as session:
        indexer.recount(session)
    return seen


def _index(films: Sequence[str]) -> None:
    runtime = current()
    for video_id in films:
        # Each by itself: a film and its words are locked, and others index films with these words.
        with runtime.transaction() as session:
            indexer.index_film(session, video_id, runtime.now())
