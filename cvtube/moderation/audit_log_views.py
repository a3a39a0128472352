"""The event log as pages: one film's for moderators, everything for administrators."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask_babel import get_timezone

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.db import keyset
from cvtube.moderation import audit_log, audit_log_text, film_views
from cvtube.moderation.blueprint import blueprint
from cvtube.moderation.forms import AuditLogForm
from cvtube.web.language import chosen
from cvtube.web.unit_of_work import db


@blueprint.get("/moderation/films/<video_id>/events")
@for_roles(Role.MODERATOR)
def film_events(video_id: str) -> str:
    """Everything that happened to one film."""
    video = film_views.load_film(video_id)
    after = keyset.decode_position(request.args.get("after"))
    page = audit_log.log_page(db(), audit_log.AuditFilter(subject=video.id), after=after)
    told = audit_log_text.sentences_of(db(), page.rows, me(), chosen())
    return render_template("moderation/film_events.html", video=video, page=page, told=told)


@blueprint.get("/moderation/events")
@for_roles(Role.ADMIN)
def events() -> str | tuple[str, HTTPStatus]:
    """The whole log, by film or account, person and day."""
    form = AuditLogForm(formdata=request.args)
    if not form.validate():
        empty = keyset.Page[audit_log.AuditEntry]([], None)
        page = render_template("moderation/events.html", form=form, page=empty, told=[], asked={})
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = audit_log.AuditFilter(form.text("subject"), form.text("actor"), *_day(form.day.data))
    found = audit_log.log_page(
        db(), wanted, after=keyset.decode_position(request.args.get("after"))
    )
    asked = {field.name: field.raw_data[0] for field in form if field.data}
    told = audit_log_text.sentences_of(db(), found.rows, me(), chosen())
    return render_template("moderation/events.html", form=form, page=found, told=told, asked=asked)


def _day(day: date | None) -> tuple[datetime | None, datetime | None]:
    """A day from midnight to midnight, as the clocks of the site's readers have it."""
    if day is None:
        return None, None
    zone = ZoneInfo(str(get_timezone()))
    return (
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )
