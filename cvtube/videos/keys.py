"""Where each object of a film lives: a film has one prefix, each of its clips one below it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

FILMS = "films/"  # prefix of all films
_NOTES = "notes"


def of_video(video_id: str) -> str:
    """Prefix of everything a film has."""
    return f"{FILMS}{video_id}/"


def of_clip(video_id: str, clip_id: str) -> str:
    """Prefix of everything a clip has."""
    return f"{of_video(video_id)}{clip_id}/"


def original(video_id: str, clip_id: str) -> str:
    """Prefix of the chunks of what was sent."""
    return f"{of_clip(video_id, clip_id)}original/"


def chunk(video_id: str, clip_id: str, start: int) -> str:
    """A fresh key for the bytes from `start` on; two senders of the same bytes never share one."""
    return f"{original(video_id, clip_id)}{start:014d}-{secrets.token_hex(6)}"


def outputs(video_id: str, clip_id: str, attempt: int) -> str:
    """Prefix of what one attempt makes; a fenced-off worker can only write below its own."""
    return f"{of_clip(video_id, clip_id)}{attempt}/"


def output(video_id: str, clip_id: str, attempt: int, name: str) -> str:
    """An object made by one attempt."""
    return f"{outputs(video_id, clip_id, attempt)}{name}"


def film_files(video_id: str) -> str:
    """Prefix of the film as one file, of whatever attempt."""
    return f"{of_video(video_id)}file/"


def film_file(video_id: str, attempt: int) -> str:
    """The film as one file, made by one attempt."""
    return f"{film_files(video_id)}{attempt}/film.mp4"


def voice_notes(video_id: str) -> str:
    """Prefix of what its owner has said while preparing the film."""
    return f"{of_video(video_id)}{_NOTES}/"


def voice_note(video_id: str, now: datetime) -> str:
    """A fresh key for one of them. It says when it was stored, since its row only comes after."""
    return f"{voice_notes(video_id)}{int(now.timestamp()):011d}-{secrets.token_hex(6)}"


def noted_at(key: str) -> datetime | None:
    """When a voice note was stored; None for any other object."""
    folder, name = key.split("/")[-2:]
    seconds = name.partition("-")[0]
    if folder != _NOTES or not seconds.isdecimal():
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def attempt_of(key: str) -> int | None:
    """The attempt that made an object; None for what was sent."""
    folder = key.split("/")[-2]
    return int(folder) if folder.isdecimal() else None
