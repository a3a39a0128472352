"""What the addresses among the settings look like; a ValueError says what is wrong with one.

An empty one stands for the default; only that of the mail server is never empty.
"""

from __future__ import annotations

from urllib.parse import urlsplit

PLACEHOLDER = "change-me"  # every secret of deploy/*.env
# Names of this very machine, which nobody else's request or listener can bear.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def http_url(value: str) -> str:
    """The site's own address, without a path."""
    parts = urlsplit(value)
    if not value:
        return value
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise ValueError("must be the site's address alone, such as https://cv.example.org")
    return value.rstrip("/")


def database_url(value: str) -> str:
    """SQLite's file or a PostgreSQL database."""
    if value and not value.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return _without_placeholder(value)


def redis_url(value: str) -> str:
    """A Redis or Valkey server."""
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must start with redis://, rediss:// or unix://")
    return _without_placeholder(value)


def storage_url(value: str) -> str:
    """A folder, or a bucket of an S3 service."""
    if value and not value.startswith(("file:///", "s3://")):
        raise ValueError("must be file:///folder or s3://bucket?endpoint=https://…&region=…")
    return value


def accel_path(value: str) -> str:
    """A proxy's internal location."""
    if value and not (value.startswith("/") and value.endswith("/") and len(value) > 1):
        raise ValueError("must begin and end with a slash, such as /stored/")
    return value


def mail_url(value: str) -> str:
    """A mail server, or the word for having none."""
    if value != "outbox" and urlsplit(value).scheme not in {"smtp", "smtps"}:
        raise ValueError("must be outbox, smtp://user:password@host:587 or smtps://…")
    return value


def _without_placeholder(value: str) -> str:
    if urlsplit(value).password == PLACEHOLDER:
        raise ValueError("has the example's password, which everybody knows: choose another one")
    return value
