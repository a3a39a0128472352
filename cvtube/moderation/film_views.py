"""A film as moderators see it, and their decisions about it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus

from babel import Locale
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.errors import Refused
from cvtube.i18n import translate
from cvtube.moderation import (
    audit_log,
    audit_log_text,
    clip_labels,
    decisions,
    deferred,
    locks,
    profile_summary,
    queue,
    review,
)
from cvtube.moderation.audit_log_text import AuditLine
from cvtube.moderation.blueprint import blueprint
from cvtube.moderation.decisions import SiteDetails
from cvtube.moderation.deferred import DeferredTerms
from cvtube.moderation.forms import DecisionForm
from cvtube.playback.player import player_of
from cvtube.taxonomy.occupations import job_sought
from cvtube.videos import policy, queries, viewings
from cvtube.videos.models import Clip, Video, VideoEvent
from cvtube.videos.reasons import REASONS
from cvtube.videos.timeline import Version
from cvtube.videos.verbs import Refusal
from cvtube.web.addresses import full_url
from cvtube.web.forms import one_line
from cvtube.web.language import chosen
from cvtube.web.objects import object_address
from cvtube.web.unit_of_work import db, runtime

Answer = str | Response | tuple[str, HTTPStatus]


def load_film(video_id: str) -> Video:
    """The film, if it is this moderator's to decide about; their own is not."""
    video = queries.load_video(db(), video_id)
    if not policy.may_review(me(), video):
        raise Refused("not_found")
    return video


@blueprint.get("/moderation/films/<video_id>")
@for_roles(Role.MODERATOR)
def film(video_id: str) -> Answer:
    """Everything about the film, and what can be decided."""
    video, now = load_film(video_id), runtime().now()
    if viewings.is_recorded(me(), video, now):
        with runtime().transaction() as session:
            viewings.record_viewing(session, me(), video.id, now)
    return _page(video)


@blueprint.post("/moderation/films/<video_id>/approval")
@for_roles(Role.MODERATOR)
def approve(video_id: str) -> Answer:
    """Everything that waits in the film may be seen."""
    video = load_film(video_id)
    seen = request.form.getlist("clip")
    # With the film, the words that stood beside it; not those that came while it was read.
    read = request.form.getlist("words")
    deferred.approve(db(), video, runtime().now(), _terms(video), seen=seen, captions=read)
    return _onwards(video)


@blueprint.post("/moderation/films/<video_id>/changes")
@for_roles(Role.MODERATOR)
def ask_for_changes(video_id: str) -> Answer:
    """One part is to be redone."""
    return _restrict(load_film(video_id), Refusal.ASKED_FOR_CHANGES)


@blueprint.post("/moderation/films/<video_id>/rejection")
@for_roles(Role.MODERATOR)
def reject(video_id: str) -> Answer:
    """One part cannot be shown."""
    return _restrict(load_film(video_id), Refusal.REJECTED)


@blueprint.post("/moderation/films/<video_id>/removal")
@for_roles(Role.MODERATOR)
def take_down(video_id: str) -> Answer:
    """One approved part is not shown any more, from the next request on."""
    video = load_film(video_id)
    form = _form(video, Refusal.TAKEN_DOWN)
    if not form.accepted():
        return _page(video, form), HTTPStatus.UNPROCESSABLE_ENTITY
    clip, now = review.clip_of(video, form.clip.data), runtime().now()
    locks.refuse_if_anothers(db(), video.id, me(), now)
    site = SiteDetails(_film_link(video), runtime().settings.contact)
    decisions.restrict(db(), video, clip, now, form.ruling(), moderator=me(), site=site)
    flash(_("The part is no longer shown."), "good")
    return redirect(url_for("moderation.film", video_id=video.id), 303)


@blueprint.post("/moderation/undo")
@for_roles(Role.MODERATOR)
def undo() -> Answer:
    """Make as if a decision of a moment ago had not been; the film is on the table again."""
    now, decision_id = runtime().now(), one_line(request.form.get("decision")) or ""
    video_id = deferred.undo(db(), decision_id, me(), now, undo_window())
    with suppress(Refused):  # meanwhile another moderator has it for another part
        locks.take(db(), video_id, me(), now)
    flash(_("Your decision is undone. The candidate was not told."), "good")
    return redirect(url_for("moderation.film", video_id=video_id), 303)


