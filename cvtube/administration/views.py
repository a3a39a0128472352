"""The people and organisations of this site, and what administrators do with an account."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cvtube.accounts import account_states
from cvtube.accounts.access import for_roles, me
from cvtube.accounts.account_states import Act
from cvtube.accounts.labels import ROLES
from cvtube.accounts.models import Role
from cvtube.accounts.recruiters import Standing
from cvtube.accounts.suspension import SENTENCES, AccountMeasure, SuspensionReason
from cvtube.accounts.views.throttling import strangers_tries
from cvtube.administration import organisations as organisation_lists
from cvtube.administration import people as lists
from cvtube.administration.forms import FORMS, ActForm
from cvtube.administration.people import PeopleFilter, PersonRow, State
from cvtube.db import keyset
from cvtube.errors import Refused
from cvtube.i18n import N_
from cvtube.web.forms import form_page, one_line
from cvtube.web.unit_of_work import db, runtime

blueprint = Blueprint("administration", __name__, url_prefix="/admin")

LONGEST_SEARCH = 120
STATES = {
    State.ACTIVE: N_("active"),
    State.SUSPENDED: N_("suspended"),
    State.UNCONFIRMED: N_("email not confirmed"),
}
STANDINGS = {
    Standing.WAITING: N_("Waiting"),
    Standing.VERIFIED: N_("Verified"),
    Standing.REFUSED: N_("Rejected"),
}
DONE = {
    AccountMeasure.SUSPEND: N_("The account is suspended."),
    AccountMeasure.REOPEN: N_("The account is open again."),
    AccountMeasure.END_SESSIONS: N_("This person is signed out everywhere."),
    AccountMeasure.CHANGE_ROLE: N_("The role is changed."),
    AccountMeasure.CLOSE: N_("The account is closed."),
}

C = TypeVar("C", bound=enum.StrEnum)


@blueprint.get("/people")
@for_roles(Role.ADMIN)
def people() -> str:
    """Everybody with an account, or those who are searched for."""
    wanted = PeopleFilter(_search(), _one_of(Role, "role"), _one_of(State, "state"))
    page = lists.list_people(db(), wanted, after=keyset.decode_position(request.args.get("after")))
    return render_template(
        "administration/people.html", page=page, wanted=wanted, ROLES=ROLES, STATES=STATES
    )


@blueprint.get("/people/<user_id>")
@for_roles(Role.ADMIN)
def person(user_id: str) -> Response:
    """One account: what there is, what has happened, and what can be done."""
    return _person(lists.load_person(db(), user_id))


@blueprint.post("/people/<user_id>/suspension")
@for_roles(Role.ADMIN)
def suspend(user_id: str) -> Response:
    """Shut the person out."""
    return _act(user_id, AccountMeasure.SUSPEND, account_states.suspend)


@blueprint.post("/people/<user_id>/reopening")
@for_roles(Role.ADMIN)
def reopen(user_id: str) -> Response:
    """Let the person in again."""
    return _act(user_id, AccountMeasure.REOPEN, account_states.reopen)


@blueprint.post("/people/<user_id>/sign-out")
@for_roles(Role.ADMIN)
def end_sessions(user_id: str) -> Response:
    """Sign the person out everywhere."""
    return _act(user_id, AccountMeasure.END_SESSIONS, account_states.end_sessions)


@blueprint.post("/people/<user_id>/role")
@for_roles(Role.ADMIN)
def change_role(user_id: str) -> Response:
    """Give the person other work."""
    return _act(user_id, AccountMeasure.CHANGE_ROLE, lists.change_role)


@blueprint.post("/people/<user_id>/closure")
@for_roles(Role.ADMIN)
def close(user_id: str) -> Response:
    """Delete the account for good."""
    return _act(user_id, AccountMeasure.CLOSE, account_states.close)


@blueprint.get("/organisations")
@for_roles(Role.ADMIN)
def organisations() -> str:
    """Whom recruiters recruit for, who they are, and who has verified them."""
    text, which = _search(), _one_of(Standing, "standing")
    after = keyset.decode_position(request.args.get("after"))
    page = organisation_lists.find_organisation(db(), text, which, after=after)
    return render_template(
        "administration/organisations.html",
        page=page,
        text=text,
        which=which,
        STANDINGS=STANDINGS,
    )


def _act(user_id: str, measure: AccountMeasure, do: Callable[..., None]) -> Response:
    line = lists.load_person(db(), user_id)
    form = FORMS[measure]()
    if form.accepted():
        act = Act(
            me(),
            SuspensionReason(form.text("reason")),
            form.text("words"),
            runtime().settings.contact,
        )
        try:
            do(db(), line.user, runtime().now(), act, **form.more())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_(DONE[measure]), "good")
            gone = measure is AccountMeasure.CLOSE
            there = url_for(".people") if gone else url_for(".person", user_id=user_id)
            return redirect(there, 303)
    return _person(line, form)


def _person(line: PersonRow, sent: ActForm | None = None) -> Response:
    """The page, with the form that was sent as it was sent."""
    forms = {measure.value: form(formdata=None) for measure, form in FORMS.items()}
    if sent is not None:
        forms[sent.measure.value] = sent
    return form_page(
        "administration/person.html",
        sent or forms[AccountMeasure.SUSPEND.value],
        sent=sent.measure if sent else None,
        forms=forms,
        line=line,
        cards=lists.access_cards_of(db(), line.user),
        sign_ins=lists.sign_ins(db(), line.user),
        wrong_passwords=strangers_tries(db(), line.user.email) if line.user.email else 0,
        events=lists.events(db(), line.user),
        ROLES=ROLES,
        SENTENCES=SENTENCES,
    )


def _search() -> str:
    return (one_line(request.args.get("q")) or "")[:LONGEST_SEARCH]


def _one_of(kind: type[C], name: str) -> C | None:
    """A filter of the address; one that we never offer is no page of ours."""
    given: Any = request.args.get(name)
    try:
        return kind(given) if given else None
    except ValueError as error:
        raise Refused("not_found") from error
