"""Keeping search in step with films and profiles.

An entry remembers which version of the film and of its owner's profile it was made from, and by
which way of describing them. Whoever changes one of them notifies the indexer; the clock finds
what nobody rang for by comparing the versions. So an update that describes films otherwise needs
no backfill: the clock makes older entries anew, some hundred a turn. (Newer ones stay: two
versions may run side by side.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from cvtube.accounts.models import CandidateProfile, User
from cvtube.browse.search import document, spelling
from cvtube.browse.search.backends import text_index
from cvtube.browse.search.models import SearchEntry, SearchTerm
from cvtube.videos import captions, policy, queries
from cvtube.videos.models import Video
from cvtube.videos.timeline import Version, parts


def index_film(session: Session, video_id: str, now: datetime) -> None:
    """Make the film's entry anew if it is listed; remove it if it is not, or gone."""
    # Two indexers of one film take turns here.
    session.execute(select(Video.id).where(Video.id == video_id).with_for_update())
    video = session.scalar(
        select(Video)
        .where(Video.id == video_id)
        .options(*queries.whole())
        .execution_options(populate_existing=True)
    )
    entry = session.scalar(select(SearchEntry).where(SearchEntry.video_id == video_id))
    if video is not None and policy.is_listed(video, now):
        _write(session, entry or SearchEntry(video_id=video_id), video)
    elif entry is not None:
        _remove(session, entry)


def film_ids_of(session: Session, user_id: str) -> Sequence[str]:
    """The films of a person, by id."""
    return session.scalars(select(Video.id).where(Video.owner_id == user_id)).all()


def outdated(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """Ids of films whose entry is missing, of another version, or one too many."""
    has_entry = exists().where(SearchEntry.video_id == Video.id)
    missing = select(Video.id).where(queries.listed(now), ~has_entry).limit(limit)
    profile_changed = CandidateProfile.updated_at.is_distinct_from(SearchEntry.profile_version)
    changed = (
        select(SearchEntry.video_id)
        .outerjoin(Video, Video.id == SearchEntry.video_id)
        .outerjoin(User, User.id == Video.owner_id)
        .outerjoin(CandidateProfile, CandidateProfile.user_id == Video.owner_id)
        .where(
            or_(
                Video.id.is_(None),
                Video.changed_at != SearchEntry.film_version,
                profile_changed,
                SearchEntry.document_version < document.VERSION,
                SearchEntry.expires_at <= now,
                User.suspended_at.is_not(None),
                User.deleted_at.is_not(None),
            )
        )
        .limit(limit)
    )
    return (*session.scalars(missing), *session.scalars(changed))


def films_behind(session: Session, video_id: str, limit: int) -> Sequence[str]:
    """The next films in the order of their ids, for walking through all of them."""
    statement = select(Video.id).where(Video.id > video_id).order_by(Video.id).limit(limit)
    return session.scalars(statement).all()


def recount(session: Session) -> None:
    """Count every word anew, from the entries themselves."""
    index = text_index(session.get_bind())
    films: Counter[str] = Counter()
    for entry_id in session.scalars(select(SearchEntry.id)).all():
        films.update(index.words(session, entry_id))
    spellings = dict(session.execute(select(SearchTerm.term, SearchTerm.spelling)).all())
    session.execute(delete(SearchTerm))
    for term, number in films.items():
        session.add(SearchTerm(term=term, spelling=spellings.get(term, term), documents=number))


def _write(session: Session, entry: SearchEntry, video: Video) -> None:
    for name, value in document.facts_of(video).items():
        setattr(entry, name, value)
    session.add(entry)
    session.flush()
    texts = document.texts_of(video, _said_in(session, video))
    text, spellings = texts.text(), texts.spellings()
    index = text_index(session.get_bind())
    before, after = index.words(session, entry.id), text.words
    index.put(session, entry.id, text)
    spelling.count_words(session, gone=before - after, come=after - before, spellings=spellings)


def _remove(session: Session, entry: SearchEntry) -> None:
    index = text_index(session.get_bind())
    spelling.count_words(session, gone=index.words(session, entry.id))
    index.forget(session, entry.id)
    session.delete(entry)
    session.flush()


def _said_in(session: Session, video: Video) -> Sequence[str]:
    clips = [part.clip.id for part in parts(video, Version.PUBLISHED)]
    return [cue.text for cue in captions.cues_of(session, clips, Version.PUBLISHED)]
