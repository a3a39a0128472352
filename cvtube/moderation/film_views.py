"""A film as moderators see it, and their decisions about it."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from babel import Locale
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.errors import Refused
from cvtube.i18n import translate
from cvtube.moderation import caption_review, decisions, facts, locks, parts, queue, review
from cvtube.moderation.blueprint import blueprint
from cvtube.moderation.decisions import Site
from cvtube.moderation.forms import RulingForm
from cvtube.moderation.models import Measure
from cvtube.taxonomy.occupations import job_sought
from cvtube.videos import policy, queries
from cvtube.videos.models import Video
from cvtube.videos.reasons import REASONS, reason_for
from cvtube.web.addresses import full_url
from cvtube.web.language import chosen
from cvtube.web.objects import address
from cvtube.web.unit_of_work import db, runtime

# The player belongs to another slice, and is a template of everybody's.
PLAYER = Path(__file__).parent.parent / "templates/components/player.html"

Answer = str | Response | tuple[str, HTTPStatus]


def load(video_id: str) -> Video:
    """The film, if it is this moderator's to decide about; their own is not."""
    video = queries.load_video(db(), video_id)
    if not policy.may_review(me(), video):
        raise Refused("not_found")
    return video


@blueprint.get("/moderation/films/<video_id>")
@for_roles(Role.MODERATOR)
def film(video_id: str) -> Answer:
    """Everything about the film, and what can be decided."""
    return _page(load(video_id))


@blueprint.post("/moderation/films/<video_id>/approval")
@for_roles(Role.MODERATOR)
def approve(video_id: str) -> Answer:
    """Everything that waits in the film may be seen."""
    video = load(video_id)
    seen = request.form.getlist("clip")
    now = runtime().now()
    decisions.approve(db(), video, now, moderator=me(), seen=seen, site=_site(video))
    # With the film, the words that stood beside it; not those that came while it was read.
    read = request.form.getlist("words")
    caption_review.approve_read(db(), video, now, moderator=me(), read=read)
    flash(_("The video is approved."), "good")
    return _onwards(video)


@blueprint.post("/moderation/films/<video_id>/changes")
@for_roles(Role.MODERATOR)
def ask_for_changes(video_id: str) -> Answer:
    """One part is to be redone."""
    done = _("We have asked the candidate to film this part again.")
    return _restrict(load(video_id), Measure.ASKED_FOR_CHANGES, done)


@blueprint.post("/moderation/films/<video_id>/rejection")
@for_roles(Role.MODERATOR)
def reject(video_id: str) -> Answer:
    """One part cannot be shown."""
    return _restrict(load(video_id), Measure.REJECTED, _("The part is rejected."))


@blueprint.post("/moderation/films/<video_id>/removal")
@for_roles(Role.MODERATOR)
def take_down(video_id: str) -> Answer:
    """One approved part is not shown any more, from the next request on."""
    return _restrict(load(video_id), Measure.TAKEN_DOWN, _("The part is no longer shown."))


def to_next(passed: str | None = None) -> Response:
    """The next film, reserved; or the queue, if nothing waits."""
    video_id = queue.take_next(db(), me(), runtime().now(), passed=passed)
    if video_id is None:
        flash(_("There is nothing else to review."), "good")
        return redirect(url_for("moderation.queue"), 303)
    return redirect(url_for("moderation.film", video_id=video_id), 303)


def _restrict(video: Video, measure: Measure, done: str) -> Answer:
    form = _form(video, measure)
    if not form.validate_on_submit():
        return _page(video, form), HTTPStatus.UNPROCESSABLE_ENTITY
    clip = review.clip_of(video, form.clip.data)
    now = runtime().now()
    decisions.restrict(db(), video, clip, now, form.ruling(), moderator=me(), site=_site(video))
    flash(done, "good")
    if measure is Measure.TAKEN_DOWN:  # nobody came here from the queue
        return redirect(url_for("moderation.film", video_id=video.id), 303)
    return _onwards(video)


def _onwards(video: Video) -> Response:
    """Stay while something in this film still waits, else go to the next one."""
    if queue.still_waits(db(), video.id):
        return redirect(url_for("moderation.film", video_id=video.id), 303)
    locks.give_back(db(), video.id, me())
    return to_next()


def _form(video: Video, measure: Measure) -> RulingForm:
    clips = parts.shown(video) if measure is Measure.TAKEN_DOWN else parts.waiting(video)
    return RulingForm(measure, video, clips, chosen())


def _openings(language: str) -> dict[Measure, dict[str, str]]:
    """What each reason's words may start from, in the candidate's language."""
    return {
        measure: {code: translate(REASONS[code].opening, language) for code in codes}
        for measure, codes in decisions.REASONS_FOR.items()
    }


def _site(video: Video) -> Site:
    return Site(
        film_link=full_url("upload.film", video_id=video.id), contact=runtime().settings.contact
    )


def _page(video: Video, filled: RulingForm | None = None) -> str:
    now = runtime().now()
    lock = locks.held(db(), video.id, now)
    own = job_sought(video.occupation_code, video.job_words)
    forms = {measure: _form(video, measure) for measure in Measure}
    if filled is not None:
        forms[filled.measure] = filled
    return render_template(
        "moderation/film.html",
        video=video,
        looks=review.looks(db(), video, address),
        waiting=parts.waiting(video),
        shown=parts.shown(video),
        label=lambda clip_id: parts.label(video, clip_id, chosen()),
        sought=own,
        facts=facts.of(video.owner.profile, own, now.date(), chosen()),
        earlier=review.earlier(db(), video.id),
        stated=review.stated(db(), video.id),
        reason_for=reason_for,
        forms=forms,
        openings=_openings(video.owner.language),
        candidates_language=Locale.parse(chosen()).languages[video.owner.language],
        player_there=PLAYER.exists(),
        filled=filled,
        lock=lock,
        mine=lock is not None and lock.moderator_id == me().id,
        now=now,
    )
