"""A whole film in the studio: begun, looked over, put in order and watched."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import CandidateProfile, Role
from cvtube.accounts.profile import profile_job_sought
from cvtube.candidate.blueprint import blueprint
from cvtube.candidate.context import my_chapter, my_film, the_program
from cvtube.candidate.films import film_page
from cvtube.candidate.prepare import scripts, voice_note_storage
from cvtube.candidate.record import takes
from cvtube.candidate.sharing import posters
from cvtube.errors import Refused
from cvtube.playback.player import player_of
from cvtube.videos import lifecycle
from cvtube.videos.models import Video
from cvtube.videos.timeline import Version, parts
from cvtube.web import rate_limits
from cvtube.web.language import chosen
from cvtube.web.unit_of_work import db, runtime


@blueprint.post("/studio/films")
@for_roles(Role.CANDIDATE)
def start_film() -> AnyResponse:
    """A new film with the usual parts."""
    rate_limits.count_film()
    profile = db().get(CandidateProfile, me().id)
    usual = [topic for topic in the_program().topic if topic.usual]
    video = lifecycle.start_video(
        db(),
        me(),
        runtime().now(),
        sought=profile_job_sought(profile),
        chapter_titles=[topic.title[chosen()] for topic in usual],
        topics=[topic.name for topic in usual],
    )
    return _to("overview", video)


@blueprint.get("/studio/films/<video_id>")
@for_roles(Role.CANDIDATE)
def overview(video_id: str) -> str:
    """Every part of my film, and the one thing to do next."""
    video = my_film(video_id)
    page = film_page.outline(db(), video, runtime().now())
    return render_template(
        "candidate/films/overview.html", page=page, video=video, made=parts(video, Version.MADE)
    )


# -- its parts ------------------------------------------------------------------------------


@blueprint.get("/studio/films/<video_id>/parts")
@for_roles(Role.CANDIDATE)
def arrange(video_id: str) -> str:
    """Put the parts in order, leave one out, take one more."""
    video = my_film(video_id)
    used = {chapter.topic for chapter in video.chapters}
    more = [topic for topic in the_program().topic if topic.name not in used]
    return render_template("candidate/films/arrange.html", video=video, more=more)


@blueprint.post("/studio/films/<video_id>/parts")
@for_roles(Role.CANDIDATE)
def add_part(video_id: str) -> AnyResponse:
    """One of the programme's parts that my film has not yet."""
    video = my_film(video_id)
    topic = the_program().find(request.form.get("topic", ""))
    if topic is None or topic.name in {chapter.topic for chapter in video.chapters}:
        raise Refused("choice_unknown")
    title = topic.title[chosen()]
    now = runtime().now()
    lifecycle.add_chapter(db(), video, now, actor=me(), topic=topic.name, title=title)
    return _to("arrange", video)


@blueprint.post("/studio/chapters/<chapter_id>/moves")
@for_roles(Role.CANDIDATE)
def move_part(chapter_id: str) -> AnyResponse:
    """One place up or down."""
    asked = my_chapter(chapter_id)
    places = {"up": -1, "down": 1}.get(request.form.get("to", ""))
    if places is None:
        raise Refused("choice_unknown")
    lifecycle.move_chapter(db(), asked.chapter, runtime().now(), actor=me(), places=places)
    return _to("arrange", asked.video)


@blueprint.get("/studio/chapters/<chapter_id>/removal")
@for_roles(Role.CANDIDATE)
def ask_to_remove_part(chapter_id: str) -> str:
    """Say what leaving it out means, and ask."""
    asked = my_chapter(chapter_id)
    script = scripts.script_of(db(), asked.chapter)
    return render_template(
        "candidate/films/removal.html",
        asked=asked,
        filmed=takes.are_there(db(), asked.chapter),
        prepared=(script and script.text)
        or voice_note_storage.spoken(db(), asked.chapter, asked.topic),
    )


@blueprint.post("/studio/chapters/<chapter_id>/removal")
@for_roles(Role.CANDIDATE)
def remove_part(chapter_id: str) -> AnyResponse:
    """My film goes on without it; the words for it stay, should it come back."""
    asked = my_chapter(chapter_id)
    video_id = asked.video.id
    lifecycle.remove_chapter(db(), asked.chapter, runtime().now(), actor=me())
    return redirect(url_for("candidate.arrange", video_id=video_id), HTTPStatus.SEE_OTHER)


# -- before it is sent ----------------------------------------------------------------------


@blueprint.get("/studio/films/<video_id>/review")
@for_roles(Role.CANDIDATE)
def review(video_id: str) -> str:
    """Watch the whole film as others would."""
    video = my_film(video_id)
    made = parts(video, Version.MADE)
    return render_template(
        "candidate/films/review.html",
        page=film_page.outline(db(), video, runtime().now()),
        video=video,
        film_player=player_of(video, Version.WORKING),
        made=made,
        stretches={one.chapter.id: (one.start_ms, one.end_ms) for one in made},
        pictures=len(posters.offered_stills(video)),
    )


def _to(endpoint: str, video: Video) -> AnyResponse:
    return redirect(url_for(f"candidate.{endpoint}", video_id=video.id), HTTPStatus.SEE_OTHER)
