"""Whom to tell about a hole in this site, where people who find one look first (RFC 9116)."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response

from cvtube.errors import Refused
from cvtube.web.addresses import full_url
from cvtube.web.guard import public
from cvtube.web.unit_of_work import runtime

GOOD_FOR = timedelta(days=180)  # the RFC advises less than a year

blueprint = Blueprint("security_txt", __name__)


@blueprint.get("/.well-known/security.txt")
@public
def security_txt() -> Response:
    """The operator's contact; there is no such page where they have named none."""
    contact = address_of(runtime().settings.contact)
    if contact is None:
        raise Refused("not_found")
    until = (runtime().now() + GOOD_FOR).replace(minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {contact}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {full_url('security_txt.security_txt')}",
    )
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")


def address_of(contact: str) -> str | None:
    """The contact as a URI, if it is an email address or a page."""
    if contact.startswith("https://"):
        return contact
    name, at, domain = contact.partition("@")
    return f"mailto:{contact}" if name and at and "." in domain and " " not in contact else None
