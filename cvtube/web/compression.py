"""Pages go out compressed, whatever stands in front: 40 kB of HTML are 7 on the way to a phone.

Files of the build are compressed when they are built (`assets`); films and pictures are already.
"""

from __future__ import annotations

import gzip
import secrets
from http import HTTPStatus

from flask import Flask, Response, request

SMALLEST = 1024  # bytes; below, the head is most of the answer
LEVEL = 5  # beyond it, the time goes up and the size hardly down
KINDS = frozenset(
    {
        "text/html",
        "text/plain",
        "text/vtt",
        "text/css",
        "text/javascript",
        "application/json",
        "application/problem+json",
        "application/manifest+json",
        "application/vnd.apple.mpegurl",
        "image/svg+xml",
    }
)
# A page has a secret (its form's token) beside what an address may bring into it: from the size of
# many such answers, compressed, somebody on the line could learn the secret bit by bit (BREACH).
# A length that differs by chance makes that take many times as many. Other sites' pages cannot ask
# in a visitor's name anyway: the cookie is SameSite.
NOISE = 64  # bytes at most


def init_app(app: Flask) -> None:
    """Compress each answer that is worth it, for whoever can read it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not _is_worth_it(response):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    response.set_data(_compressed(response.get_data()))
    response.content_encoding = "gzip"
    tag, _weak = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)
    return response


def _is_worth_it(response: Response) -> bool:
    return (
        response.status_code not in {HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED}
        and response.mimetype in KINDS
        and "Content-Encoding" not in response.headers
        and not response.direct_passthrough
        and not response.is_streamed
        and (response.content_length or 0) >= SMALLEST
    )


def _compressed(data: bytes) -> bytes:
    """As gzip, with a name of random length in its head (RFC 1952, section 2.3.1)."""
    compressed = gzip.compress(data, LEVEL, mtime=0)
    name = b"x" * secrets.randbelow(NOISE)
    head, rest = compressed[:10], compressed[10:]
    flags = head[3] | 0x08
    return head[:3] + bytes([flags]) + head[4:] + name + b"\0" + rest
