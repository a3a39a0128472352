"""The two pages on which a browser films, and what a browser needs to know for it."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException

from cvtube.accounts.access import for_roles, me, public
from cvtube.accounts.models import Role
from cvtube.candidate.context import my_chapter
from cvtube.candidate.prepare import scripts, voice_note_storage
from cvtube.candidate.record.problems import PROBLEMS
from cvtube.web.assets import built, file_of
from cvtube.web.language import chosen, local_path
from cvtube.web.unit_of_work import db, runtime

blueprint = Blueprint("recorder", __name__)

# These pages start workers by address and make no markup from text: the browser holds them to it.
TRUSTED_TYPES = "require-trusted-types-for 'script'; trusted-types cvtube-studio"
# Drawn by frontend/icons.mjs. A maskable one keeps a margin, for phones cut a shape out of it.
ICONS = (
    ("icon.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)


@blueprint.after_request
def _allow_no_made_up_scripts(response: Response) -> Response:
    response.headers.add("Content-Security-Policy", TRUSTED_TYPES)
    return response


@blueprint.get("/studio/check")
@for_roles(Role.CANDIDATE)
def check() -> str:
    """Try camera, sound and light before filming."""
    wanted = local_path(request.args.get("next", url_for("candidate.my_films")))
    return render_template(
        "candidate/record/check.html", problems=PROBLEMS, next=wanted, back=_back(wanted)
    )


class Back(NamedTuple):
    """Where the arrow leads, and what it says."""

    address: str
    words: str


def _back(wanted: str) -> Back:
    """To the part that is filmed next; who looks for no part's sake goes back to all films."""
    routes = current_app.create_url_adapter(request)
    with suppress(HTTPException):
        endpoint, values = routes.match(urlsplit(wanted).path, method="GET") if routes else ("", {})
        if endpoint == "candidate.recorder.record":
            return Back(url_for("candidate.chapter", **values), gettext("Back to this part"))
    return Back(url_for("candidate.my_films"), gettext("Back to my videos"))


@blueprint.get("/studio/chapters/<chapter_id>/recording")
@for_roles(Role.CANDIDATE)
def record(chapter_id: str) -> str:
    """Film one part, as often as one likes, and choose the best take."""
    asked = my_chapter(chapter_id)
    return render_template(
        "candidate/record/record.html",
        asked=asked,
        script=scripts.script_of(db(), asked.chapter),
        spoken=voice_note_storage.spoken(db(), asked.chapter, asked.topic),
        problems=PROBLEMS,
        limit_s=runtime().settings.film_max_s,
    )


@blueprint.get("/studio/pass")
@for_roles(Role.CANDIDATE)
def who() -> Response:
    """Who is logged in here, and the token for their requests."""
    return jsonify(person=me().id, token=generate_csrf())


@blueprint.get("/studio/offline")
@public
def offline() -> str:
    """What a browser without a network shows instead of any page it has not kept."""
    return render_template("candidate/record/offline.html")


@blueprint.get("/studio-worker.js")
@public
def worker() -> Response:
    """The service worker. Its address decides what it may answer for, so it is at the top."""
    response = send_file(file_of("studio-worker.js"), mimetype="text/javascript", max_age=0)
    response.headers["Cache-Control"] = "no-cache"  # browsers look for a newer one by themselves
    return response


@blueprint.get("/studio.webmanifest")
@public
def manifest() -> Response:
    """What a phone needs to know to keep the studio beside its apps."""
    response = jsonify(
        id="/my-films",
        name="CV Tube",
        short_name="CV Tube",
        description=gettext("Make your video CV, part by part."),
        lang=chosen(),
        start_url=url_for("candidate.my_films"),
        display="standalone",
        background_color="#faf8f3",
        theme_color="#0d5c4b",
        icons=[
            {
                "src": url_for("static", filename=f"build/{built(name)}"),
                "sizes": sizes,
                "type": "image/svg+xml" if name.endswith(".svg") else "image/png",
                "purpose": purpose,
            }
            for name, sizes, purpose in ICONS
        ],
    )
    response.content_type = "application/manifest+json"
    return response
