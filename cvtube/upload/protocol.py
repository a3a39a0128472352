"""The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload), read and written.

Pure functions; each refuses with the status the protocol demands. Nothing a client writes
reaches the database or an answer's header without having passed here.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from cvtube.errors import Refused

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,creation-defer-length,checksum,expiration,termination"
CONTENT_TYPE = "application/offset+octet-stream"
CHECKSUM_BYTES = {"sha1": 20, "sha256": 32}

MAX_METADATA = 2000  # characters
_NUMBER = re.compile(r"[0-9]+")
_LONGEST_NUMBER = 18  # digits: more bytes than any storage has
_METADATA_KEY = re.compile(r"[!-+\--~\x80-\xff]+")  # no space, comma or control character


@dataclass(frozen=True)
class Checksum:
    """What the sender says its bytes hash to."""

    algorithm: str
    digest: bytes


def check_version(spoken: str | None) -> None:
    """Refuse any version but ours; a client that names none does not speak the protocol."""
    if spoken != VERSION:
        raise Refused("tus_version", headers={"Tus-Version": VERSION})


def check_content_type(said: str | None) -> None:
    """Refuse bytes that are not sent as an upload's bytes."""
    if (said or "").partition(";")[0].strip().lower() != CONTENT_TYPE:
        raise Refused("tus_content_type")


def check_extensions(concat: str | None) -> None:
    """Refuse what was never offered, instead of taking a part for a whole film."""
    if concat is not None:
        raise Refused("tus_extension", header="Upload-Concat")


def parse_offset(value: str | None) -> int:
    """Where the sender goes on."""
    return _number("Upload-Offset", value)


def parse_length(length: str | None, deferred: str | None) -> int | None:
    """How long the upload will be; None if the sender says it later."""
    if deferred is None:
        return _number("Upload-Length", length)
    if deferred != "1" or length is not None:
        raise Refused("tus_header", header="Upload-Defer-Length")
    return None


def parse_late_length(length: str | None) -> int | None:
    """The length said with a PATCH, if it is."""
    return None if length is None else _number("Upload-Length", length)


def parse_metadata(value: str | None) -> dict[str, str]:
    """What the sender says about the file; bytes that are no text are replaced, not refused."""
    if not value:
        return {}
    if len(value) > MAX_METADATA:
        raise Refused("tus_header", header="Upload-Metadata")
    found: dict[str, str] = {}
    for pair in value.split(","):
        key, _, encoded = pair.strip(" ").partition(" ")
        if not _METADATA_KEY.fullmatch(key) or key in found:
            raise Refused("tus_header", header="Upload-Metadata")
        found[key] = _decoded("Upload-Metadata", encoded).decode(errors="replace")
    return found


def parse_checksum(value: str | None) -> Checksum | None:
    """The checksum of the body, if the sender gives one."""
    if value is None:
        return None
    algorithm, _, encoded = value.partition(" ")
    if algorithm not in CHECKSUM_BYTES:
        raise Refused("checksum_unknown")
    digest = _decoded("Upload-Checksum", encoded)
    if len(digest) != CHECKSUM_BYTES[algorithm]:
        raise Refused("tus_header", header="Upload-Checksum")
    return Checksum(algorithm, digest)


def http_date(moment: datetime) -> str:
    """A time as headers write it (RFC 9110, section 5.6.7)."""
    return format_datetime(moment, usegmt=True)


def _number(header: str, value: str | None) -> int:
    if value is None or not _NUMBER.fullmatch(value):
        raise Refused("tus_header", header=header)
    # A longer number is as right as any other, but nothing could ever be that big.
    return int(value) if len(value.lstrip("0")) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER


def _decoded(header: str, encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise Refused("tus_header", header=header) from error
