"""What completion asks for while somebody types: the same for everybody, kept for an hour.

The address says the language, so that caches between need not know who asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, jsonify, request

from cvtube.i18n import LANGUAGES
from cvtube.taxonomy.job_names import suggest_occupations
from cvtube.taxonomy.matching import Named
from cvtube.taxonomy.places import suggest_places
from cvtube.taxonomy.text import fold
from cvtube.web import rate_limits
from cvtube.web.guard import public

LONGEST = 80
SAID = 4  # occupations; each has up to two forms in French

blueprint = Blueprint("taxonomy", __name__)


@blueprint.get("/occupations")
@public
@rate_limits.limit(rate_limits.TYPING)
def occupations() -> Response:
    """Jobs by what people call them, in either language."""
    return _suggestions(suggest_occupations(_typed(), language=_language()))


@blueprint.get("/occupations/said")
@public
@rate_limits.limit(rate_limits.TYPING)
def occupations_said() -> Response:
    """The same as one says it of oneself: each gender's form apart, the one typed first."""
    typed, language = fold(_typed()), _language()
    return _answer(
        [
            (one.code, words)
            for one in suggest_occupations(typed, SAID, language=language)
            for words in sorted(
                one.said(language), key=lambda words: not fold(words).startswith(typed)
            )
        ]
    )


@blueprint.get("/places")
@public
@rate_limits.limit(rate_limits.TYPING)
def places() -> Response:
    """Towns by the start of their name or postal code."""
    return _suggestions(suggest_places(_typed()))


def _typed() -> str:
    return request.args.get("q", "")[:LONGEST]


def _language() -> str:
    asked = request.args.get("language")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _suggestions(found: Sequence[Named]) -> Response:
    return _answer([(one.code, one.named(_language())) for one in found])


def _answer(found: Sequence[tuple[str, str]]) -> Response:
    response = jsonify(suggestions=[{"code": code, "label": label} for code, label in found])
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
