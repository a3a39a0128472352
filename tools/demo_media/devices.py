"""Files as real devices write them: container, codecs, rotation, time stamps and their quirks.

Each device takes raw frames on ffmpeg's standard input and leaves one file. What each one
imitates was looked up in files of real devices.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

LIMIT_BYTES = 1_000_000  # of one clip in the repository
FILL = 0.86  # of the limit that the bit rate aims at: encoders overshoot
KILO = 1000

X264 = ["-c:v", "libx264", "-preset", "veryslow", "-profile:v", "high", "-pix_fmt", "yuv420p"]
X265 = [
    "-c:v",
    "libx265",
    "-preset",
    "slow",
    "-pix_fmt",
    "yuv420p",
    "-x265-params",
    "log-level=error",
]
VP8 = ["-c:v", "libvpx", "-pix_fmt", "yuv420p", "-deadline", "good", "-cpu-used", "1"]
VP9 = [
    "-c:v",
    "libvpx-vp9",
    "-pix_fmt",
    "yuv420p",
    "-deadline",
    "good",
    "-cpu-used",
    "2",
    "-row-mt",
    "1",
]
# A phone that is warm drops every seventh frame, and now and then a handful.
UNEVEN = "select='not(eq(mod(n,7),3))*not(between(mod(n,97),40,44))'"
LANDSCAPE_IN = "transpose=2"  # a phone's sensor lies on its side when the phone stands


@dataclass(frozen=True)
class Device:
    """What films, and how it writes."""

    size: tuple[int, int]
    fps: int
    video: list[str]
    sound: list[str]
    sound_kbit: int = 64
    crf: int | None = None
    handheld: bool = False
    rotation: int | None = None  # degrees written into the display matrix
    finish: tuple[str, ...] = ()  # of the second, copying pass
    piped: bool = False  # written as a stream: no going back to fill in the duration


APPLE = (
    "-tag:v", "hvc1", "-movflags", "use_metadata_tags",
    "-metadata", "com.apple.quicktime.make=Apple",
    "-metadata", "com.apple.quicktime.model=iPhone 13",
    "-metadata", "com.apple.quicktime.software=17.4",
    "-metadata", "com.apple.quicktime.location.ISO6709=+47.2184-001.5536+020.000/",
)  # fmt: skip
ANDROID = ("-brand", "mp42", "-metadata", "com.android.version=14")
AAC, OPUS = ["-c:a", "aac"], ["-c:a", "libopus"]

DEVICES = {
    "iphone": Device(
        (720, 1280), 30, ["-vf", LANDSCAPE_IN, *X265], AAC, crf=25,
        handheld=True, rotation=-90, finish=APPLE,
    ),
    "android": Device(
        (720, 1280), 30, ["-vf", LANDSCAPE_IN, *X264], AAC, crf=23,
        handheld=True, rotation=-90, finish=ANDROID,
    ),
    "android_vfr": Device(
        (720, 1280), 30,
        ["-vf", f"{UNEVEN},{LANDSCAPE_IN}", "-fps_mode", "vfr", "-enc_time_base", "1:90000", *X264],
        AAC, crf=23, handheld=True, rotation=-90,
        finish=(*ANDROID, "-video_track_timescale", "90000"),
    ),
    "webcam": Device((1280, 720), 30, X264, AAC, crf=22, finish=("-movflags", "+faststart")),
    "quicktime": Device(
        (960, 540), 30, X264, [*AAC, "-ar", "44100", "-ac", "1"], crf=22, finish=("-f", "mov")
    ),
    "chrome_vp8": Device(
        (640, 480), 25, VP8, OPUS, finish=("-f", "webm", "-live", "1"), piped=True
    ),
    "chrome_vp9": Device(
        (1280, 720), 30, VP9, OPUS, crf=30, finish=("-f", "webm", "-live", "1"), piped=True
    ),
    "chrome_mp4": Device(
        (1280, 720), 30, [*X264, "-bf", "0"], OPUS, crf=23, piped=True,
        finish=("-f", "mp4", "-movflags", "frag_keyframe+empty_moov+default_base_moof"),
    ),
    "webm_file": Device((960, 540), 25, VP9, OPUS, crf=28),
}  # fmt: skip


def film(device: Device, frames: Iterable[bytes], wav: Path, seconds: float, target: Path) -> None:
    """Encode the frames (RGBA) with the sound as the device would."""
    width, height = device.size
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y"]
    raw = ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", f"{width}x{height}", "-r", str(device.fps)]
    draft = target.with_name(f"{target.stem}.draft.mkv")
    encode = [*ffmpeg, *raw, "-i", "-", "-i", wav, *device.video, *_rate(device, seconds)]
    encode += [*device.sound, "-b:a", f"{device.sound_kbit}k", "-shortest", draft]
    with subprocess.Popen(encode, stdin=subprocess.PIPE) as process:
        for frame in frames:
            process.stdin.write(frame)
        process.stdin.close()
    turn = [] if device.rotation is None else ["-display_rotation:v:0", str(device.rotation)]
    copy = [*ffmpeg, *turn, "-i", draft, "-c", "copy", *_unmarked(device), *device.finish]
    if device.piped:
        with target.open("wb") as file:
            subprocess.run([*copy, "-"], stdout=file, check=True)
    else:
        subprocess.run([*copy, target], check=True)
    draft.unlink()
    if target.stat().st_size > LIMIT_BYTES:
        raise SystemExit(f"{target.name} is {target.stat().st_size} bytes: too big to be kept.")


def _rate(device: Device, seconds: float) -> list[str]:
    bits = LIMIT_BYTES * 8 * FILL / seconds - device.sound_kbit * KILO
    rate = str(round(bits))
    if "libvpx" in device.video or "libvpx-vp9" in device.video:
        quality = [] if device.crf is None else ["-crf", str(device.crf)]
        return ["-b:v", rate, *quality]
    return ["-crf", str(device.crf), "-maxrate", rate, "-bufsize", rate]


def _unmarked(device: Device) -> list[str]:
    """Real devices do not say that ffmpeg made the file; Matroska drafts leave such tags."""
    clean = ["-map_metadata", "-1", "-fflags", "+bitexact"]
    return clean if device.rotation is not None else [*clean, "-map_metadata:s", "-1"]
