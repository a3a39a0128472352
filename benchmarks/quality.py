"""How near a rendition looks to what was sent: VMAF v0.6.1, as on a 1080p screen."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Sequence
from pathlib import Path

from benchmarks.meter import Programs
from benchmarks.samples import RATE, Sample

# Two neighbours of every twelve frames: the model's measure of motion is the smaller one of a
# frame's differences to its two neighbours, so it stays what it would be with all frames.
CHOSEN = "select='lt(mod(n,12),2)'"
MOST_LATE = 2  # frames
ALIGNED_BY_S = 3  # by the first seconds
SCREEN = (1920, 1080)  # or upright; all samples have its shape

# Nobody here changes what a sample's numbers mean, but not everybody says what they mean, and
# VP8 can say one thing only. Compared under two names, one of them would be converted first.
SAID = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"

# HLG as every screen shows it; the product's numbers (cvtube.transcode.ffmpeg.tone_mapping). Each
# pipeline is compared with what its own way of showing HDR would give without any loss, since
# which of them looks right is another question.
SDR = (
    "zscale=tin=arib-std-b67:min=bt2020nc:pin=bt2020:rin=tv:t=linear:npl=203:p=bt709,"
    "format=gbrpf32le,tonemap=tonemap=mobius:param=0.5:desat=0:peak=5,"
    "zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
)


def vmaf(
    tools: Programs, renditions: Sequence[Path], sample: Sample, scratch: Path, *, toned: bool
) -> list[float]:
    """The mean of each, 0 to 100, from one decode of what was sent.

    Noise that no sane bit rate keeps holds everybody below 95.
    """
    long, short = SCREEN
    fit = (
        f"{SAID},scale='if(lt(iw,ih),{short},{long})':'if(lt(iw,ih),{long},{short})':flags=bicubic,"
        "format=yuv420p,setsar=1,setpts=N"
    )
    count = len(renditions)
    light = f"{SDR}," if sample.hdr and toned else ""
    copies = "".join(f"[sent{number}]" for number in range(count))
    graph = [f"[{count}:v]fps={RATE},{CHOSEN},{light}{fit},split={count}{copies}"]
    logs = [scratch / f"vmaf-{number}.json" for number in range(count)]
    for number, log in enumerate(logs):
        model = f"libvmaf=n_threads=1:log_fmt=json:log_path={log}:shortest=1"
        late = frames_late(tools, renditions[number], sample, scratch)
        seen = f"fps={RATE},trim=start_frame={late},setpts=PTS-STARTPTS,{CHOSEN}"
        graph.append(f"[{number}:v]{seen},{fit}[seen{number}]")
        graph.append(f"[seen{number}][sent{number}]{model}[out{number}]")
    inputs = [word for path in (*renditions, sample.path) for word in ("-i", path)]
    outputs = [word for number in range(count) for word in ("-map", f"[out{number}]")]
    tools.ff(*inputs, "-filter_complex", ";".join(graph), *outputs, "-f", "null", "-")
    return [json.loads(log.read_text())["pooled_metrics"]["vmaf"]["mean"] for log in logs]


def frames_late(tools: Programs, rendition: Path, sample: Sample, scratch: Path) -> int:
    """By how many frames its picture comes after the sample's.

    What is made from a file whose picture begins a little after zero repeats its first frame.
    Compared frame by frame, all of it would look worse than anybody sees it.
    """
    size = "scale=320:320,setsar=1,format=gray,setpts=N"
    shifts = range(MOST_LATE + 1)
    logs = [scratch / f"late-{shift}.log" for shift in shifts]
    copies = [f"[{side}{shift}]" for side in "ab" for shift in shifts]
    half = len(shifts)
    graph = [
        f"[{i}:v]fps={RATE},{size},split={half}{''.join(copies[i * half :][:half])}" for i in (0, 1)
    ]
    for shift, log in zip(shifts, logs, strict=True):
        graph.append(
            f"[a{shift}]trim=start_frame={shift},setpts=N[late{shift}];"
            f"[late{shift}][b{shift}]psnr=shortest=1:stats_file={log}[out{shift}]"
        )
    start = ("-t", ALIGNED_BY_S)
    outputs = [word for shift in shifts for word in ("-map", f"[out{shift}]")]
    tools.ff(
        *start, "-i", rendition, *start, "-i", sample.path,
        "-filter_complex", ";".join(graph), *outputs, "-f", "null", "-",
    )  # fmt: skip
    return min(shifts, key=lambda shift: _mean_error(logs[shift]))


def _mean_error(log: Path) -> float:
    return statistics.fmean(float(error) for error in re.findall(r"mse_avg:(\S+)", log.read_text()))


def picture_bytes(tools: Programs, rendition: Path) -> int:
    """Of the picture's packets alone, without sound and container."""
    sizes = tools.probe("-select_streams", "v:0", "-show_entries", "packet=size", rendition)
    return sum(int(size.strip(",")) for size in sizes)
