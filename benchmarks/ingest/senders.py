"""What is sent, the same to both servers: bodies of a size, one after the other."""

from __future__ import annotations

import http.client
import os
from collections.abc import Iterator
from http import HTTPStatus

MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"
BYTES = "application/offset+octet-stream"


def film(size: int) -> bytes:
    """Bytes that begin like a film; the rest is noise, as compressed pictures are."""
    return (MP4 + os.urandom(size))[:size]


class Sender:
    """One browser's connection to one server."""

    def __init__(self, port: int, headers: dict[str, str], film_bytes: bytes, body: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = headers
        self._film, self._body = memoryview(film_bytes), body
        self._address = "/"

    def begin(self) -> None:
        """What happens before the bytes, and is not measured: a new upload."""
        if "Tus-Resumable" in self._headers:
            said = {"Upload-Length": str(len(self._film))}
            self._address = self._ask("POST", "/uploads", said, HTTPStatus.CREATED)
        else:
            self._ask("POST", "/", {}, HTTPStatus.NO_CONTENT)

    def send(self) -> None:
        """The film."""
        for offset, body in self._bodies():
            said = {"Upload-Offset": str(offset), "Content-Type": BYTES}
            self._ask("PATCH", self._address, said, HTTPStatus.NO_CONTENT, body)

    def end(self) -> None:
        """Hang up, and leave no open upload behind."""
        if self._address != "/":
            self._ask("DELETE", self._address, {}, HTTPStatus.NO_CONTENT)
        self._connection.close()

    def _bodies(self) -> Iterator[tuple[int, memoryview]]:
        for offset in range(0, len(self._film), self._body):
            yield offset, self._film[offset : offset + self._body]

    def _ask(
        self,
        method: str,
        address: str,
        said: dict[str, str],
        expected: HTTPStatus,
        body: memoryview | None = None,
    ) -> str:
        self._connection.request(method, address, body, {**self._headers, **said})
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != expected:
            raise RuntimeError(f"{method} {address}: {answer.status}")
        return answer.headers.get("Location", "")
