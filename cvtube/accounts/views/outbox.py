"""The local mailbox: every mail of a CV Tube that has no mail server to give them to.

Mails hold links that open accounts. The page exists only where nobody else's mail can be in
it (the demonstration), or for administrators.
"""

from __future__ import annotations

from flask import render_template, request
from sqlalchemy import select

from cvtube.accounts.access import public, viewer
from cvtube.accounts.models import Role
from cvtube.accounts.views.blueprint import blueprint
from cvtube.db import keyset
from cvtube.errors import Refused
from cvtube.mail.models import Mail
from cvtube.web.unit_of_work import db, runtime

PAGE = 30


def outbox_is_open() -> bool:
    """Whether this visitor may read it."""
    settings = runtime().settings
    if settings.mail_url != "outbox":
        return False
    reader = viewer()
    return settings.demo or (reader is not None and reader.role is Role.ADMIN)


@blueprint.get("/outbox")
@public
def outbox() -> str:
    """The mails, newest first."""
    if not outbox_is_open():
        raise Refused("not_found")
    newest_first = select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc())
    if last := keyset.read(request.args.get("after")):
        newest_first = newest_first.where(
            keyset.behind(Mail.created_at, Mail.id, last, newest_first=True)
        )
    rows = db().scalars(newest_first.limit(PAGE + 1)).all()
    page = keyset.page_of(rows, PAGE, lambda mail: keyset.Place(mail.created_at, mail.id))
    return render_template("accounts/outbox.html", page=page)
