"""Addresses of pages as they stand in mails."""

from __future__ import annotations

from typing import Any

from flask import url_for

from cvtube.web.unit_of_work import runtime


def full_url(endpoint: str, **values: Any) -> str:
    """The page's whole address.

    It starts as the settings say, never as the request does: whoever asks could name any
    host, and the link would go to somebody else's mailbox.
    """
    return absolute_url(url_for(endpoint, **values))


def absolute_url(path: str) -> str:
    """The same of a path of this site."""
    return runtime().settings.public_url + path
