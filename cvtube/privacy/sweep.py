"""Looking for objects that no row names any more, and erasing them.

They are what crashes leave: outputs of attempts that lost their lease, a chunk stored by a
web process that died before its row, an object written after its film was purged. The whole
storage is walked once a day, in portions by the first letters of the films' ids. How far the walk
is stands in the database, so that a clock that was away goes on where it was.

Why nothing alive is hit: an object is listed first and its clip read afterwards, and a clip's
row is always older than its objects. A clip that is still being sent is left alone. Of the
others, what counts is what the rows name; an attempt that is not the clip's last one yet
(a worker may just have begun it) is left alone too, and so is a voice note whose row may
still be on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from cvtube.db.base import ALPHABET
from cvtube.settings import DAY_S
from cvtube.videos import exports, voice_notes
from cvtube.videos.files import FilmFile, SupersededObject
from cvtube.videos.models import Asset, Clip, OriginalChunk, Stage

PORTIONS = tuple("".join(letters) for letters in product(ALPHABET, repeat=2))
CLIPS_AT_A_TIME = 500

_NOT_BEING_MADE = (Stage.KEPT, Stage.READY, Stage.FAILED)


def portions_due(since: datetime, now: datetime) -> Sequence[str]:
    """The portions whose moment was between the two: each has one a day, and no other is near it.

    After more than a day away, each of them once.
    """
    first, last = (int(at.timestamp() * len(PORTIONS) / DAY_S) for at in (since, now))
    first = max(first, last - len(PORTIONS))
    return [PORTIONS[i % len(PORTIONS)] for i in range(first, last)]


@dataclass(frozen=True)
class Listed:
    """The objects found below one clip's prefix."""

    clip_id: str
    keys: list[str]


def by_clip(keys: Iterable[str]) -> list[Listed]:
    """Listed keys, put together by the clip they belong to (films/<film>/<clip>/…)."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(_segment(key, 2), []).append(key)
    return [Listed(clip_id, own) for clip_id, own in found.items()]


def nobody_names(session: Session, listed: Sequence[Listed]) -> list[str]:
    """Those of the listed objects that no row stands for."""
    strays: list[str] = []
    for start in range(0, len(listed), CLIPS_AT_A_TIME):
        strays += _strays(session, listed[start : start + CLIPS_AT_A_TIME])
    return strays


def _strays(session: Session, listed: Sequence[Listed]) -> list[str]:
    ids = [one.clip_id for one in listed]
    # The clips first: what is named after this look belongs to an attempt that is left alone.
    clips = {
        row.id: row
        for row in session.execute(
            select(Clip.id, Clip.stage, Clip.attempt).where(Clip.id.in_(ids))
        )
    }
    named = {
        *session.scalars(select(OriginalChunk.key).where(OriginalChunk.clip_id.in_(ids))),
        *session.scalars(select(Asset.key).where(Asset.clip_id.in_(ids))),
        *session.scalars(select(SupersededObject.key).where(SupersededObject.clip_id.in_(ids))),
        *_film_files(session, listed),
        *_voice_notes(session, listed),
    }
    return [
        key
        for one in listed
        for key in one.keys
        if key not in named and _is_over(key, clips.get(one.clip_id))
    ]


def _film_files(session: Session, listed: Sequence[Listed]) -> list[str]:
    """Where the rows say that films as one file are, or are just being made."""
    films = {_segment(key, 1) for one in listed for key in one.keys if _segment(key, 2) == "file"}
    rows = session.scalars(select(FilmFile).where(FilmFile.video_id.in_(films)))
    return [exports.object_key(row) for row in rows]


def _voice_notes(session: Session, listed: Sequence[Listed]) -> Sequence[str]:
    films = {_segment(key, 1) for one in listed for key in one.keys if _segment(key, 2) == "notes"}
    return voice_notes.note_keys(session, films)


def _is_over(key: str, clip: Row[str, Stage, int] | None) -> bool:
    """Whether nobody can be about to name the object."""
    folder = _segment(key, 3)
    if clip is None:  # what a newer version keeps elsewhere is not ours to judge
        return folder == "original" or folder.isdecimal() or _segment(key, 2) == "notes"
    if clip.stage in {Stage.UPLOADING, Stage.ABANDONED}:  # arriving, or the purge's business
        return False
    if folder == "original":
        return True
    over = clip.attempt if clip.stage in _NOT_BEING_MADE else clip.attempt - 1
    return folder.isdecimal() and int(folder) <= over


def _segment(key: str, index: int) -> str:
    segments = key.split("/")
    return segments[index] if index < len(segments) else ""
