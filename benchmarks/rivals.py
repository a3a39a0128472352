"""Two well-known pipelines, as their default command lines have it.

Facts read from their sources and checked against running servers: PeerTube 8 (packages/ffmpeg,
packages/core-utils, server/core/lib/transcoding; five rungs enabled, web videos off) and MediaCMS
8.3 (files/helpers.py, files/tasks.py, the profiles of its fixtures). They run with our ffmpeg, so
that what differs is the design. Left out in their favour: checksums, torrents, queues, databases.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

from benchmarks.meter import Programs
from benchmarks.pipelines import Made, Rung, files_in
from benchmarks.samples import Sample

JPEG = ("-pix_fmt", "yuvj420p")  # newer versions of ffmpeg refuse what these lines get else


@dataclass(frozen=True)
class _Facts:
    width: int  # upright
    height: int
    coded_height: int
    codec: str
    pixels: str
    rate: Fraction
    bit_rate: int
    seconds: float

    @property
    def short(self) -> int:
        return min(self.width, self.height)


def _look(tools: Programs, sample: Sample) -> _Facts:
    def ask(entries: str) -> str:
        said = tools.probe("-select_streams", "v:0", "-show_entries", entries, sample.path)
        return said[0].strip(",") if said else ""

    codec, width, height, pixels, rate = ask(
        "stream=codec_name,width,height,pix_fmt,r_frame_rate"
    ).split(",")[:5]
    sides = int(width), int(height)
    if ask("stream_side_data=rotation") in {"90", "-90"}:
        sides = sides[::-1]
    bit_rate = round(sample.path.stat().st_size * 8 / sample.seconds)
    return _Facts(*sides, int(height), codec, pixels, Fraction(rate), bit_rate, sample.seconds)


class _Rival:
    name: str
    family = "h264"

    def __init__(self, tools: Programs) -> None:
        self._tools = tools

    def prepare(self, sample: Sample, folder: Path) -> None:
        self._film = sample.path
        self._facts = _look(self._tools, sample)
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("kept", "passing"):
            (folder / name).mkdir()

    def _kept(self, name: str) -> Path:
        return self._folder / "kept" / name

    def _passing(self, name: str) -> Path:
        return self._folder / "passing" / name

    def playable(self) -> bool:
        return any((self._folder / "kept").glob("*.m3u8"))


class PeerTube(_Rival):
    """One ffmpeg for each resolution, one after the other, the smaller ones of the largest."""

    name = "peertube-like"
    SIDES = (480, 360, 720, 240)  # its own order, after the original's size
    AVERAGE: ClassVar = {1080: 0.10, 720: 0.11, 480: 0.12, 360: 0.15, 240: 0.17}  # bits a pixel
    MOST = 0.17  # bits a pixel of a 1080p upload that is not encoded anew for the web

    def work(self) -> None:
        self._pictures()
        facts = self._facts
        web = self._passing("web.mp4")
        copied = facts.codec == "h264" and facts.pixels == "yuv420p" and self._is_light()
        anonymous = ("-map_metadata", -1, "-movflags", "faststart", "-f", "mp4")
        if copied:
            self._tools.ff("-i", self._film, "-c", "copy", "-threads", 1, *anonymous, web)
            self._encode(web, facts.short, facts.bit_rate, self._hls(facts.short))
        else:
            self._encode(self._film, facts.short, facts.bit_rate, [*anonymous, web])
            copy = ("-c", "copy", "-threads", 1, *self._hls(facts.short))
            self._tools.ff("-i", web, *copy)
        largest = self._kept(f"{facts.short}.mp4")
        bit_rate = round(largest.stat().st_size * 8 / facts.seconds)
        for side in self.SIDES:
            if side < facts.short:
                self._encode(largest, side, bit_rate, self._hls(side))

    def made(self) -> Made:
        paths = sorted(self._folder.joinpath("kept").glob("*.mp4"), key=lambda p: int(p.stem))
        rungs = [Rung(f"h264-{path.stem}", self.family, path) for path in paths]
        return Made(rungs, files_in(self._folder / "kept"))

    def _pictures(self) -> None:
        """Preview and miniature at once, the storyboard in a job: each decodes the upload."""
        preview = self._kept("preview.jpg")
        fit = "thumbnail=50,scale=850x480:force_original_aspect_ratio=decrease"
        still = ("-frames:v", 1, "-q:v", 5, *JPEG, preview)
        self._tools.ff("-ss", self._facts.seconds / 2, "-i", self._film, "-vf", fit, *still)
        small = ("-vf", "scale=280:157", "-frames:v", 1, *JPEG, self._kept("miniature.jpg"))
        self._tools.ff("-i", preview, *small)
        tiles = max(1, round(self._facts.seconds))
        rows = int(tiles**0.5)
        columns = -(-tiles // rows)
        board = (
            "setpts='N/FRAME_RATE/TB',select='isnan(prev_selected_t)+gte(t-prev_selected_t,1)',"
            f"scale=192:-1,tile=layout={columns}x{rows}"
        )
        sheet = ("-frames:v", 1, "-q:v", 2, *JPEG, self._kept("storyboard.jpg"))
        self._tools.ff("-i", self._film, "-filter_complex", board, *sheet)

    def _is_light(self) -> bool:
        facts = self._facts
        return facts.bit_rate <= self.MOST * facts.width * facts.height * facts.rate

    def _encode(self, source: Path, side: int, bit_rate: int, ending: list[object]) -> None:
        facts = self._facts
        rate = max(1, min(60, round(facts.rate)))
        long = side * max(facts.width, facts.height) / facts.short
        nearest = max(known for known in self.AVERAGE if known <= side)
        most = round(min(side * long * rate * self.AVERAGE[nearest], 1.3 * bit_rate))
        upright = f"scale=w={side}:h=-2" if facts.height > facts.width else f"scale=w=-2:h={side}"
        self._tools.ff(
            "-i", source, "-c:a", "aac", "-channel_layout", "stereo", "-c:v", "libx264",
            "-threads", 1, "-max_muxing_queue_size", 1024, "-map_metadata", -1,
            "-pix_fmt", "yuv420p", "-vf", upright, "-preset", "veryfast",
            "-maxrate:v", most, "-bufsize:v", 2 * most, "-b_strategy", 1, "-bf", 16,
            "-r", rate, "-g:v", 2 * rate, *ending,
        )  # fmt: skip

    def _hls(self, side: int) -> list[object]:
        film, playlist = self._kept(f"{side}.mp4"), self._kept(f"{side}.m3u8")
        return [
            "-f", "hls", "-hls_time", 4, "-hls_list_size", 0, "-hls_playlist_type", "vod",
            "-hls_segment_type", "fmp4", "-hls_flags", "single_file+temp_file",
            "-hls_segment_filename", film, playlist,
        ]  # fmt: skip


class MediaCMS(_Rival):
    """One task for each profile, as many at once as there are cores, packed anew after each."""

    name = "mediacms-like"
    MOST_KBPS: ClassVar = {144: 150, 240: 300, 360: 500, 480: 1000, 720: 2500, 1080: 4500}
    PREVIEW_FROM_S = 3

    def work(self) -> None:
        sides = [s for s in self.MOST_KBPS if s <= max(240, self._facts.coded_height)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            tasks = [pool.submit(self._pictures)]
            tasks += [pool.submit(self._encode, side) for side in sides]
            if self._facts.seconds > self.PREVIEW_FROM_S:
                tasks.append(pool.submit(self._preview))
            for task in tasks:
                task.result()

    def made(self) -> Made:
        paths = sorted(self._folder.joinpath("kept").glob("*.mp4"), key=lambda p: int(p.stem))
        rungs = [Rung(f"h264-{path.stem}", self.family, path) for path in paths]
        return Made(rungs, files_in(self._folder / "kept"))

    def _pictures(self) -> None:
        poster = ("-frames:v", 1, "-vf", "scale=720:-2", *JPEG, self._kept("poster.jpg"))
        self._tools.ff("-ss", self._facts.seconds / 2, "-i", self._film, *poster)
        count = max(1, int(self._facts.seconds / 10))
        sheet = f"fps=1/10,scale=160:90,tile=1x{count}"
        still = ("-frames:v", 1, *JPEG, self._kept("sprites.jpg"))
        self._tools.ff("-i", self._film, "-vf", sheet, *still)

    def _preview(self) -> None:
        moving = ("-vf", "scale=344:-1:flags=lanczos,fps=1", "-t", 25, "-f", "gif")
        self._tools.ff(
            "-ss", self.PREVIEW_FROM_S, "-i", self._film, *moving, self._kept("preview.gif")
        )

    def _encode(self, side: int) -> None:
        most, rate = self.MOST_KBPS[side] * 3 // 2, min(self._facts.rate, Fraction(60))
        long, keys = round(side * 16 / 9), 4 * int(rate)
        upright = rf"if(lt(iw\,ih)\,{side}\,{long}):if(lt(iw\,ih)\,{long}\,{side})"
        fit = "force_original_aspect_ratio=decrease:force_divisible_by=2:flags=lanczos"
        draft, film = self._passing(f"{side}.mp4"), self._kept(f"{side}.mp4")
        self._tools.ff(
            "-i", self._film, "-c:v", "libx264", "-filter:v", f"scale={upright}:{fit},fps={rate}",
            "-pix_fmt", "yuv420p", "-crf", 23, "-c:a", "aac", "-b:a", "128k", "-ac", 2,
            "-maxrate", f"{most}k", "-bufsize", f"{most}k",
            "-force_key_frames", "expr:gte(t,n_forced*4)",
            "-x264-params", f"keyint={2 * keys}:keyint_min={keys}",
            "-preset", "medium", "-profile:v", "main", "-level", "4.2", draft,
        )  # fmt: skip
        draft.rename(film)
        for done in self._folder.joinpath("kept").glob("*.mp4"):
            self._pack(done)

    def _pack(self, film: Path) -> None:
        into = self._kept(f"hls-{film.stem}")
        into.mkdir(exist_ok=True)
        self._tools.ff(
            "-i", film, "-c", "copy", "-f", "hls", "-hls_time", 4, "-hls_list_size", 0,
            "-hls_segment_type", "mpegts", "-hls_segment_filename", into / "%d.ts",
            into / "stream.m3u8",
        )  # fmt: skip

    def playable(self) -> bool:
        return any((self._folder / "kept").glob("*.mp4"))
