"""From HDR to what every screen shows (BT.709).

203 nits are white on paper (ITU-R BT.2408); above half of it highlights are rolled off softly up
to 1000 nits, so that skin keeps its tone and a window behind it its shape.

Done pixel by pixel in floating point, that costs twice what decoding does. HLG, which phones
film in, has a shorter way to the same picture (docs/decisions/0131-hlg-at-half-the-size.md).
"""

from __future__ import annotations

from typing import Any

import ffmpeg

from cvtube.toolchain.selection import Tool
from cvtube.transcode.analyze.media import Light

PAPER = 203  # nits
KNEE, MOST = 0.5, 5  # times the light of paper: from here on rolled off, and up to here

_BLACK, _SPAN = 64, 876  # of ten bits in television's range
_PEAK = 1000  # nits of the screen that HLG's curve is written for (ITU-R BT.2100, table 5)


def relit(stream: Any, light: Light, tool: Tool) -> Any:
    """The picture in BT.709, if it is not that already; its sides are even."""
    if light is Light.SDR:
        return stream
    if "zscale" not in tool.filters:
        return _approximately(stream, light)
    if light is Light.HLG:
        return _hlg(stream)
    return _exactly(stream, light)


def _exactly(stream: Any, light: Light) -> Any:
    transfer = {Light.HLG: "arib-std-b67", Light.PQ: "smpte2084", Light.WIDE: "bt2020-10"}[light]
    # Not their range: some phones record the full one, and each frame says so itself.
    was = {"tin": transfer, "min": "bt2020nc", "pin": "bt2020"}
    becomes = {"t": "bt709", "m": "bt709", "r": "tv"}
    if light is Light.WIDE:
        return stream.filter("zscale", **was, **becomes, p="bt709")
    return (
        stream.filter("zscale", **was, t="linear", npl=PAPER, p="bt709")
        .filter("format", "gbrpf32le")
        .filter("tonemap", tonemap="mobius", param=KNEE, desat=0, peak=MOST)
        .filter("zscale", **becomes)
    )


def _hlg(stream: Any) -> Any:
    """Exactly at half the size, which is all that colours have; brightness by a curve.

    The curve is right for greys. How far it is off for colours is known at half the size, and
    added there. From the exact picture nobody can tell it (luma 53 dB, chroma 60 dB).
    """
    whole = stream.filter("scale", out_range="tv").filter("format", "yuv420p10le")
    whole = whole.filter_multi_output("split", 2)
    exact = _exactly(
        whole[0].filter("scale", "iw/2", "ih/2", flags="area").filter("format", "yuv444p10le"),
        Light.HLG,
    )
    exact = exact.filter("format", "yuv444p").filter_multi_output("extractplanes", planes="y+u+v")
    curved = (
        whole[1]
        .filter("lut", c0=_CURVE)
        # Said here, or brightness is converted a second time, with colours that are not its own.
        .filter("setparams", range="tv", colorspace="bt709")
        .filter("format", "yuv420p")
        .filter("extractplanes", planes="y")
        .filter_multi_output("split", 2)
    )
    guess = curved[1].filter("scale", "iw/2", "ih/2", flags="area")
    off = ffmpeg.filter([exact[0], guess], "blend", all_mode="grainextract")
    off = off.filter("scale", "iw*2", "ih*2", flags="neighbor")
    luma = ffmpeg.filter([curved[0], off], "blend", all_mode="grainmerge")
    # Plane 0 of each of the three.
    return ffmpeg.filter(
        [luma, exact[1], exact[2]], "mergeplanes", mapping="0x001020", format="yuv420p"
    )


def _hlg_curve() -> str:
    """HLG's luma as BT.709's, as ffmpeg's expressions say it; for all 1024 values at once.

    From the signal to light (inverse OETF, then OOTF: BT.2100, table 5), to times of paper,
    rolled off as `tonemap=mobius` does, and to the signal of a screen of BT.1886.
    """
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    signal = f"clip((val-{_BLACK})/{_SPAN},0,1.1)"
    scene = f"if(lte(ld(0),0.5),ld(0)*ld(0)/3,(exp((ld(0)-{c})/{a})+{b})/12)"
    shown = f"{_PEAK / PAPER}*pow({scene},1.2)"
    lift = KNEE * KNEE * (MOST - 1) / (KNEE * KNEE - 2 * KNEE + MOST)
    bend = (KNEE * KNEE - 2 * KNEE * MOST + MOST) / (MOST - 1)
    scale = (bend * bend + 2 * bend * KNEE + KNEE * KNEE) / (bend + lift)
    rolled = f"if(lte(ld(1),{KNEE}),ld(1),{scale}*(ld(1)-{lift})/(ld(1)+{bend}))"
    return f"st(0,{signal});st(1,{shown});{_BLACK}+{_SPAN}*pow({rolled},1/2.4)"


_CURVE = _hlg_curve()


def _approximately(stream: Any, light: Light) -> Any:
    """Without zscale: the same curve on the coded values, colours a little pale."""
    curves = {
        Light.HLG: "0/0 0.5/0.56 0.65/0.78 0.75/0.89 1/1",
        Light.PQ: "0/0 0.2/0.16 0.3/0.29 0.4/0.47 0.5/0.72 0.58/0.89 0.75/1 1/1",
    }
    stream = stream.filter("scale", in_color_matrix="bt2020").filter("format", "gbrp")
    if light in curves:
        stream = stream.filter("curves", all=curves[light])
    return stream.filter("scale", out_color_matrix="bt709", out_range="tv")
