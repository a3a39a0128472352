"""HTTP as the load needs it: many connections in one loop, and bodies sent as slowly as wished."""

from __future__ import annotations

import asyncio
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

PATIENCE_S = 30


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Diary:
    """How long each kind of request took (seconds), and how it ended."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, began: float, ending: str) -> None:
        self.seconds[kind].append(time.monotonic() - began)
        if ending:
            self.refused[kind].append(ending)

    def summary(self) -> dict[str, dict[str, object]]:
        """Milliseconds and refusals of each kind."""
        return {kind: _row(taken, self.refused[kind]) for kind, taken in self.seconds.items()}


def _row(taken: list[float], refused: list[str]) -> dict[str, object]:
    ordered = sorted(taken)
    at = {name: ordered[int(len(ordered) * share)] for name, share in _SHARES.items()}
    times = {name: round(value * 1000, 1) for name, value in at.items()}
    return {"requests": len(taken), "refused": len(refused), "why": sorted(set(refused)), **times}


_SHARES = {"p50_ms": 0.5, "p95_ms": 0.95, "max_ms": 0.99999}


class Browser:
    """One visitor: cookies, and an address of its own."""

    def __init__(self, port: int, number: int, diary: Diary) -> None:
        self._port, self.diary = port, diary
        self._source = f"127.0.{10 + number // 250}.{number % 250 + 1}"
        self._cookie = self.token = ""

    async def sign_in(self, email: str, password: str) -> None:
        """Through the page's own form."""
        page = await self.ask("sign in", "GET", "/login")
        self.token = _found(rb'name="csrf_token"[^>]*value="([^"]+)"', page.body)
        form = urlencode({"csrf_token": self.token, "email": email, "password": password})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        await self.ask("sign in", "POST", "/login", kind, body=form.encode())
        page = await self.ask("sign in", "GET", "/settings")
        self.token = _found(rb'name="csrf-token" content="([^"]+)"', page.body)

    async def ask(
        self,
        kind: str,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        *,
        body: bytes = b"",
        rate: int = 0,
    ) -> Answer:
        """A request on a connection of its own, its body at `rate` bytes a second (0: at once)."""
        began, ending = time.monotonic(), ""
        try:
            async with asyncio.timeout(PATIENCE_S + (len(body) / rate if rate else 0)):
                answer = await self._ask(method, path, headers or {}, body, rate)
            if answer.status >= HTTPStatus.BAD_REQUEST:
                ending = str(answer.status)
            return answer
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            ending = type(error).__name__
            return Answer(0, {}, b"")
        finally:
            self.diary.note(kind, began, ending)

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes, rate: int
    ) -> Answer:
        here = (self._source, 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=here)
        try:
            lines = {
                "Host": f"127.0.0.1:{self._port}",
                "Cookie": self._cookie,
                "Connection": "close",
            }
            lines |= {"X-CSRFToken": self.token, "Content-Length": str(len(body))} | headers
            head = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in lines.items()), "", ""]
            writer.write("\r\n".join(head).encode())
            await _send(writer, body, rate)
            answer = self._read(await reader.read())
            # What a server that dies has said half of is no answer.
            if method != "HEAD" and len(answer.body) < int(answer.headers.get("content-length", 0)):
                raise ConnectionResetError
            return answer
        finally:
            writer.close()

    def _read(self, answer: bytes) -> Answer:
        while answer.startswith(b"HTTP/1.1 100"):
            answer = answer.partition(b"\r\n\r\n")[2]
        head, end, body = answer.partition(b"\r\n\r\n")
        if not end:
            raise ConnectionResetError
        status, *lines = head.decode().split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
        if cookie := re.match(r"[^;]+", headers.get("set-cookie", "")):
            self._cookie = cookie[0]
        return Answer(int(status.split()[1]), headers, body)


async def _send(writer: asyncio.StreamWriter, body: bytes, rate: int) -> None:
    step = max(rate // 8, 1) if rate else len(body) or 1
    for start in range(0, len(body), step):
        writer.write(body[start : start + step])
        await writer.drain()
        if rate:
            await asyncio.sleep(1 / 8)


def _found(pattern: bytes, page: bytes) -> str:
    match = re.search(pattern, page)
    if match is None:
        raise RuntimeError("the page has no form")
    return match[1].decode()
