"""A voice note's one address: kept, heard and removed, by whoever said it and by nobody else."""

from __future__ import annotations

import io
import sys
from http import HTTPStatus
from typing import Any

from flask import Response, request, send_file

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.candidate.blueprint import blueprint
from cvtube.candidate.context import the_program
from cvtube.candidate.prepare import voice_note_storage
from cvtube.errors import Refused
from cvtube.storage.contract import PIECE
from cvtube.videos import queries, voice_notes
from cvtube.videos.models import Chapter
from cvtube.videos.voice_notes import VoiceNote
from cvtube.web import rate_limits
from cvtube.web.unit_of_work import runtime

ADDRESS = "/studio/chapters/<chapter_id>/questions/<name>/note"


@blueprint.get(ADDRESS)
@for_roles(Role.CANDIDATE)
def play_note(chapter_id: str, name: str) -> Response:
    """What I have said."""
    note = _mine(_part(chapter_id), name)
    if note is None:
        raise Refused("not_found")
    said = io.BytesIO(voice_note_storage.load(runtime(), note))
    response = send_file(said, mimetype=note.media_type)  # parts of it, too: Safari asks for them
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.put(ADDRESS)
@for_roles(Role.CANDIDATE)
@rate_limits.limit(rate_limits.VOICE_NOTES)
def keep_note(chapter_id: str, name: str) -> Response:
    """Keep what I say instead of writing. The body is the recording, as it is."""
    chapter = _part(chapter_id)
    topic = the_program().find(chapter.topic)
    if topic is None or name not in {question.name for question in topic.question}:
        raise Refused("not_found")
    voice_note_storage.store_note(runtime(), chapter, name, _body())
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.delete(ADDRESS)
@for_roles(Role.CANDIDATE)
def remove_note(chapter_id: str, name: str) -> Response:
    """Away with it, at once."""
    note = _mine(_part(chapter_id), name)
    if note is not None:
        voice_note_storage.remove(runtime(), note)
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.url_value_preprocessor
def _let_a_note_be_longer_than_a_form(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "candidate.keep_note":
        request.max_content_length = sys.maxsize  # it has its own limit, and its own sentence


def _body() -> bytes:
    if (request.content_length or 0) > voice_note_storage.LARGEST:
        raise Refused("voice_note_too_big")
    said = bytearray()
    while piece := request.stream.read(PIECE):
        said += piece
        if len(said) > voice_note_storage.LARGEST:
            raise Refused("voice_note_too_big")
    if request.content_length is not None and len(said) < request.content_length:
        raise Refused("body_broken")
    return bytes(said)


# In steps of their own: no transaction stays open while bytes move.


def _part(chapter_id: str) -> Chapter:
    with runtime().reading() as session:
        return queries.own_chapter(session, me().id, chapter_id)


def _mine(chapter: Chapter, name: str) -> VoiceNote | None:
    with runtime().reading() as session:
        return voice_notes.notes_of(session, chapter.video_id, chapter.topic).get(name)
