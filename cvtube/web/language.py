"""The language of a page: as chosen here, else as the browser asks, else the site's own."""

from __future__ import annotations

from blinker import Namespace
from flask import Blueprint, Flask, Response, g, redirect, request, session
from flask_babel import Babel, refresh

from cvtube.errors import Refused
from cvtube.i18n import CATALOGUES, DAY, LANGUAGES, TIME_ZONE
from cvtube.web.guard import public
from cvtube.web.unit_of_work import runtime

# Somebody has chosen: whoever knows who it is may remember it.
language_chosen = Namespace().signal("language-chosen")

DATES = {
    "date.short": "dd/MM/y",
    "date.medium": "d MMM y",
    "date.long": DAY,
    "datetime.short": "dd/MM/y HH:mm",
    "datetime.medium": "d MMM y HH:mm:ss",
}
NAMES = {"fr": "Français", "en": "English"}

blueprint = Blueprint("language", __name__)


def init_app(app: Flask) -> None:
    """Choose a language for each request, and let people choose another."""
    Babel(
        app,
        default_locale="en",  # the language of the message ids, not of the site
        default_translation_directories=str(CATALOGUES),
        date_formats={**Babel.default_date_formats, **DATES},
        locale_selector=chosen,
        timezone_selector=lambda: TIME_ZONE,
    )
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(language=chosen, LANGUAGE_NAMES=NAMES)


def chosen() -> str:
    """This request's language."""
    if "language" not in g:
        asked = request.accept_languages.best_match(LANGUAGES)
        kept = session.get("language")
        g.language = kept if kept in LANGUAGES else asked or runtime().settings.default_language
    return str(g.language)


@blueprint.post("/language")
@public
def choose() -> Response:
    """Speak this language from now on, and go back to where one was."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        raise Refused("bad_request")
    speak(language)
    language_chosen.send(language)
    return redirect(local_path(request.form.get("next", "")), 303)  # type: ignore[return-value]


def speak(language: str) -> None:
    """Answer this browser in the language from now on."""
    session["language"] = g.language = language
    refresh()


def local_path(address: str) -> str:
    """The address if it is a path of this site, else the home page: never sends anybody away.

    Nothing invisible in it: browsers leave tabs out, and make another host of "/<tab>/host".
    """
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and address.isprintable() else "/"
