"""Cards for tests: made as an adviser makes them, read as a camera reads them."""

from __future__ import annotations

import html
import re
import subprocess
from dataclasses import dataclass

import zxingcpp
from imageio_ffmpeg import get_ffmpeg_exe


@dataclass(frozen=True)
class Paper:
    """What is printed on one card."""

    name: str
    number: str
    secret: str
    pin: str


def printed(page: str) -> list[Paper]:
    """The cards of a sheet, as somebody reads them who holds it."""
    return [_read(card) for card in page.split('<article class="access-card">')[1:]]


def _read(card: str) -> Paper:
    (name,) = re.findall(r"<h2>(.*?)</h2>", card)
    (number,) = re.findall(r'access-card-number">([\d ]+)<', card)
    (pin,) = re.findall(r'access-card-pin">([\d ]+)<', card)
    (drawing,) = re.findall(r"(<svg.*?</svg>)", card, re.DOTALL)
    address, _, fragment = scanned_svg(drawing).partition("#")
    assert address.endswith("/card")
    scanned_number, _, secret = fragment.partition("-")
    assert scanned_number == number.replace(" ", "")
    return Paper(html.unescape(name), scanned_number, secret, pin.replace(" ", ""))


def scanned_svg(drawing: str) -> str:
    """What a code says, drawn from its own lines on a grid of pixels."""
    size = int(re.findall(r'viewBox="0 0 (\d+) \d+"', drawing)[0])
    grid = [bytearray(b"\xff" * size) for _ in range(size)]
    path = re.findall(r'class="qrline"[^>]* d="([^"]+)"', drawing)[0]
    x = y = 0
    for move, right, down, length in re.findall(r"([Mm])([-\d.]+) ([-\d.]+)h(\d+)", _spaced(path)):
        x, y = (
            (int(right), int(float(down) - 0.5)) if move == "M" else (x + int(right), y + int(down))
        )
        grid[y][x : x + int(length)] = bytes(int(length))
        x += int(length)
    scale = 4
    rows = [bytes(b for b in row for _ in range(scale)) for row in grid for _ in range(scale)]
    return _decoded(b"".join(rows), size * scale, size * scale)


def _spaced(path: str) -> str:
    """`m3 0h1m-37 1h1`: one space between the two numbers of each move."""
    return re.sub(r"(?<=\d)-", " -", path)


def scanned_png(picture: bytes) -> list[str]:
    """What the codes in a screenshot say."""
    width, height = (int.from_bytes(picture[i : i + 4], "big") for i in (16, 20))
    command = [
        get_ffmpeg_exe(),
        "-v",
        "error",
        "-i",
        "-",
        "-pix_fmt",
        "gray",
        "-f",
        "rawvideo",
        "-",
    ]
    grey = subprocess.run(command, input=picture, capture_output=True, check=True).stdout
    image = memoryview(grey).cast("B", (height, width))
    return [found.text for found in zxingcpp.read_barcodes(image)]


def _decoded(grey: bytes, width: int, height: int) -> str:
    (found,) = zxingcpp.read_barcodes(memoryview(grey).cast("B", (height, width)))
    return str(found.text)
