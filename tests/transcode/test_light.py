"""HDR is shown as it was meant."""

from __future__ import annotations

import re

import ffmpeg
import pytest

from cvtube.transcode.analyze.media import Light
from cvtube.transcode.ffmpeg.tone_mapping import relit

FRAMES = 5


@pytest.fixture
def alike(films, tools, tmp_path):
    """How near the product's way with HLG is to that pixel by pixel: decibels of each plane."""

    def compare(*, smaller: int, numbers: str = "tv", **changes) -> list[float]:
        sent = ffmpeg.input(str(films("hlg.mov")))["v"]
        for name, arguments in changes.items():
            sent = sent.filter(name, **arguments)
        sent = sent.filter_multi_output("split", 2)
        short = relit(sent[0].filter("scale", out_range=numbers), Light.HLG, tools.ffmpeg)
        ways = [
            way.filter("format", "yuv444p")
            .filter("scale", f"iw/{smaller}", f"ih/{smaller}", flags="area")
            for way in (short, pixel_by_pixel(sent[1]))
        ]  # fmt: skip
        log = tmp_path / "psnr.log"
        psnr = ffmpeg.filter(ways, "psnr", stats_file=str(log))
        films.ff(*ffmpeg.output(psnr, "-", **{"f": "null", "frames:v": FRAMES}).get_args())
        found = [float(db) for db in re.findall(r"psnr_[yuv]:(\S+)", log.read_text())]
        assert len(found) >= 3 * FRAMES
        return found

    return compare


def pixel_by_pixel(stream):
    """To light, to BT.709's colours, highlights rolled off, to a signal."""
    return (
        stream.filter(
            "zscale", tin="arib-std-b67", min="bt2020nc", pin="bt2020", rin="tv",
            t="linear", npl=203, p="bt709",
        )
        .filter("format", "gbrpf32le")
        .filter("tonemap", tonemap="mobius", param=0.5, desat=0, peak=5)
        .filter("zscale", t="bt709", m="bt709", r="tv")
    )  # fmt: skip


@pytest.mark.parametrize("numbers", ["tv", "pc"])
def test_hlg_has_the_same_colours_by_the_short_way(alike, numbers):
    """At an eighth of the size, since at an edge between two colours the short way is softer.

    Some phones use the whole range of numbers.
    """
    assert min(alike(smaller=8, numbers=numbers)) > 39  # dB


def test_hlg_keeps_every_grey_by_the_short_way(alike):
    assert min(alike(smaller=1, lutyuv={"u": 512, "v": 512})) > 48  # dB
