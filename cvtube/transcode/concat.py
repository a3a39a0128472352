"""A film as one file: its clips, as they were encoded, one after the other.

Nothing is encoded anew, so this costs about what copying costs. It is made of the largest
size that all clips have (docs/decisions/0054-one-file-for-its-owner.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from cvtube.jobs.errors import RetryableError
from cvtube.jobs.heartbeat import Heartbeat
from cvtube.jobs.leases import Claim
from cvtube.sandbox.process import MIB, Budget, OnLine
from cvtube.storage.contract import Storage
from cvtube.toolchain.progress import EncodingProgress
from cvtube.toolchain.runner import Runner
from cvtube.transcode import transfer
from cvtube.transcode.ffmpeg import concat as command
from cvtube.videos import keys
from cvtube.videos.models import Asset

FILM = "film.mp4"
FETCHED, JOINED = 40, 70  # percent


@dataclass(frozen=True)
class ClipStreams:
    """One clip of the film: its picture and its sound in the storage."""

    picture: str  # key
    sound: str
    size: int  # bytes of both
    seconds: Fraction


def clip_streams(pictures: Sequence[Asset], sounds: Sequence[Asset]) -> list[ClipStreams]:
    """What the file is made of, in playing order."""
    return [
        ClipStreams(picture.key, sound.key, picture.size + sound.size, _seconds(picture))
        for picture, sound in zip(pictures, sounds, strict=True)
    ]


def _seconds(picture: Asset) -> Fraction:
    # Playlists tell each segment's length in microseconds, rounded: their sum may be a few off.
    return sum((Fraction(str(length)) for length, *_ in picture.facts["segments"]), Fraction())


def export_film(
    storage: Storage, held: Claim, film: Sequence[ClipStreams], runner: Runner, heartbeat: Heartbeat
) -> int:
    """Fetch the clips, join them, and store the file. Returns its size in bytes."""
    names = [_pair(storage, number, clip, runner, heartbeat) for number, clip in enumerate(film)]
    heartbeat.progress = FETCHED
    seconds = [clip.seconds for clip in film]
    clips = runner.made / "clips.txt"
    clips.write_text(command.concat_list(names, seconds), encoding="ascii")

    def tell(done: float) -> None:
        heartbeat.progress = round(FETCHED + done * (JOINED - FETCHED))

    progress = EncodingProgress(float(sum(seconds)), tell)
    joined = command.concat(runner.tools.ffmpeg, clips, FILM)
    path = _made(runner, joined, FILM, sum(clip.size for clip in film), progress.add_line)
    heartbeat.progress = JOINED
    transfer.put_all(storage, {keys.film_file(held.video_id, held.attempt): path}, heartbeat.hold)
    return path.stat().st_size


def _pair(
    storage: Storage, number: int, clip: ClipStreams, runner: Runner, heartbeat: Heartbeat
) -> str:
    """One clip, fetched and put into one file; returns the file's name."""
    picture, sound = (
        transfer.fetch(storage, key, runner.made, heartbeat.hold)
        for key in (clip.picture, clip.sound)
    )
    name = f"{number}.mp4"
    _made(runner, command.pair(runner.tools.ffmpeg, picture, sound, name), name, clip.size)
    picture.unlink()
    sound.unlink()
    return name


def _made(
    runner: Runner, argv: Sequence[str], name: str, size: int, on_line: OnLine | None = None
) -> Path:
    """Run what copies so many bytes into a file of that name."""
    room = 2 * size + 16 * MIB
    budget = Budget(cpu_s=120, wall_s=900, file_bytes=room, folder_bytes=room, output_bytes=4 * MIB)
    path = runner.made / name
    if not runner.make(argv, None, budget, on_line).well or not path.exists():
        raise RetryableError("output_wrong")
    return path
