"""Addresses of organisations' websites, which moderators open to see whom they deal with."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cvtube.errors import Refused

LONGEST = 200
_HOST = re.compile(r"(?!-)[\w-]{1,63}(\.(?!-)[\w-]{1,63})+", re.UNICODE)


def normalize(typed: str) -> str | None:
    """The address with its scheme (it becomes a link); None where nothing was typed.

    Raises:
        Refused: "website_not_valid".
    """
    text = typed.strip()
    if not text:
        return None
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port  # raises for one that is none
    except ValueError as error:
        raise Refused("website_not_valid") from error
    fits = parts.scheme in {"http", "https"} and _HOST.fullmatch(host) and "@" not in parts.netloc
    if not fits or len(address) > LONGEST or re.search(r"\s", address):
        raise Refused("website_not_valid")
    return address
