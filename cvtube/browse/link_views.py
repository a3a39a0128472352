"""What a film's link leads to: the film alone, for whoever has the link."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from cvtube.accounts.access import public, viewer_of_page
from cvtube.browse import watching
from cvtube.playback.player import player_of
from cvtube.playback.views import film_of_link
from cvtube.videos import policy
from cvtube.videos.timeline import Version
from cvtube.web.unit_of_work import db

blueprint = Blueprint("link", __name__, url_prefix="/l/<key>")


@blueprint.get("")
@public
def watch(key: str) -> Response:
    """The film with its parts and what is said: nothing to search, nobody else, no cookie."""
    video = film_of_link(key)
    page = watching.open_page(db(), video, Version.PUBLISHED)
    start = page.start(request.args.get("t", default=0, type=int))
    answer = make_response(
        render_template(
            "browse/link.html",
            video=video,
            page=page,
            key=key,
            start=start,
            film_player=player_of(video, Version.PUBLISHED, key),
            may_review=policy.may_review(viewer_of_page(), video),
        )
    )
    # The address is the key to the film: no other site is to learn it from a browser.
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
