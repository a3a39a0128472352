"""A film from a form, without JavaScript: the same bytes in the same chunks, but in one go.

Nobody can go on with a form that broke off, so what came of it is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.runtime import Runtime
from cvtube.storage.contract import StorageError
from cvtube.upload import checks, receiving
from cvtube.upload.bodies import Body
from cvtube.upload.multipart import FormFilm
from cvtube.upload.sessions import Place, Said


def take_in(
    runtime: Runtime,
    owner: User,
    body: Body,
    boundary: bytes,
    *,
    announced: int | None,
    check_fields: Callable[[Mapping[str, str]], None],
) -> Place:
    """Store the film of a form whose body has `announced` bytes; returns the finished upload.

    `check_fields` is asked about what stands in front of the film, before anything is kept.
    """
    form = FormFilm(body, boundary)
    form.find()
    check_fields(form.fields)
    if announced is not None and announced > runtime.settings.upload_max_bytes:
        raise checks.too_big(runtime.settings)
    said = Said(name=form.name, chapter_id=form.fields.get("chapter", ""))
    place = receiving.begin(runtime, owner, said, None, at_most=announced)
    try:
        return _take_in_film(runtime, place, Body(form))
    except (Refused, StorageError):
        receiving.give_up(runtime, place, owner)
        raise


def _take_in_film(runtime: Runtime, place: Place, film: Body) -> Place:
    place = receiving.receive(runtime, place, film)
    if film.broken:
        raise Refused("body_broken")
    return receiving.end_here(runtime, place)
