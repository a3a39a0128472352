"""Mends a file, before it is looked into, so that our tools read all of it. Nothing is decoded.

Few files need it: one that holds a stream for which no decoder may be opened (ffprobe then gives up
the whole of it), one whose clock jumps, and one that is several recordings in a row. Each is copied
into a file of its own kind, packet by packet, which takes the first one's place. What stands in
front of a film is cut off.

Players and ffmpeg stop at the end of the first of several recordings without a word, so the bytes
themselves are asked where each begins.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cvtube.errors import Refused
from cvtube.sandbox.process import MIB, Budget, into
from cvtube.toolchain.inputs import PICTURE_CODECS, SOUND_CODECS, Source
from cvtube.toolchain.runner import Runner
from cvtube.transcode.analyze import suitability
from cvtube.transcode.analyze.packets import PacketStatistics, TimestampOffset
from cvtube.transcode.ffmpeg import inspect, remux
from cvtube.videos.containers import ENOUGH, Beginning, Container, beginnings, sniff

MOST_RECORDINGS = 32  # recordings in a file: nobody joins more by hand


def split_recordings(path: Path, first: Beginning) -> list[Beginning]:
    """Each recording of the file, from the first one on; just that of an ordinary film."""
    if not path.stat().st_size:
        return [first]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as film:
        further = _boxed(film, first.at) if first.container is Container.MP4 else beginnings(film)
        behind = sorted(one for one in further if one.at > first.at)
        return [first, *behind][:MOST_RECORDINGS]


def _boxed(film: mmap.mmap, at: int) -> Iterator[Beginning]:
    """Further file types on the outermost level (ISO/IEC 14496-12), or what is no box at all."""
    indexed = False
    while at + 8 <= len(film):
        size, kind = int.from_bytes(film[at : at + 4], "big"), film[at + 4 : at + 8]
        if not kind.isalnum() and (other := sniff(film[at : at + ENOUGH])):
            yield Beginning(at, other)
            return
        if kind == b"ftyp" and indexed:
            yield Beginning(at, Container.MP4)
            indexed = False
        indexed = indexed or kind == b"moov"
        if size == 1:
            size = int.from_bytes(film[at + 8 : at + 16], "big")
        if size < 8:  # noqa: PLR2004 (a size and a name; 0 is "up to the end")
            return
        at += size


# Reading what there is takes a second; whatever needs this long means harm. Room for some
# 400,000 packets: fifteen minutes at 300 frames a second.
EXAMINATION = Budget(cpu_s=30, wall_s=180, memory=2048 * MIB, output_bytes=32 * MIB)
# Of two recordings, what must be the same in both for one decoder to go on with the other.
ALIKE = ("codec_type", "codec_name", "width", "height", "pix_fmt", "sample_rate", "channels")
PIECE = 1 << 20  # bytes copied at once
# Sounds that lose their times where they are copied into an AVI, which does not keep how long a
# packet lasts.
LOST_IN_AVI = frozenset({"aac", "aac_latm", "alac", "flac", "opus", "vorbis"})

_STREAM = re.compile(r"^  Stream #0:(\d+)\S*: (Video|Audio): (\w+)(.*)$", re.MULTILINE)


class _Listed(NamedTuple):
    number: int
    kind: str
    codec: str
    cover: bool


def keep_readable(runner: Runner, source: Source) -> None:
    """Leave out the streams that we have no decoder for.

    Raises:
        Refused: then there would be no picture, or no sound although there is one.
    """
    command = remux.listing(runner.tools.ffmpeg, source)
    said = runner.examine(command, source.path, EXAMINATION, lambda _line: True).errors
    streams = [
        _Listed(int(number), kind, codec, "(attached pic)" in more)
        for number, kind, codec, more in _STREAM.findall(said)
    ]
    pictures = [s for s in streams if s.kind == "Video" and not s.cover]
    known = [s for s in pictures if s.codec in PICTURE_CODECS]
    sounds = [s for s in streams if s.kind == "Audio"]
    heard = [s for s in sounds if s.codec in SOUND_CODECS and _can_copy(source, s.codec)]
    if not pictures:
        raise Refused("film_no_picture" if sounds else "film_unknown_codec")
    if not known:
        raise Refused(suitability.unreadable_code(pictures[0].codec))
    if sounds and not heard:
        raise Refused("film_unknown_sound")
    retime(runner, source, sorted(s.number for s in (*known, *heard)), {})


def retime(
    runner: Runner,
    source: Source,
    streams: Sequence[int],
    offsets: Mapping[int, Sequence[TimestampOffset]],
) -> None:
    """Keep only these streams, and change the times of some of their packets."""
    command = remux.some(runner.tools.ffmpeg, source, streams, offsets, "mended")
    _made(runner, command, source.path)


def put_together(runner: Runner, path: Path, first: Beginning) -> Source:
    """Take away what is in front of the film, and make one recording of several in a row.

    Raises:
        Refused: they are not alike, so that no player could go on from one to the next.
    """
    source = Source(path, first.container)
    found = split_recordings(path, first)
    if len({one.container for one in found}) > 1:
        raise Refused("film_joined")
    begins = [one.at for one in found]
    if begins == [0]:
        return source
    ends = [*begins[1:], path.stat().st_size]
    bounds = zip(begins, ends, strict=True)
    names = [_cut(runner, source, *part, number) for number, part in enumerate(bounds)]
    if len(names) == 1:
        (runner.made / names[0]).replace(path)
        return source
    _join(runner, source, names)
    return source


def _join(runner: Runner, source: Source, names: Sequence[str]) -> None:
    lengths, kinds = zip(
        *(_examined(runner, source, runner.made / name) for name in names), strict=True
    )
    codecs = {stream["codec_name"] for stream in kinds[0]}
    if any(kind != kinds[0] for kind in kinds) or not _can_copy(source, *codecs):
        raise Refused("film_joined")
    listed = runner.made / "recordings.txt"
    lines = [
        f"file {name}\nduration {length:.6f}\n" for name, length in zip(names, lengths, strict=True)
    ]
    listed.write_text("ffconcat version 1.0\n" + "".join(lines), encoding="ascii")
    _made(
        runner,
        remux.concatenated(runner.tools.ffmpeg, source.container, listed, "mended"),
        source.path,
    )
    for left in (listed, *(runner.made / name for name in names)):
        left.unlink()


def _can_copy(source: Source, *codecs: str) -> bool:
    return source.container is not Container.AVI or not LOST_IN_AVI.intersection(codecs)


def _cut(runner: Runner, source: Source, start: int, end: int, number: int) -> str:
    name = f"recording-{number}"
    with source.path.open("rb") as film, (runner.made / name).open("xb") as part:
        film.seek(start)
        left = end - start
        while left and (piece := film.read(min(left, PIECE))):
            part.write(piece)
            left -= len(piece)
    return name


def _examined(runner: Runner, whole: Source, path: Path) -> tuple[float, list[dict[str, Any]]]:
    """How long one of the recordings lasts (seconds), and of what it is made."""
    source = Source(path, whole.container)
    said: list[str] = []
    if not runner.examine(
        inspect.streams(runner.tools.ffprobe, source), path, EXAMINATION, into(said)
    ).well:
        raise Refused("film_joined")
    streams = [
        {name: stream.get(name) for name in ALIKE}
        for stream in json.loads("".join(said)).get("streams", [])
        if stream.get("codec_type") in {"video", "audio"}
    ]
    packets_read = PacketStatistics()
    runner.examine(
        inspect.packets(runner.tools.ffprobe, source), path, EXAMINATION, packets_read.add_line
    )
    spans = packets_read.spans().values()
    if not spans:
        raise Refused("film_joined")
    return max(span.end for span in spans) - min(span.start for span in spans), streams


def _made(runner: Runner, command: Sequence[str], path: Path) -> None:
    """Run what copies the film into `mended`, and put that in its place."""
    mended = runner.made / "mended"
    budget = Budget(cpu_s=120, wall_s=900, file_bytes=2 * path.stat().st_size + 16 * MIB)
    runner.make(command, path, budget)
    if not mended.exists():
        raise Refused("film_broken")
    mended.replace(path)
