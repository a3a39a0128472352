"""A sender that speaks tus through Flask's test client, and what it left in the storage."""

from __future__ import annotations

import base64
import hashlib
import random
from typing import IO, Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from cvtube.runtime import Runtime
from cvtube.videos import keys
from cvtube.videos.models import Clip, OriginalChunk
from cvtube.videos.upload_sessions import UploadSession

BYTES = "application/offset+octet-stream"
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"


def film(size: int, *, seed: int = 1, begins: bytes = MP4) -> bytes:
    """Bytes that begin like a film; what follows is noise, so that no two places look alike."""
    return (begins + noise(size, seed))[:size]


def noise(size: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 (the same in each run)


def metadata(**pairs: str) -> str:
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items())


def checksum(data: bytes, algorithm: str = "sha1") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


class Tus:
    """Every verb, with the headers a well-behaved sender gives, or what it is told (None: none)."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = english(client)

    def send(self, method: str, path: str, headers: dict[str, Any], **body: Any) -> TestResponse:
        given = {"Tus-Resumable": "1.0.0", **headers}
        kept = {name: str(value) for name, value in given.items() if value is not None}
        return self.client.open(path, method=method, headers=kept, **body)

    def options(self, path: str = "/uploads", **headers: Any) -> TestResponse:
        return self.send("OPTIONS", path, names(headers))

    def create(self, length: int | None = None, data: bytes = b"", **headers: Any) -> TestResponse:
        given = names(headers)
        if length is not None:
            given.setdefault("Upload-Length", length)
        if data:
            given.setdefault("Content-Type", BYTES)
        return self.send("POST", "/uploads", given, data=data)

    def head(self, path: str, **headers: Any) -> TestResponse:
        return self.send("HEAD", path, names(headers))

    def patch(self, path: str, offset: int | None, data: Any = b"", **headers: Any) -> TestResponse:
        given = {"Upload-Offset": offset, "Content-Type": BYTES, **names(headers)}
        return self.send("PATCH", path, given, data=data)

    def patch_stream(
        self, path: str, offset: int, stream: IO[bytes], *, announced: int, **headers: Any
    ) -> TestResponse:
        """The same with a body that may be shorter than announced."""
        given = {"Upload-Offset": offset, "Content-Type": BYTES, **names(headers)}
        environ = {"wsgi.input": stream, "CONTENT_LENGTH": str(announced)}
        return self.send("PATCH", path, given, environ_overrides=environ)

    def delete(self, path: str, **headers: Any) -> TestResponse:
        return self.send("DELETE", path, names(headers))


class Cut:
    """A body whose connection breaks."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int = -1) -> bytes:
        if not self._data:
            raise OSError("connection reset")
        piece, self._data = self._data[:size], self._data[size:]
        return piece


def english(client: FlaskClient) -> FlaskClient:
    """A browser that asks for English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def names(headers: dict[str, Any]) -> dict[str, Any]:
    """upload_length -> Upload-Length."""
    return {name.replace("_", "-").title(): value for name, value in headers.items()}


def code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


# -- what is left -------------------------------------------------------------------------------


def upload_of(runtime: Runtime, path: str) -> UploadSession:
    with runtime.reading() as session:
        return session.get_one(UploadSession, path.rpartition("/")[2])


def clip_of(runtime: Runtime, path: str) -> Clip:
    with runtime.reading() as session:
        return session.get_one(Clip, upload_of(runtime, path).clip_id)


def original(runtime: Runtime, path: str) -> bytes:
    """What a worker would join: the chunks in order, which must follow on each other."""
    joined = b""
    with runtime.reading() as session:
        rows = session.scalars(
            select(OriginalChunk)
            .where(OriginalChunk.clip_id == upload_of(runtime, path).clip_id)
            .order_by(OriginalChunk.start)
        ).all()
    for row in rows:
        assert row.start == len(joined)
        with runtime.storage.open(row.key) as pieces:
            data = b"".join(pieces)
        assert len(data) == row.size
        joined += data
    return joined


def stray_objects(runtime: Runtime, path: str) -> set[str]:
    """Objects of the upload that no row names."""
    clip = clip_of(runtime, path)
    with runtime.reading() as session:
        named = set(
            session.scalars(select(OriginalChunk.key).where(OriginalChunk.clip_id == clip.id))
        )
    prefix = keys.original(clip.video_id, clip.id)
    return {stored.key for stored in runtime.storage.list(prefix)} - named