def undo_window() -> timedelta:
    """For how long a decision can be undone."""
    return deferred.undo_window(runtime().settings)


def to_next(passed: str | None = None) -> Response:
    """The next film, reserved; or the queue, if nothing waits."""
    video_id = queue.take_next(db(), me(), runtime().now(), passed=passed)
    if video_id is None:
        flash(_("There is nothing else to review."), "good")
        return redirect(url_for("moderation.queue"), 303)
    return redirect(url_for("moderation.film", video_id=video_id), 303)


def _restrict(video: Video, measure: Refusal) -> Answer:
    form = _form(video, measure)
    if not form.accepted():
        return _page(video, form), HTTPStatus.UNPROCESSABLE_ENTITY
    clip = review.clip_of(video, form.clip.data)
    now, ruling = runtime().now(), form.ruling()
    deferred.restrict(db(), video, clip, now, _terms(video), ruling=ruling)
    return _onwards(video)


def _onwards(video: Video) -> Response:
    """Stay while something in this film still waits, else go to the next one."""
    if queue.still_waits(db(), video.id):
        return redirect(url_for("moderation.film", video_id=video.id), 303)
    locks.release(db(), video.id, me())
    return to_next()


def _form(video: Video, measure: Refusal) -> DecisionForm:
    clips = clip_labels.shown(video) if measure is Refusal.TAKEN_DOWN else _waiting(video)
    return DecisionForm(measure, video, clips, chosen())


def _waiting(video: Video) -> list[Clip]:
    return clip_labels.undecided_clips(video, deferred.decided_in(db(), video.id))


def _openings(language: str) -> dict[Refusal, dict[str, str]]:
    """What each reason's words may start from, in the candidate's language."""
    return {
        measure: {code: translate(REASONS[code].opening, language) for code in codes}
        for measure, codes in decisions.REASONS_FOR.items()
    }


def _terms(video: Video) -> DeferredTerms:
    return DeferredTerms(me(), undo_window(), _film_link(video))


def _film_link(video: Video) -> str:
    return full_url("candidate.film", video_id=video.id)


def _told(events: Sequence[VideoEvent]) -> list[tuple[VideoEvent, AuditLine]]:
    """Each event, and how the log tells it."""
    entries = [audit_log.entry_of(event) for event in events]
    return list(
        zip(events, audit_log_text.sentences_of(db(), entries, me(), chosen()), strict=True)
    )


def _page(video: Video, filled: DecisionForm | None = None) -> str:
    now = runtime().now()
    lock = locks.held(db(), video.id, now)
    own = job_sought(video.occupation_code, video.job_words)
    decided = deferred.decided_in(db(), video.id)
    forms = {measure: _form(video, measure) for measure in Refusal}
    if filled is not None:
        forms[filled.measure] = filled
    return render_template(
        "moderation/film.html",
        video=video,
        reviews=review.part_reviews(db(), video, object_address),
        waiting=clip_labels.undecided_clips(video, decided),
        decided=decided,
        lately=review.decided_lately(db(), me(), now),
        undoable=deferred.undoable(db(), me(), now, undo_window()),
        shown=clip_labels.shown(video),
        label=lambda clip_id: clip_labels.label(video, clip_id, chosen()),
        sought=own,
        facts=profile_summary.summarize(video.owner.profile, own, now.date(), chosen()),
        earlier=_told(review.earlier(db(), video.id)),
        stated=review.stated(db(), video.id),
        forms=forms,
        openings=_openings(video.owner.language),
        candidates_language=Locale.parse(chosen()).languages[video.owner.language],
        film_player=player_of(video, Version.WORKING),
        filled=filled,
        lock=lock,
        mine=lock is not None and lock.moderator_id == me().id,
        now=now,
    )
