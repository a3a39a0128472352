"""HDR is shown as it was meant."""

from __future__ import annotations

import re

import ffmpeg
import pytest

from cvtube.transcode.ffmpeg.light import relit
from cvtube.transcode.media import Light

HARDLY_SEEN = 39  # dB; people give 47 for luma and 60 for chroma, a test picture is all edges


@pytest.mark.parametrize("numbers", ["tv", "pc"])
def test_hlg_goes_the_short_way_to_the_same_picture(films, tools, tmp_path, numbers):
    """At an eighth of the size: between two plain colours the short way is a little softer."""
    log = tmp_path / "psnr.log"
    sent = ffmpeg.input(str(films("hlg.mov")))["v"].filter_multi_output("split", 2)
    filmed = sent[0].filter("scale", out_range=numbers)  # some phones use all 1024
    ways = relit(filmed, Light.HLG, tools.ffmpeg), pixel_by_pixel(sent[1])
    small = [
        way.filter("format", "yuv444p").filter("scale", "iw/8", "ih/8", flags="area")
        for way in ways
    ]
    compared = ffmpeg.filter(small, "psnr", stats_file=str(log))
    films.ff(*ffmpeg.output(compared, "-", **{"f": "null", "frames:v": 5}).get_args())
    alike = [float(db) for db in re.findall(r"psnr_[yuv]:(\S+)", log.read_text())]
    assert len(alike) >= 3 * 5
    assert min(alike) > HARDLY_SEEN


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
