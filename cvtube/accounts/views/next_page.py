"""The page somebody wanted before they were asked who they are, carried from door to door.

It is a path of this site, in `next`: from the page that asks to sign in to the one that makes an
account, through the link in the email, to the other side. It opens nothing: whoever arrives is
asked by that page like everybody else.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from cvtube.accounts.models import PATH_LENGTH
from cvtube.accounts.views.blueprint import blueprint
from cvtube.web.language import local_path

# Pages for recruiters that somebody without an account may have been sent the address of.
VIDEOS = frozenset({"browse.watch", "browse.find"})


@blueprint.app_template_global()
def sought() -> str | None:
    """Its path; None if nothing but the site was wanted."""
    path = local_path(request.args.get("next", ""))
    return path if path != "/" and len(path) <= PATH_LENGTH else None


@blueprint.app_template_global()
def sought_page() -> str:
    """What it is: "videos", another "page", or ""."""
    try:
        path = urlsplit(sought() or "/").path
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:  # nobody was sent here from there
        return ""
    if endpoint == "browse.home":
        return ""
    return "videos" if endpoint in VIDEOS else "page"
