"""Small real films: as a transcode leaves them, but made in a second or two.

A red square stands in the upper left corner of the upright picture.
"""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import m3u8

from cvtube.jobs import claiming
from cvtube.jobs.kinds import TRANSCODE
from cvtube.videos import keys, lifecycle
from cvtube.videos.models import Asset, AssetKind
from tests.factories import LEASE

RATE = 30
# Light enough for a player that does not know its network yet to begin with the larger one.
LEAN = ("-crf", "40", "-maxrate", "120k", "-bufsize", "120k")
STREAMS = "v:0,agroup:s,name:large v:1,agroup:s,name:small a:0,agroup:s,name:audio"


@dataclass(frozen=True)
class Shape:
    """A clip to make; sizes are those of its larger rendition."""

    name: str
    width: int
    height: int
    seconds: int
    small_side: int = 120

    @property
    def large_side(self) -> int:
        return min(self.width, self.height)

    def scaled(self, side: int) -> tuple[int, int]:
        factor = side / self.large_side
        return round(self.width * factor / 2) * 2, round(self.height * factor / 2) * 2


LANDSCAPE = Shape("landscape", 640, 360, 8)
PORTRAIT = Shape("portrait", 360, 640, 6)
SQUARE = Shape("square", 360, 360, 4)


def make_media(folder: Path) -> dict[str, Path]:
    """Every shape, made at the same time; a folder each."""
    shapes = (LANDSCAPE, PORTRAIT, SQUARE)
    with ThreadPoolExecutor(2) as pool:
        return dict(
            zip(
                (shape.name for shape in shapes),
                pool.map(lambda shape: _make(shape, folder / shape.name), shapes),
                strict=True,
            )
        )


def add_av1(folder: Path) -> None:
    """The larger rendition once more, in the other encoding."""
    command = (
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(folder / "large.mp4"),
        "-c:v", "libsvtav1", "-preset", "12", "-crf", "45", "-g", str(2 * RATE),
        "-svtav1-params", "lp=1:scd=0:level=30", "-an", "-f", "hls", "-hls_time", "2",
        "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4",
        "-hls_flags", "single_file+independent_segments",
        "-hls_segment_filename", str(folder / "av1.mp4"), str(folder / "av1.m3u8"),
    )  # fmt: skip
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def _make(shape: Shape, folder: Path) -> Path:
    folder.mkdir(parents=True)
    small = "x".join(map(str, shape.scaled(shape.small_side)))
    source = f"testsrc2=s={shape.width}x{shape.height}:r={RATE}:d={shape.seconds}"
    graph = (
        f"{source},drawbox=x=0:y=0:w=iw/4:h=ih/4:color=red:t=fill,format=yuv420p,split[a][b];"
        f"[b]scale={small}[c];sine=f=440:r=48000:d={shape.seconds},"
        "aformat=channel_layouts=stereo[s]"
    )
    gop = ("-g", str(2 * RATE), "-keyint_min", str(2 * RATE), "-sc_threshold", "0")
    command = (
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-filter_complex", graph,
        "-map", "[a]", "-map", "[c]", "-map", "[s]", "-t", str(shape.seconds),
        "-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "main", *gop, *LEAN,
        "-c:a", "aac", "-b:a", "64k",
        "-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod",
        "-hls_segment_type", "fmp4", "-hls_flags", "single_file+independent_segments",
        "-var_stream_map", STREAMS,
        "-hls_segment_filename", str(folder / "%v.mp4"), str(folder / "%v.m3u8"),
    )  # fmt: skip
    subprocess.run(command, check=True)
    tiles = f"fps=1/2,scale=96:-2,tile={shape.seconds // 2}x1"
    for name, *options in (("poster.jpg", "-q:v", "4"), ("storyboard.jpg", "-vf", tiles)):
        base = (imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(folder / "large.mp4"))
        subprocess.run((*base, *options, "-frames:v", "1", str(folder / name)), check=True)
    return folder


def add_clip(session, storage, chapter, now, *, owner, shape: Shape, folder: Path):
    """A ready clip of the shape, its objects in the storage."""
    clip = lifecycle.start_clip(session, chapter, now, actor=owner)
    lifecycle.complete_upload(session, clip.id, 1000, now)
    held = claiming.claim(session, TRANSCODE, clip.id, now, lease=LEASE, max_tries=4)
    finish(session, storage, held, now, shape=shape, folder=folder)
    session.refresh(clip)
    session.refresh(chapter)
    return clip


def finish(session, storage, held, now, *, shape: Shape, folder: Path) -> None:
    """The attempt ends well."""
    assets = _assets(held, shape, folder)
    for asset in assets:
        storage.put_file(asset.key, folder / Path(asset.key).name)
    made = lifecycle.Made(shape.seconds * 1000, shape.width, shape.height, assets)
    assert lifecycle.finish_transcode(session, held, made, now)


def _assets(held, shape: Shape, folder: Path) -> list[Asset]:
    level = {"large": "avc1.4d401e", "small": "avc1.4d400d"}
    small = shape.scaled(shape.small_side)
    tiles = shape.seconds // 2
    sheet = (96 * tiles, round(96 * shape.height / shape.width / 2) * 2)
    grid = {"columns": tiles, "rows": 1, "tiles": tiles, "interval_ms": 2000}
    sides = {"large": (shape.width, shape.height), "small": small}
    rows = [
        (AssetKind.RENDITION, f"h264-{min(size)}", f"{name}.mp4", size,
         {**facts_of(folder / f"{name}.m3u8"), "codecs": level[name], "frame_rate": float(RATE)})
        for name, size in sides.items()
    ]  # fmt: skip
    if (folder / "av1.m3u8").exists():
        facts = {**facts_of(folder / "av1.m3u8"), "codecs": "av01.0.04M.08"}
        facts["frame_rate"] = float(RATE)
        name = f"av1-{shape.large_side}"
        rows.append((AssetKind.RENDITION, name, "av1.mp4", sides["large"], facts))
    sound = {**facts_of(folder / "audio.m3u8"), "codecs": "mp4a.40.2"}
    rows += [
        (AssetKind.AUDIO, "audio", "audio.mp4", (None, None), sound),
        (AssetKind.POSTER, "poster", "poster.jpg", (shape.width, shape.height), {}),
        (AssetKind.STORYBOARD, "storyboard", "storyboard.jpg", sheet, grid),
    ]
    return [
        Asset(
            key=keys.output(held.video_id, held.target_id, held.attempt, file),
            clip_id=held.target_id, kind=kind, name=name, size=(folder / file).stat().st_size,
            width=size[0], height=size[1], facts=facts,
        )
        for kind, name, file, size, facts in rows
    ]  # fmt: skip


def facts_of(playlist: Path) -> dict:
    """What the muxer wrote, as assets keep it."""
    read = m3u8.load(str(playlist))
    size, _, offset = read.segment_map[0].byterange.partition("@")
    segments = []
    for segment in read.segments:
        length, _, start = segment.byterange.partition("@")
        segments.append([segment.duration, int(start), int(length)])
    rates = [8 * length / seconds for seconds, _, length in segments]
    total = sum(seconds for seconds, _, _ in segments)
    average = 8 * sum(length for _, _, length in segments) / total
    return {
        "bandwidth": int(max(rates)) + 1,
        "average_bandwidth": int(average) + 1,
        "init": [int(offset), int(size)],
        "segments": segments,
    }
