"""A film from a form, without JavaScript: the same bytes in the same chunks, but in one go.

Nobody can go on with a form that broke off, so what came of it is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.runtime import Runtime
from cvtube.storage.contract import StorageError
from cvtube.upload import quotas, receiving
from cvtube.upload.multipart import FormFilm
from cvtube.upload.streams import Body
from cvtube.upload.uploads import UploadMetadata, UploadState


def take_in(
    runtime: Runtime,
    owner: User,
    body: Body,
    boundary: bytes,
    *,
    announced: int | None,
    check_fields: Callable[[Mapping[str, str]], None],
) -> UploadState:
    """Store the film of a form whose body has `announced` bytes; returns the finished upload.

    `check_fields` is asked about what stands in front of the film, before anything is kept.
    """
    form = FormFilm(body, boundary)
    form.find()
    check_fields(form.fields)
    if announced is not None and announced > runtime.settings.upload_max_bytes:
        raise quotas.too_big(runtime.settings)
    metadata = UploadMetadata(name=form.name, chapter_id=form.fields.get("chapter", ""))
    state = receiving.open_upload(runtime, owner, metadata, None, at_most=announced)
    try:
        return _take_in_film(runtime, state, Body(form))
    except (Refused, StorageError):
        receiving.abandon(runtime, state, owner)
        raise


def _take_in_film(runtime: Runtime, state: UploadState, film: Body) -> UploadState:
    state = receiving.receive(runtime, state, film)
    if film.broken:
        raise Refused("body_broken")
    return receiving.end_here(runtime, state)
