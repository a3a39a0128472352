"""The two pages on which a browser films, and what a browser needs to know for it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template
from flask_wtf.csrf import generate_csrf

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.errors import Refused
from cvtube.studio.problems import PROBLEMS
from cvtube.videos import policy, queries
from cvtube.videos.models import Chapter, Video
from cvtube.web.unit_of_work import db, runtime

blueprint = Blueprint("recorder", __name__)


@blueprint.get("/my-films/<video_id>/chapters/<chapter_id>/record")
@for_roles(Role.CANDIDATE)
def record(video_id: str, chapter_id: str) -> str:
    """Film one chapter, as often as one likes, and choose the best take."""
    video, chapter = _my_chapter(video_id, chapter_id)
    return render_template(
        "studio/record.html",
        video=video,
        chapter=chapter,
        problems=PROBLEMS,
        script="",
        goal_s=30,
        limit_s=runtime().settings.film_max_s,
    )


@blueprint.get("/studio/pass")
@for_roles(Role.CANDIDATE)
def who() -> Response:
    """Who is logged in here, and the token for their requests."""
    return jsonify(person=me().id, token=generate_csrf())


def _my_chapter(video_id: str, chapter_id: str) -> tuple[Video, Chapter]:
    video = queries.load_video(db(), video_id)
    if not policy.owns(me(), video):
        raise Refused("not_found")
    chapter = next((c for c in video.chapters if c.id == chapter_id), None)
    if chapter is None:
        raise Refused("not_found")
    return video, chapter
