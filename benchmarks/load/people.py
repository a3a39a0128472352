"""Who comes: uploaders on a slow line, players, searchers, and people who say nothing."""

from __future__ import annotations

import asyncio
import random
import re
import time
from http import HTTPStatus
from urllib.parse import quote

from benchmarks.load.wire import Browser, Diary

RATE = 50_000  # bytes a second of an uploader
PIECE = 256 * 1024  # bytes a PATCH, as the product's own sender has them on such a line
FILM = 20_000_000  # bytes; never finished, so that nothing is transcoded meanwhile
WORDS = ("soudeur", "cuisine", "infirmier", "vente", "paris", "lyon", "magasin", "équipe")
TUS = {"Tus-Resumable": "1.0.0"}


async def upload(browser: Browser, clip: bytes, end: float) -> None:
    """A film, piece by piece, for as long as the load lasts."""
    begun = await browser.ask(
        "begin an upload", "POST", "/uploads", TUS | {"Upload-Length": str(FILM)}
    )
    place, offset = begun.headers.get("location"), 0
    while place and time.monotonic() < end:
        piece = (clip + bytes(FILM))[offset : offset + PIECE]
        more = TUS | {
            "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"
        }  # fmt: skip
        answer = await browser.ask("send 256 KiB", "PATCH", place, more, body=piece, rate=RATE)
        if answer.status != HTTPStatus.NO_CONTENT:
            break
        offset = int(answer.headers["upload-offset"])
    if place:
        await browser.ask("take an upload back", "DELETE", place, TUS)


Segment = tuple[str, int, int]


async def films(browser: Browser) -> dict[str, list[Segment]]:
    """Each film's playlist, with the parts of files it names."""
    page = await browser.ask("search", "GET", "/search")
    found = {}
    for film in sorted(set(re.findall(r"/films/([0-9a-z]{26})", page.body.decode()))):
        above = f"/films/{film}/published"
        master = await browser.ask("playlist", "GET", f"{above}/master.m3u8")
        name = min(re.findall(r"h264-\d+\.m3u8", master.body.decode()))
        media = await browser.ask("playlist", "GET", f"{above}/{name}")
        found[f"{above}/{name}"] = _segments(media.body.decode())
    return found


def _segments(playlist: str) -> list[Segment]:
    found = re.findall(r"#EXT-X-BYTERANGE:(\d+)@(\d+)\s+([^#\s]+)", playlist)
    return [(address, int(start), int(size)) for size, start, address in found]


async def play(browser: Browser, there: dict[str, list[Segment]], end: float, seed: int) -> None:
    """Films, from their beginning, a segment a second."""
    chance = random.Random(seed)  # noqa: S311 (which film is no secret)
    while time.monotonic() < end:
        playlist = chance.choice(sorted(there))
        await browser.ask("playlist", "GET", playlist)
        for address, start, size in there[playlist][:6]:
            part = {"Range": f"bytes={start}-{start + size - 1}"}
            await browser.ask("segment", "GET", address, part)
            await asyncio.sleep(chance.uniform(0.5, 1.5))


async def search(browser: Browser, end: float, seed: int) -> None:
    """One word after the other."""
    chance = random.Random(seed)  # noqa: S311
    while time.monotonic() < end:
        await browser.ask("search", "GET", f"/search?q={quote(chance.choice(WORDS))}")
        await asyncio.sleep(chance.uniform(0.5, 1.5))


async def look(browser: Browser, end: float) -> None:
    """The pages that everybody comes by."""
    while time.monotonic() < end:
        await browser.ask("health", "GET", "/healthz")
        await browser.ask("sign-in page", "GET", "/login")
        await asyncio.sleep(0.5)


async def say_nothing(port: int, end: float, diary: Diary) -> None:
    """A connection with one byte of a form, opened again whenever it is ended."""
    head = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\ne"
    while time.monotonic() < end:
        began, ending = time.monotonic(), ""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head)
            await asyncio.wait_for(reader.read(), max(0.1, end - time.monotonic()))
            writer.close()
        except TimeoutError:
            writer.close()
        except OSError as error:
            ending = type(error).__name__
        diary.note("say nothing", began, ending)
