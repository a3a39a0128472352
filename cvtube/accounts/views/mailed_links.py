"""What links in mails open. Reading a page changes nothing; its button does."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from cvtube.accounts import access, credentials, links, signup
from cvtube.accounts.access import public
from cvtube.accounts.forms import NewPasswordForm
from cvtube.accounts.models import Role, TokenPurpose, User
from cvtube.accounts.views import network_limits
from cvtube.accounts.views.blueprint import blueprint, go, home_of
from cvtube.accounts.views.next_page import sought, sought_page
from cvtube.accounts.views.outbox import outbox_is_open
from cvtube.accounts.views.throttling import mark_browser
from cvtube.errors import Refused
from cvtube.web.addresses import full_url
from cvtube.web.errors import refusal_response as answer_refused
from cvtube.web.errors import wants_json
from cvtube.web.forms import Form, form_page
from cvtube.web.security import limiter
from cvtube.web.unit_of_work import db, runtime

MAIL_SENT = "mail_sent"  # in this browser's cookie: which mail it waits for, and who asked for it


@blueprint.get("/look-in-your-mailbox")
@public
def look_in_mailbox() -> str | Response:
    """What to do next, for whoever has just asked for a mail."""
    sent = cookie.get(MAIL_SENT)
    if not sent:
        return go("accounts.log_in")
    return render_template(
        "accounts/look_in_mailbox.html",
        address=sent["to"],
        signed_up="id" in sent,
        asked=sent.get("asked", "accounts.log_in"),
        outbox_open=outbox_is_open(),
        demo=runtime().settings.keeps_demo_mails,
    )


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@public
@limiter.limit(network_limits.MAILED_LINKS, methods=["POST"])
def confirm(token: str) -> Response:
    """Say that one reads the mails of the address one has signed up with."""
    form = Form()
    try:
        if form.accepted():
            return _welcome(signup.confirm(db(), token, runtime().now()))
        links.look_up(db(), token, TokenPurpose.CONFIRM_EMAIL, runtime().now())
    except Refused as refused:
        return _dead_link(refused)
    return form_page("accounts/confirm.html", form)


def _welcome(user: User) -> Response:
    """In at once where one has signed up; elsewhere the password is asked for."""
    waited_here = cookie.get(MAIL_SENT, {}).get("id") == user.id
    if user.role is Role.RECRUITER:  # who has to wait for a moderator first
        user.wanted_path = sought()
    if waited_here:
        access.log_in(user)  # which begins the cookie anew
    flash(_("Your email address is confirmed."), "good")
    if not waited_here:
        return go("accounts.log_in", next=sought())
    answer = redirect(_first_page(user), 303)
    mark_browser(answer, user.email or "")
    return answer


def _first_page(user: User) -> str:
    """What one came for, if it is for people like this; else what is asked of them first."""
    if user.role is Role.RECRUITER:
        return url_for("accounts.organisation")
    wanted = sought()
    return wanted if wanted and sought_page() != "videos" else url_for("accounts.profile")


@blueprint.route("/new-password/<token>", methods=["GET", "POST"])
@public
@limiter.limit(network_limits.MAILED_LINKS, methods=["POST"])
def reset_password(token: str) -> Response:
    """Choose a new password, and go in with it."""
    form = NewPasswordForm()
    try:
        if form.accepted():
            user = credentials.reset_password(
                db(),
                token,
                runtime().now(),
                password=form.text("password"),
                link=full_url("accounts.forgotten"),
            )
            access.log_in(user)
            flash(_("Your new password is saved. You are signed in."), "good")
            answer = redirect(sought() or home_of(user), 303)
            mark_browser(answer, user.email or "")
            return answer
        if request.method == "GET":
            links.look_up(db(), token, TokenPurpose.RESET_PASSWORD, runtime().now())
    except Refused as refused:
        if refused.code == "link_expired":
            return _dead_link(refused)
        form.refuse(refused, form.password)
    return form_page("accounts/new_password.html", form)


@blueprint.route("/new-address/<token>", methods=["GET", "POST"])
@public
@limiter.limit(network_limits.MAILED_LINKS, methods=["POST"])
def change_address(token: str) -> Response:
    """Say that one reads the mails of one's new address."""
    form = Form()
    try:
        if form.accepted():
            contact = runtime().settings.contact
            user = credentials.change_address(db(), token, runtime().now(), contact=contact)
            flash(_("Your new email address is saved. Use it to sign in."), "good")
            return go("accounts.settings") if user.password_hash else _choose_password(user)
        links.look_up(db(), token, TokenPurpose.CHANGE_EMAIL, runtime().now())
    except Refused as refused:
        return _dead_link(refused)
    return form_page("accounts/confirm_new_address.html", form)


def _choose_password(user: User) -> Response:
    """Who had a card alone has now read a mail, as for a forgotten password: what comes next."""
    token = links.make_token(
        db(), user, runtime().now(), TokenPurpose.RESET_PASSWORD, email=user.email or ""
    )
    return go("accounts.reset_password", token=token)


def _dead_link(refused: Refused) -> Response:
    """A link that no longer works, and how to get one that does."""
    if wants_json():
        return answer_refused(refused)
    page = make_response(render_template("accounts/dead_link.html", refused=refused))
    page.status_code = refused.status
    return page
