"""Who sends films: a browser that goes on whatever happens, and remembers what it was told."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from benchmarks.chaos.films import Film
from benchmarks.chaos.stack import PASSWORD
from benchmarks.load.wire import Answer, Browser, Diary

PIECES = (100_000, 400_000)  # bytes
PAUSE_S = (0.05, 0.5)  # between two pieces
POLL_EVERY_S = 1.0
ORDER_EVERY = 20  # looks
WAITS_S = (0.2, 0.5, 1.0, 2.0)  # after a break, the last one again and again
TUS = {"Tus-Resumable": "1.0.0"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


@dataclass
class Sent:
    """One film, and what its sender knows of it."""

    film: Film
    address: str  # of the account
    upload: str = ""  # where the bytes go, as the site said
    page: str = ""  # of the film
    acknowledged: int = 0  # bytes
    whole: bool = False
    moving: bool = True  # the page says that something is being done
    ordered: bool = False  # as one file
    exported: bool = False
    deleted: bool = False
    signed_in: int = 0  # times the site has said so
    lost: list[str] = field(default_factory=list)  # what was promised and not kept

    @property
    def upload_id(self) -> str:
        return self.upload.rpartition("/")[2]

    @property
    def video_id(self) -> str:
        return self.page.rpartition("/")[2]


@dataclass
class Answers:
    """How requests ended, of everybody together."""

    counted: Counter[str] = field(default_factory=Counter)

    def note(self, method: str, status: int) -> None:
        if status == 0:
            self.counted["no answer"] += 1
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.counted[str(status)] += 1
        if method == "PATCH":
            kept = status == HTTPStatus.NO_CONTENT
            self.counted["pieces kept" if kept else "pieces sent again"] += 1


class Person:
    """Somebody with one film, a browser that the site has never seen, and patience."""

    def __init__(self, port: int, number: int, sent: Sent, answers: Answers, seed: int) -> None:
        self.sent = sent
        self._chance = random.Random(seed * 100_003 + number)  # noqa: S311
        self._browser = Browser(port, number, Diary())
        self._answers = answers

    async def live(self, begins_s: float, *, exports: bool, deletes: bool) -> None:
        """Send the film, wait for it, and perhaps ask for more."""
        await asyncio.sleep(begins_s)
        await self._sign_in()
        await self._begin()
        await self._send()
        while self.sent.moving and not deletes:
            await self._look()
        if exports and not self.sent.film.broken:
            await self._export()
        if deletes:
            await self._delete()

    async def _ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        answer = await self._browser.ask(method, method, path, headers, body=body)
        self._answers.note(method, answer.status)
        return answer

    async def _breathe(self, breaks: int) -> None:
        longest = WAITS_S[min(breaks, len(WAITS_S) - 1)]
        await asyncio.sleep(longest * self._chance.uniform(0.5, 1.5))

    async def _sign_in(self) -> None:
        breaks = 0
        while True:
            page = await self._ask("GET", "/login")
            token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page.body)
            if token:
                said = {"email": self.sent.address, "password": PASSWORD}
                form = urlencode(said | {"csrf_token": token[1].decode()}).encode()
                answer = await self._ask("POST", "/login", FORM, form)
                if answer.status == HTTPStatus.SEE_OTHER:
                    self.sent.signed_in += 1
                    break
            breaks += 1
            await self._breathe(breaks)
        await self._renew()

    async def _renew(self) -> None:
        """A form's token, from any page."""
        breaks = 0
        while True:
            page = await self._ask("GET", "/my-films/new")
            token = re.search(rb'name="csrf-token" content="([^"]+)"', page.body)
            if token:
                self._browser.token = token[1].decode()
                return
            breaks += 1
            await self._breathe(breaks)

    async def _begin(self) -> None:
        """Where the answer is lost, ask what was begun, as the site's own page does."""
        film, breaks = self.sent.film, 0
        names = {"filename": f"{film.name}.mp4", "fingerprint": film.name}
        said = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in names.items())
        length = {"Upload-Length": str(len(film.data)), "Upload-Metadata": said}
        while not self.sent.upload:
            answer = await self._ask("POST", "/uploads", TUS | length)
            if answer.status == HTTPStatus.CREATED:
                self.sent.upload = answer.headers["location"]
                self.sent.page = answer.headers["film-location"]
                return
            breaks += 1
            await self._breathe(breaks)
            await self._find_begun()

    async def _find_begun(self) -> None:
        answer = await self._ask("GET", "/my-films/begun")
        if answer.status != HTTPStatus.OK:
            return
        for one in json.loads(answer.body)["uploads"]:
            if one["fingerprint"] == self.sent.film.name:
                self.sent.upload, self.sent.page = one["url"], one["film"]

    async def _send(self) -> None:
        offset: int | None = self.sent.acknowledged
        breaks, data = 0, self.sent.film.data
        while not self.sent.whole and not self.sent.lost:
            if offset is None:
                breaks += 1
                await self._breathe(breaks)
                offset = await self._where()
                continue
            piece = data[offset : offset + self._chance.randint(*PIECES)]
            more = TUS | {
                "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"
            }  # fmt: skip
            offset = self._heard(await self._ask("PATCH", self.sent.upload, more, piece))
            if offset is not None:
                breaks = 0
                await asyncio.sleep(self._chance.uniform(*PAUSE_S))

    async def _where(self) -> int | None:
        return self._heard(await self._ask("HEAD", self.sent.upload, TUS))

    def _heard(self, answer: Answer) -> int | None:
        """How far the site says it is; it must never be behind what it has said before."""
        if answer.status in GONE:
            self.sent.lost.append(f"upload {answer.status}")
        if answer.status not in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}:
            return None
        offset = int(answer.headers["upload-offset"])
        if offset < self.sent.acknowledged:
            self.sent.lost.append(f"{self.sent.acknowledged} bytes were kept, now {offset}")
        self.sent.acknowledged = max(offset, self.sent.acknowledged)
        self.sent.whole = offset == len(self.sent.film.data)
        return offset

    async def _look(self) -> None:
        await asyncio.sleep(POLL_EVERY_S)
        answer = await self._ask("GET", f"{self.sent.page}/state")
        if answer.status == HTTPStatus.OK:
            self.sent.moving = bool(json.loads(answer.body)["moving"])
        elif answer.status in GONE:
            self.sent.lost.append(f"film {answer.status}")
            self.sent.moving = False

    async def _export(self) -> None:
        """The film as one file. Asked for again at times: it may have been tried too often."""
        looks = 0
        while not self.sent.exported and not self.sent.lost:
            if looks % ORDER_EVERY == 0:
                answer = await self._ask("POST", f"{self.sent.page}/file")
                if answer.status == HTTPStatus.CONFLICT:  # the film itself has failed
                    return
                if answer.status == HTTPStatus.SEE_OTHER:
                    self.sent.ordered = True
                    looks += 1
            else:
                looks += 1
            await asyncio.sleep(POLL_EVERY_S)
            answer = await self._ask("GET", f"{self.sent.page}/file")
            self.sent.exported = answer.status == HTTPStatus.FOUND

    async def _delete(self) -> None:
        breaks = 0
        while not self.sent.deleted:
            answer = await self._ask("POST", f"{self.sent.page}/deletion")
            self.sent.deleted = answer.status in {HTTPStatus.SEE_OTHER, *GONE}
            breaks += 1
            await self._breathe(breaks)
