"""What completion asks for while somebody types. The same for everybody, and kept for an hour."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, jsonify, request

from cvtube.taxonomy.matching import Named
from cvtube.taxonomy.occupations import suggest_occupations
from cvtube.taxonomy.places import suggest_places
from cvtube.web.guard import public

LONGEST = 80

blueprint = Blueprint("taxonomy", __name__)


@blueprint.get("/occupations")
@public
def occupations() -> Response:
    """Jobs whose names begin with what is typed, in either gender's form."""
    return _suggestions(suggest_occupations(_typed()))


@blueprint.get("/places")
@public
def places() -> Response:
    """Towns by the start of their name or postal code."""
    return _suggestions(suggest_places(_typed()))


def _typed() -> str:
    return request.args.get("q", "")[:LONGEST]


def _suggestions(found: Sequence[Named]) -> Response:
    response = jsonify(suggestions=[{"code": one.code, "label": one.label} for one in found])
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
