"""One name for all these pages: templates say `accounts.log_in` wherever the view is written."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from cvtube.accounts.models import Role, User

blueprint = Blueprint("accounts", __name__)

_HOME = {
    Role.CANDIDATE: "candidate.my_films",
    Role.RECRUITER: "browse.home",
    Role.MODERATOR: "moderation.queue",
    Role.ADVISER: "accounts.cards",
    Role.ADMIN: "moderation.queue",
}


def home_of(user: User) -> str:
    """The page on which the person's work begins."""
    return url_for(_HOME.get(user.role, "browse.home"))


def forgotten_here(answer: Response) -> Response:
    """Have the browser forget pictures and films of whoever leaves: others may use it next.

    Not its storage: what was filmed and is not sent yet would be lost (the studio's worker
    forgets kept pages and sent recordings there, and keeps the rest for its owner alone).
    """
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def go(endpoint: str, **values: Any) -> Response:
    """On to another page, to be read."""
    return redirect(url_for(endpoint, **values), 303)
