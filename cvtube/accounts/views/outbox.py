"""The local mailbox: every mail of a CV Tube that has no mail server to give them to.

Mails hold links that open accounts, so the page is for administrators alone. The password of
the demo's administrator is public: that one reads the mails of invented people, whose
addresses can belong to nobody, and never a real person's.
"""

from __future__ import annotations

from flask import render_template, request
from sqlalchemy import ColumnElement, select, true

from cvtube.accounts import addresses
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
    return _readable() is not None


@blueprint.get("/outbox")
@public
def outbox() -> str:
    """The mails, newest first."""
    readable = _readable()
    if readable is None:
        raise Refused("not_found")
    newest_first = select(Mail).where(readable).order_by(Mail.created_at.desc(), Mail.id.desc())
    if last := keyset.decode_position(request.args.get("after")):
        newest_first = newest_first.where(
            keyset.behind(Mail.created_at, Mail.id, last, newest_first=True)
        )
    rows = db().scalars(newest_first.limit(PAGE + 1)).all()
    page = keyset.page_of(rows, PAGE, lambda mail: keyset.KeysetPosition(mail.created_at, mail.id))
    return render_template("accounts/outbox.html", page=page)


def _readable() -> ColumnElement[bool] | None:
    """Which mails this visitor may read; None if the page is not for them."""
    settings, reader = runtime().settings, viewer()
    if settings.mail_url != "outbox" or reader is None or reader.role is not Role.ADMIN:
        return None
    if addresses.is_reserved(reader.email):
        return addresses.reserved(Mail.to_address)
    return None if settings.demo else true()
