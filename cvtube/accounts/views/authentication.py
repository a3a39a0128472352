"""Sign up, log in, log out, and the forgotten password."""

from __future__ import annotations

from flask import request
from flask import session as cookie
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from cvtube.accounts import access, addresses, credentials, people, signup
from cvtube.accounts.access import public
from cvtube.accounts.forms import AddressForm, LogInForm, RecruiterSignUpForm, SignUpForm
from cvtube.accounts.models import Organisation, Role, User
from cvtube.accounts.recruiters import organisation_of
from cvtube.accounts.views import network_limits
from cvtube.accounts.views.blueprint import blueprint, forgotten_here, go, home_of
from cvtube.accounts.views.mailed_links import MAIL_SENT
from cvtube.accounts.views.next_page import sought
from cvtube.accounts.views.throttling import throttled, welcome
from cvtube.errors import Refused
from cvtube.web.addresses import full_url
from cvtube.web.forms import form_page
from cvtube.web.language import chosen
from cvtube.web.security import limiter
from cvtube.web.unit_of_work import db, runtime


@blueprint.route("/login", methods=["GET", "POST"])
@public
@network_limits.passwords
def log_in() -> Response:
    """Come back."""
    form = LogInForm()
    if form.accepted():
        try:
            user = _proven(addresses.normalize(form.text("email")), form.text("password"))
        except Refused as refused:
            form.refuse(refused)
        else:
            credentials.renew_hash(db(), user, form.text("password"))
            access.log_in(user, stay=form.stay.data)
            return _inside(user)
    elif known := access.viewer():
        return redirect(home_of(known), 303)
    return form_page("accounts/log_in.html", form)


def _proven(address: str, password: str) -> User:
    """Whoever knows the password of the address; a try is counted before it is looked at."""
    with throttled(address):
        with runtime().reading() as session:
            user = people.find_user(session, address)
        return credentials.verify_password(user, password)


def _inside(user: User) -> Response:
    """To the page one wanted, else to where one's work begins."""
    answer = redirect(sought() or home_of(user), 303)
    welcome(answer, user, user.email or "")
    return answer


@blueprint.post("/logout")
@public
def log_out() -> Response:
    """Leave."""
    access.log_out()
    return forgotten_here(go("browse.home"))


@blueprint.route("/signup", methods=["GET", "POST"])
@public
@network_limits.new_accounts
def sign_up() -> Response:
    """Make a candidate's account."""
    form = SignUpForm()
    if form.accepted() and _signed_up(form, Role.CANDIDATE):
        return go("accounts.look_in_mailbox", next=sought())
    return form_page("accounts/sign_up.html", form)


@blueprint.route("/signup/recruiter", methods=["GET", "POST"])
@public
@network_limits.new_accounts
def sign_up_recruiter() -> Response:
    """Make a recruiter's account, which a moderator looks at before it opens anything."""
    form = RecruiterSignUpForm()
    if form.accepted():
        organisation = organisation_of(
            runtime().now(),
            name=form.text("organisation"),
            siret=form.text("siret"),
            website=form.text("website"),
        )
        if _signed_up(form, Role.RECRUITER, organisation):
            return go("accounts.look_in_mailbox", next=sought())
    return form_page("accounts/sign_up_recruiter.html", form)


def _signed_up(form: SignUpForm, role: Role, organisation: Organisation | None = None) -> bool:
    try:
        waiting = signup.sign_up(
            db(),
            runtime().now(),
            email=form.text("email"),
            password=form.text("password"),
            role=role,
            given_name=form.text("given_name"),
            family_name=form.text("family_name"),
            language=chosen(),
            organisation=organisation,
            confirm_link=lambda token: full_url("accounts.confirm", token=token, next=sought()),
            log_in_link=full_url("accounts.log_in", next=sought()),
        )
    except Refused as refused:  # a password that is the address itself
        form.refuse(refused, form.password)
        return False
    cookie[MAIL_SENT] = {"to": form.text("email"), "id": waiting, "asked": request.endpoint}
    return True


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
@public
@limiter.limit(network_limits.FORGOTTEN, methods=["POST"])
def forgotten() -> Response:
    """Ask for a link to choose a new password."""
    form = AddressForm()
    if form.accepted():
        credentials.send_reset_link(
            db(),
            form.text("email"),
            runtime().now(),
            link=lambda token: full_url("accounts.reset_password", token=token, next=sought()),
        )
        cookie[MAIL_SENT] = {"to": form.text("email"), "asked": request.endpoint}
        return go("accounts.look_in_mailbox", next=sought())
    return form_page("accounts/forgotten.html", form)
