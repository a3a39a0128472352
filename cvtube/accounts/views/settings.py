"""One's own account: name, language, address, password, log-ins, and its end."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext as _
from sqlalchemy import delete, select
from werkzeug.wrappers import Response

from cvtube.accounts import access, credentials, people
from cvtube.accounts.access import for_roles, me, myself, signed_in
from cvtube.accounts.cards import verify
from cvtube.accounts.forms import (
    ChangeAddressForm,
    ChangePasswordForm,
    ConfirmForm,
    LanguageForm,
    NamesForm,
)
from cvtube.accounts.models import LoginSession, Role
from cvtube.accounts.profile import save_names
from cvtube.accounts.views import network_limits
from cvtube.accounts.views.blueprint import blueprint, forgotten_here, go
from cvtube.accounts.views.confirmation import ask, is_asked_first
from cvtube.accounts.views.outbox import outbox_is_open
from cvtube.accounts.views.reauthentication import confirm_form, it_is_me
from cvtube.errors import Refused
from cvtube.web.addresses import full_url
from cvtube.web.forms import form_page
from cvtube.web.language import language_chosen, speak
from cvtube.web.unit_of_work import db, runtime


@blueprint.route("/account", methods=["GET", "POST"])
@signed_in
def settings() -> Response:
    """Everything about one's account, and one's name to change."""
    form = NamesForm(obj=me())
    if form.accepted():
        given, family = form.text("given_name"), form.text("family_name")
        save_names(db(), myself(), given, family, runtime().now())
        flash(_("Your name is saved."), "good")
        return go("accounts.settings")
    log_ins = select(LoginSession).where(LoginSession.user_id == me().id)
    return form_page(
        "accounts/settings.html",
        form,
        language_form=LanguageForm(formdata=None, data={"language": me().language}),
        log_ins=db().scalars(log_ins.order_by(LoginSession.last_seen_at.desc())).all(),
        this_log_in=access.this_log_in(),
        card=verify.card_of(db(), me()),
        outbox_open=outbox_is_open(),
    )


@blueprint.post("/account/language")
@signed_in
def set_language() -> Response:
    """The language of pages and mails."""
    form = LanguageForm()
    if not form.accepted():
        raise Refused("choice_unknown")
    speak(form.language.data)
    _remember(form.language.data)
    flash(_("Your language is saved."), "good")
    return go("accounts.settings")


@language_chosen.connect
def _remember(language: str) -> None:
    """Write to people in the language in which they last chose to read."""
    if access.viewer() is not None:
        myself().language = language


@blueprint.route("/account/log-ins/<log_in_id>/end", methods=["GET", "POST"])
@signed_in
def end_log_in(log_in_id: str) -> Response | str:
    """Log out on another device, from here."""
    login = db().scalar(
        select(LoginSession).where(LoginSession.id == log_in_id, LoginSession.user_id == me().id)
    )
    if login is None:
        raise Refused("not_found")
    if is_asked_first():
        return ask(
            _("Sign out that device?"),
            [login.device, _("To use that device again, sign in on it again.")],
            button=_("Sign out that device"),
            stay=_("Back"),
            back="accounts.settings",
        )
    db().execute(delete(LoginSession).where(LoginSession.id == login.id))
    flash(_("That device is signed out."), "good")
    return go("accounts.settings")


@blueprint.route("/account/password", methods=["GET", "POST"])
@signed_in
def change_password() -> Response:
    """Another password; every other log-in ends."""
    form = ChangePasswordForm()
    if form.accepted() and it_is_me(form):
        try:
            credentials.change_password(
                db(),
                me(),
                runtime().now(),
                password=form.text("password"),
                link=full_url("accounts.forgotten"),
            )
        except Refused as refused:
            form.refuse(refused, form.password)
        else:
            access.log_in(myself())
            flash(_("Your new password is saved. Your other devices are signed out."), "good")
            return go("accounts.settings")
    return form_page("accounts/change_password.html", form)


@blueprint.route("/account/address", methods=["GET", "POST"])
@signed_in
@network_limits.limit_writes(network_limits.NEW_ADDRESSES)
def new_address() -> Response:
    """Another e-mail address, once it has answered."""
    form = confirm_form(ChangeAddressForm)
    if form.accepted() and it_is_me(form):
        credentials.send_address_link(
            db(),
            me(),
            runtime().now(),
            email=form.text("email"),
            link=lambda token: full_url("accounts.change_address", token=token),
        )
        flash(_("We have emailed your new address. Open the link in that email."), "good")
        return go("accounts.settings")
    return form_page("accounts/change_address.html", form)


@blueprint.route("/account/deletion", methods=["GET", "POST"])
@for_roles(Role.CANDIDATE, Role.RECRUITER)
def delete_account() -> Response:
    """Leave for good. Staff accounts are closed by the operator."""
    form = confirm_form(ConfirmForm)
    if form.accepted() and it_is_me(form):
        user = myself()
        access.log_out()
        people.delete_account(db(), user, runtime().now())
        flash(_("Your account is deleted. Goodbye!"), "good")
        return forgotten_here(go("browse.home"))
    return form_page("accounts/deletion.html", form)
