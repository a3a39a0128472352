"""Who asks, and which pages are for whom.

Every view says for whom it is, with one decorator: `public`, `signed_in` or `for_roles`; a
test refuses views that say nothing. Visitors who are not logged in are asked to log in;
people for whom a page is not get the same answer as for a page that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask, g, redirect, request, url_for
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response

from cvtube.accounts import sessions
from cvtube.accounts.models import LoginSession, Role, User
from cvtube.accounts.suspension import Suspended
from cvtube.errors import Refused
from cvtube.web.errors import wants_json
from cvtube.web.guard import GUARD, public
from cvtube.web.rate_limits import tell_people_apart
from cvtube.web.unit_of_work import READING, db, runtime

__all__ = [
    "GUARD",
    "ask_to_log_in",
    "for_roles",
    "log_in",
    "log_out",
    "me",
    "myself",
    "public",
    "signed_in",
    "viewer",
]

P = ParamSpec("P")
R = TypeVar("R")

CARD = "card"  # in this browser's cookie: the access card by which somebody came in


class Visitor(UserMixin):
    """What Flask-Login keeps: the log-in, known to it by its token alone."""

    def __init__(self, token: str, login: LoginSession) -> None:
        self.token = token
        self.login = login

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    """Know the visitor of each request."""
    # The rows decide how long a log-in lives; a cookie that is kept must only live as long.
    app.config.update(
        PERMANENT_SESSION_LIFETIME=sessions.LONGEST, SESSION_REFRESH_EACH_REQUEST=False
    )
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # templates have `viewer`
    manager.session_protection = None  # the row decides, not the browser's name
    manager.user_loader(_load)
    tell_people_apart(app, lambda: user.id if (user := viewer_of_page()) else None)
    app.before_request(_know_before_writing)
    app.context_processor(lambda: {"viewer": viewer_of_page()})


def viewer() -> User | None:
    """Who asks; None for a visitor who is not logged in.

    The row as it was when the request began, outside any transaction: nothing stays open, or
    locked, only because somebody is known. To change the account, take `myself`.
    """
    visitor = cast(Visitor, current_user)
    return visitor.login.user if visitor.is_authenticated else None


def viewer_of_page() -> User | None:
    """The same where nothing may fail: the page "our database does not answer" needs it, too."""
    try:
        return viewer()
    except SQLAlchemyError:
        return None


def me() -> User:
    """Who asks, in a view that is for logged-in people."""
    user = viewer()
    if user is None:
        raise _unknown()
    return user


def this_log_in() -> LoginSession | None:
    """The log-in this browser has, among those of the same person."""
    visitor = cast(Visitor, current_user)
    return visitor.login if visitor.is_authenticated else None


def myself() -> User:
    """Who asks, as a row of this request's transaction, to be changed."""
    beside = [selectinload(User.profile), joinedload(User.organisation)]
    return db().get_one(User, me().id, options=beside)


def log_in(user: User, *, stay: bool = False, card_id: str | None = None) -> None:
    """Log this browser in: until it is closed, or for long where it is somebody's own.

    Any log-in it had before is ended: its token is never reused, nor is anything else kept
    that the visitor before had. One that an access card opens ends with the card.
    """
    log_out()
    cookie.clear()
    cookie["language"] = user.language
    if card_id:
        cookie[CARD] = card_id
    cookie.permanent = stay and not user.is_staff
    sessions.note_sign_in(db(), user, runtime().now())
    token = sessions.open_session(
        db(), user, runtime().now(), device=device_name(), card_id=card_id
    )
    db().flush()
    found = sessions.find_session(db(), token, runtime().now(), runtime().settings)
    if found is not None:
        login_user(Visitor(token, found))


def log_out() -> None:
    """End this browser's log-in, if it has one."""
    visitor = cast(Visitor, current_user)
    if visitor.is_authenticated:
        sessions.end_session(db(), visitor.token)
    logout_user()


def signed_in(view: Callable[P, R]) -> Callable[P, R | Response]:
    """For everybody who is logged in."""
    return for_roles(*Role)(view)


def for_roles(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """For logged-in people of these roles; administrators may do what moderators may."""
    allowed = set(roles) | ({Role.ADMIN} if Role.MODERATOR in roles else set())

    def guard(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            user = viewer()
            if user is None:
                return ask_to_log_in()
            if user.role not in allowed:
                raise Refused("not_found")
            return view(*args, **kwargs)

        setattr(guarded, GUARD, frozenset(allowed))
        return guarded

    return guard


def ask_to_log_in() -> Response:
    """The answer to a visitor who may find the page once we know them."""
    refusal = _unknown()
    if "suspended" in g or wants_json() or request.method not in {"GET", "HEAD"}:
        raise refusal
    door = "accounts.log_in_by_card" if CARD in cookie else "accounts.log_in"
    return redirect(url_for(door, next=request.full_path.rstrip("?")), 303)


def _unknown() -> Refused:
    """Why this visitor is nobody: not logged in, or suspended since they were."""
    suspended: User | None = g.get("suspended")
    return Refused("log_in_first") if suspended is None else Suspended(suspended)


def _know_before_writing() -> None:
    """Look who asks before a writing request's transaction can begin.

    To note the visit takes a transaction of its own, which on SQLite would wait for the
    request's one for ever.
    """
    if request.method not in READING:
        viewer()


def _load(token: str) -> Visitor | None:
    now = runtime().now()
    with runtime().reading() as session:
        found = sessions.find_session(session, token, now, runtime().settings)
        suspended = None if found else sessions.of_somebody_suspended(session, token)
    if suspended is not None:
        g.suspended = suspended
    if found is None:
        return None
    if found.last_seen_at + sessions.SEEN_EVERY < now:
        # A page that is only read needs no room on the disk, nor a turn among those who write.
        with suppress(OperationalError), runtime().transaction() as session:
            sessions.note_visit(session, found.id, now)
    return Visitor(token, found)


def device_name() -> str:
    """A few words by which people recognise their own device in the list of log-ins."""
    agent = request.user_agent.string
    systems = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
    browsers = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
    system = next((name for name in systems if name in agent), "?")
    browser = next((name for name in browsers if name in agent), "?")
    names = {"Edg": "Edge", "OPR": "Opera", "Macintosh": "Mac"}
    return f"{names.get(browser, browser)} · {names.get(system, system)}"
