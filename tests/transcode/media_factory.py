"""Films as phones, browsers, odd cameras, broken transfers and attackers make them.

Each is cooked when first asked for, by the very ffmpeg the product has found, and kept for the
session; under xdist all processes share the larder. Small on purpose: a second or two each.

Every upright picture has a red corner at the top left, a green one at the top right, a blue one
at the bottom left and a white one at the bottom right, so that a test can see how it lies.
"""

from __future__ import annotations

import fcntl
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

CORNERS = {"red": "top left", "lime": "top right", "blue": "bottom left", "white": "bottom right"}
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1")
SQUEEZED = "log-level=error"  # x265 talks otherwise
AAC = ("-c:a", "aac", "-b:a", "64k")
PLACE = "+48.8566+002.3522+035.000/"  # what must never come out again
MAKE = "Fruit Phone 13"
AUTHOR = "Camille Secret"
NOTE = "086f3693-b7b3-4f2c-9653-21492feee5b8+{}"  # an identifier and a text, in H.264's own words


class MediaFactory:
    """Knows the recipes, and what is cooked already."""

    def __init__(self, larder: Path, ffmpeg: Path) -> None:
        self._larder = larder
        self._ffmpeg = ffmpeg

    def __call__(self, name: str) -> Path:
        """The film of this name (see `RECIPES`)."""
        path = self._larder / name
        with (self._larder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                draft = path.with_name(f"draft-{name}")
                RECIPES[name](self, draft)
                draft.rename(path)
        return path

    def ff(self, *arguments: str | Path) -> None:
        command = [self._ffmpeg, "-v", "error", "-nostdin", "-y", "-threads", "2", *arguments]
        subprocess.run([str(part) for part in command], check=True, timeout=120)


Recipe = Callable[[MediaFactory, Path], None]
RECIPES: dict[str, Recipe] = {}


def recipe(name: str) -> Callable[[Recipe], Recipe]:
    def keep(cook: Recipe) -> Recipe:
        RECIPES[name] = cook
        return cook

    return keep


def scene(
    width: int = 640, height: int = 360, *, rate: str = "30", seconds: float = 1.5
) -> list[str]:
    """Something that moves, with coloured corners."""
    box = f"w={width // 4}:h={height // 4}:t=fill"
    right, low = width - width // 4, height - height // 4
    places = zip(CORNERS, ((0, 0), (right, 0), (0, low), (right, low)), strict=True)
    corners = ",".join(f"drawbox=x={x}:y={y}:{box}:color={c}" for c, (x, y) in places)
    moving = f"testsrc2=s={width}x{height}:r={rate}:d={seconds}"
    return ["-f", "lavfi", "-i", f"{moving},{corners}"]


def tone(seconds: float = 1.5, *, volume: float = 1.0) -> list[str]:
    return ["-f", "lavfi", "-i", f"sine=f=330:r=48000:d={seconds},volume={volume}"]


def with_matrix(path: Path, a: int, b: int, c: int, d: int) -> None:
    """Write a display matrix into the picture's track, as a phone's sensor does."""
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 44  # ISO/IEC 14496-12, 8.3.2, version 0
    rows = (a, b, 0, c, d, 0, 0, 0, 1)
    for i, number in enumerate(rows):
        one = 0x40000000 if i % 3 == 2 else 0x10000
        content[at + 4 * i : at + 4 * i + 4] = (number * one).to_bytes(4, "big", signed=True)
    path.write_bytes(content)


UPRIGHT_PHONE = (0, 1, -1, 0)  # turned clockwise to be looked at


# -- phones -----------------------------------------------------------------------------------


@recipe("iphone.mov")
def iphone(k: MediaFactory, out: Path) -> None:
    """Portrait: HEVC lying on its side, the matrix says how; the place in Apple's own keys."""
    k.ff(
        *scene(360, 640), *tone(), "-vf", "transpose=cclock", *X265,
        "-x265-params", SQUEEZED, "-pix_fmt", "yuv420p", *AAC, "-f", "mov",
        "-movflags", "use_metadata_tags",
        "-metadata", f"com.apple.quicktime.location.ISO6709={PLACE}",
        "-metadata", f"com.apple.quicktime.model={MAKE}", "-metadata", f"artist={AUTHOR}",
        "-metadata:s:v", f"handler_name={AUTHOR}", out,
    )  # fmt: skip
    with_matrix(out, *UPRIGHT_PHONE)


def _hdr(k: MediaFactory, out: Path, transfer: str, form: str) -> None:
    colours = f"colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc:range=limited"
    k.ff(
        *scene(), *tone(), "-vf", "scale=out_color_matrix=bt2020,format=yuv420p10le", *X265,
        "-x265-params", f"{SQUEEZED}:{colours}", "-color_primaries", "bt2020",
        "-color_trc", transfer, "-colorspace", "bt2020nc", *AAC, "-f", form, out,
    )  # fmt: skip


@recipe("hlg.mov")
def hlg(k: MediaFactory, out: Path) -> None:
    _hdr(k, out, "arib-std-b67", "mov")


@recipe("pq.mp4")
def pq(k: MediaFactory, out: Path) -> None:
    _hdr(k, out, "smpte2084", "mp4")


@recipe("android.mp4")
def android(k: MediaFactory, out: Path) -> None:
    """Variable frame rate, and a matrix that says the picture stands on its head."""
    uneven = "select='not(eq(mod(n,7),3))*not(between(n,20,26))'"
    k.ff(
        *scene(), *tone(), "-vf", f"hflip,vflip,{uneven}", "-fps_mode", "vfr",
        *X264, *AAC, "-video_track_timescale", "90000", "-f", "mp4", out,
    )  # fmt: skip
    with_matrix(out, -1, 0, 0, -1)


@recipe("selfie.mp4")
def selfie(k: MediaFactory, out: Path) -> None:
    """A front camera that mirrors by matrix, held upright."""
    k.ff(*scene(360, 640), *tone(), "-vf", "transpose=cclock_flip", *X264, *AAC, "-f", "mp4", out)
    with_matrix(out, 0, 1, 1, 0)


@recipe("old-phone.3gp")
def old_phone(k: MediaFactory, out: Path) -> None:
    k.ff(
        *scene(176, 144, rate="15"), *tone(), "-c:v", "h263", "-b:v", "128k",
        *AAC, "-ar", "16000", "-ac", "1", "-f", "3gp", out,
    )  # fmt: skip


@recipe("camera.avi")
def camera(k: MediaFactory, out: Path) -> None:
    k.ff(
        *scene(), *tone(), "-c:v", "mpeg4", "-vtag", "xvid", "-q:v", "6",
        "-c:a", "libmp3lame", "-f", "avi", out,
    )  # fmt: skip


@recipe("compact.avi")
def compact(k: MediaFactory, out: Path) -> None:
    k.ff(
        *scene(320, 240, rate="15"), *tone(), "-c:v", "mjpeg", "-q:v", "5", "-pix_fmt", "yuvj420p",
        "-c:a", "pcm_u8", "-ar", "11025", "-f", "avi", out,
    )  # fmt: skip


@recipe("camcorder.mts")
def camcorder(k: MediaFactory, out: Path) -> None:
    """Interlaced, in pixels that are not square, its clock not starting at zero.

    A microphone is plugged in on the way: the sound goes on in mono and at another rate.
    """
    parts = [out.with_name(f"{out.name}-{i}.mp2") for i in range(2)]
    k.ff(*tone(0.7), "-ac", "2", "-c:a", "mp2", parts[0])
    k.ff(*tone(0.8), "-ac", "1", "-ar", "44100", "-c:a", "mp2", parts[1])
    sound = out.with_name(f"{out.name}.mp2")
    sound.write_bytes(b"".join(part.read_bytes() for part in parts))
    k.ff(
        *scene(720, 576, rate="50"), "-i", sound, "-vf", "interlace,setsar=64/45",
        "-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-q:v", "5", "-c:a", "copy",
        "-f", "mpegts", out,
    )  # fmt: skip


@recipe("avchd.mts")
def avchd(k: MediaFactory, out: Path) -> None:
    """A camcorder's own: interlaced, surround, and the date as pictures to lay over the film."""
    dates = out.with_name(f"{out.name}.sup")
    dates.write_bytes(b"".join(_empty_subtitle(at) for at in (0.2, 1.0)))
    k.ff(
        *scene(1440, 1080, rate="50", seconds=1), *tone(1), "-i", dates,
        "-map", "0", "-map", "1", "-map", "2", "-vf", "interlace,setsar=4/3",
        *X264, "-flags", "+ilme+ildct", "-c:a", "ac3", "-ac", "6", "-c:s", "copy",
        "-mpegts_m2ts_mode", "1", "-f", "mpegts", out,
    )  # fmt: skip


def _empty_subtitle(at: float) -> bytes:
    """A display set of Blu-ray's presentation graphics that shows nothing: its head, its end."""
    composition = struct.pack(">HHBHBBBB", 1920, 1080, 0x10, 0, 0x80, 0, 0, 0)
    segments = ((0x16, composition), (0x80, b""))
    times = (round(90_000 * at), 0)
    return b"".join(
        b"PG" + struct.pack(">IIBH", *times, kind, len(body)) + body for kind, body in segments
    )


@recipe("slow-motion.mp4")
def slow_motion(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(320, 240, rate="240", seconds=1.2), *tone(1.2), *X264, *AAC, "-f", "mp4", out)


@recipe("full-hd-50.mp4")
def full_hd(k: MediaFactory, out: Path) -> None:
    """A camera for films, which does not compress its sound."""
    sound = ("-c:a", "pcm_s24le")
    k.ff(*scene(1920, 1080, rate="50", seconds=1), *tone(1), *X264, *sound, "-f", "mp4", out)


def _sent_as_needed(k: MediaFactory, out: Path, *more: str, crf: str = "42") -> None:
    """What a rung should be already: its size and rate, a closed group every two seconds.

    Its camera has written a note before the first picture.
    """
    note = ("-bsf:v", f"h264_metadata=sei_user_data={NOTE.format(AUTHOR)}")
    closed = ("-g", "60", "-keyint_min", "60", "-sc_threshold", "0", "-bf", "2", "-crf", crf)
    k.ff(
        *scene(seconds=4.5), *tone(4.5), *X264, *closed, "-colorspace", "bt709",
        "-color_primaries", "bt709", "-color_trc", "bt709", *note, *AAC, *more, "-f", "mp4", out,
    )  # fmt: skip


@recipe("sent-as-needed.mp4")
def sent_as_needed(k: MediaFactory, out: Path) -> None:
    _sent_as_needed(k, out)


@recipe("sent-too-heavy.mp4")
def sent_too_heavy(k: MediaFactory, out: Path) -> None:
    _sent_as_needed(k, out, crf="1")


@recipe("damaged-inside.mp4")
def damaged_inside(k: MediaFactory, out: Path) -> None:
    """As needed by all that its packets say, but for some bits of its first picture."""
    content = bytearray(k("sent-as-needed.mp4").read_bytes())
    inside = content.index(b"mdat") + 3000
    content[inside : inside + 40] = bytes(40)
    out.write_bytes(content)


@recipe("open-groups.mp4")
def open_groups(k: MediaFactory, out: Path) -> None:
    open_gop = ("-flags", "-cgop", "-x264-params", "open-gop=1:bframes=3:b-adapt=0")
    _sent_as_needed(k, out, "-preset", "veryfast", *open_gop)


@recipe("edited.mp4")
def edited(k: MediaFactory, out: Path) -> None:
    """Cut in a phone's gallery: the file keeps what is before its beginning, and hides it."""
    k.ff("-ss", "0.7", "-i", k("sent-as-needed.mp4"), "-c", "copy", "-f", "mp4", out)


@recipe("two-encoders.mp4")
def two_encoders(k: MediaFactory, out: Path) -> None:
    """Two recordings in one file, of one size: the second one's parameters differ."""
    parts = [out.with_name(f"{out.name}-{i}.mp4") for i in range(2)]
    for part, entropy in zip(parts, ("cabac=0", "cabac=1:ref=4"), strict=True):
        _sent_as_needed(k, part, "-preset", "veryfast", "-x264-params", entropy)
    listing = out.with_name(f"{out.name}.txt")
    listing.write_text("".join(f"file '{part}'\n" for part in parts))
    k.ff("-f", "concat", "-safe", "0", "-i", listing, "-c", "copy", "-f", "mp4", out)


# -- browsers: written through a pipe, so nothing says how long it is -------------------------


def _recorded(k: MediaFactory, out: Path, *codecs: str) -> None:
    k.ff(*scene(), *tone(), *codecs, "-c:a", "libopus", "-live", "1", "-f", "matroska", out)


@recipe("chrome-vp8.webm")
def chrome_vp8(k: MediaFactory, out: Path) -> None:
    _recorded(k, out, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M")


@recipe("chrome-vp9.webm")
def chrome_vp9(k: MediaFactory, out: Path) -> None:
    _recorded(k, out, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M")


@recipe("chrome-h264.mkv")
def chrome_h264(k: MediaFactory, out: Path) -> None:
    _recorded(k, out, *X264)


@recipe("chrome-av1.webm")
def chrome_av1(k: MediaFactory, out: Path) -> None:
    _recorded(k, out, "-c:v", "libsvtav1", "-preset", "12", "-svtav1-params", "lp=1")


@recipe("safari.mp4")
def safari(k: MediaFactory, out: Path) -> None:
    fragments = "frag_keyframe+empty_moov+default_base_moof"
    k.ff(*scene(), *tone(), *X264, *AAC, "-movflags", fragments, "-f", "mp4", out)


@recipe("turned-while-recording.webm")
def turned(k: MediaFactory, out: Path) -> None:
    """A phone in a browser, turned after a second: the picture changes its size."""
    parts = [out.with_name(f"{out.name}-{i}.webm") for i in range(2)]
    vp8 = ("-c:v", "libvpx", "-deadline", "realtime", "-b:v", "500k", "-c:a", "libopus")
    k.ff(*scene(640, 360, seconds=1), *tone(1), *vp8, parts[0])
    k.ff(*scene(360, 640, seconds=1), *tone(1), *vp8, parts[1])
    listing = out.with_name(f"{out.name}.txt")
    listing.write_text("".join(f"file '{part}'\n" for part in parts))
    k.ff("-f", "concat", "-safe", "0", "-i", listing, "-c", "copy", "-f", "webm", out)


@recipe("four-k-60.mp4")
def four_k(k: MediaFactory, out: Path) -> None:
    """Sixty large pictures a second; still, since only their number and size matter here."""
    wide = ["-f", "lavfi", "-i", "color=gray:s=3840x2160:r=60:d=1"]
    k.ff(*wide, *tone(1), *X264, *AAC, "-f", "mp4", out)


# -- odd but honest ---------------------------------------------------------------------------


@recipe("plain.mp4")
def plain(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(), *tone(), *X264, *AAC, "-f", "mp4", out)


@recipe("what-is-wrong.mp4")
def what_is_wrong(k: MediaFactory, out: Path) -> None:
    """Five seconds as they should be, then five of no sound and a black picture."""
    black = "drawbox=t=fill:color=black:enable='gte(t,5)'"
    silent = "volume=0:enable='gte(t,5)'"
    k.ff(
        *scene(160, 90, rate="15", seconds=10), *tone(10), "-vf", black, "-af", silent,
        *X264, *AAC, "-f", "mp4", out,
    )  # fmt: skip


def _scenes(k: MediaFactory, out: Path, *colours: str) -> None:
    """Four seconds of each colour."""
    painted = ",".join(
        f"drawbox=t=fill:color={colour}:enable='gte(t,{4 * number})'"
        for number, colour in enumerate(colours)
    )
    k.ff(
        *scene(160, 90, rate="15", seconds=4 * len(colours)), *tone(4 * len(colours)),
        "-vf", painted, *X264, *AAC, "-f", "mp4", out,
    )  # fmt: skip


@recipe("red-green-yellow.mp4")
def red_green_yellow(k: MediaFactory, out: Path) -> None:
    _scenes(k, out, "red", "lime", "yellow")


@recipe("black-in-the-middle.mp4")
def black_in_the_middle(k: MediaFactory, out: Path) -> None:
    _scenes(k, out, "red", "black", "yellow")


@recipe("black.mp4")
def black(k: MediaFactory, out: Path) -> None:
    _scenes(k, out, "black", "black", "black")


@recipe("square.mp4")
def square(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(480, 480), *tone(), *X264, *AAC, "-movflags", "+faststart", "-f", "mp4", out)


@recipe("odd-size.mp4")
def odd_size(k: MediaFactory, out: Path) -> None:
    fine = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p")
    k.ff(*scene(641, 361), *tone(), *fine, *AAC, "-f", "mp4", out)


@recipe("no-sound.mp4")
def no_sound(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(), *X264, "-f", "mp4", out)


@recipe("silence.mp4")
def silence(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(), *tone(volume=0), *X264, *AAC, "-f", "mp4", out)


@recipe("whisper.mp4")
def whisper(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(), *tone(volume=0.3), *X264, *AAC, "-f", "mp4", out)


@recipe("surround.mp4")
def surround(k: MediaFactory, out: Path) -> None:
    middle = "pan=5.1|FL=0*c0|FR=0*c0|FC=c0|LFE=0*c0|BL=0*c0|BR=0*c0"
    k.ff(*scene(), *tone(), "-af", middle, *X264, *AAC, "-b:a", "192k", "-f", "mp4", out)


@recipe("second-track-speaks.mp4")
def second_track(k: MediaFactory, out: Path) -> None:
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:a")
    k.ff(*scene(), *tone(volume=0), *tone(), *maps, *X264, *AAC, "-f", "mp4", out)


@recipe("one-frame-a-second.mp4")
def one_fps(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(rate="1", seconds=3), *tone(3), *X264, "-c:a", "flac", "-f", "mp4", out)


@recipe("television.mp4")
def television(k: MediaFactory, out: Path) -> None:
    """Five seconds at 23.976: its key frames lie 2.002 s apart."""
    k.ff(*scene(320, 240, rate="24000/1001", seconds=5), *tone(5), *X264, *AAC, "-f", "mp4", out)


@recipe("late-picture.webm")
def late_picture(k: MediaFactory, out: Path) -> None:
    film = k("chrome-vp8.webm")
    k.ff(
        "-itsoffset", "0.8", "-i", film, "-i", film,
        "-map", "0:v", "-map", "1:a", "-c", "copy", "-f", "webm", out,
    )  # fmt: skip


@recipe("late-sound.webm")
def late_sound(k: MediaFactory, out: Path) -> None:
    film = k("chrome-vp8.webm")
    k.ff(
        "-itsoffset", "0.8", "-i", film, "-i", film,
        "-map", "1:v", "-map", "0:a", "-c", "copy", "-f", "webm", out,
    )  # fmt: skip


@recipe("cover-and-subtitles.mp4")
def cover_and_subtitles(k: MediaFactory, out: Path) -> None:
    words = out.with_name("words.srt")
    words.write_text(f"1\n00:00:00,000 --> 00:00:01,000\n{AUTHOR}\n")
    cover = out.with_name("cover.jpg")
    k.ff(*scene(64, 64, rate="1", seconds=1), "-frames:v", "1", cover)
    k.ff(
        "-i", k("plain.mp4"), "-i", cover, "-i", words,
        "-map", "0", "-map", "1", "-map", "2", "-c", "copy", "-c:s", "mov_text",
        "-disposition:v:1", "attached_pic", "-metadata", f"title=<script>{AUTHOR}</script>",
        "-f", "mp4", out,
    )  # fmt: skip


@recipe("black-start.mp4")
def black_start(k: MediaFactory, out: Path) -> None:
    dark = "drawbox=color=black:t=fill:enable='lt(t,1)'"
    k.ff(*scene(seconds=2.5), *tone(2.5), "-vf", dark, *X264, *AAC, "-f", "mp4", out)


# -- broken transfers -------------------------------------------------------------------------


@recipe("cut-short.mp4")
def cut_short(k: MediaFactory, out: Path) -> None:
    """The header promises all of it."""
    whole = out.with_name("whole.mp4")
    k.ff(
        *scene(seconds=3), *tone(3), *X264, *AAC, "-movflags", "+faststart", "-f", "mp4", whole,
    )  # fmt: skip
    content = whole.read_bytes()
    out.write_bytes(content[: len(content) * 6 // 10])


@recipe("cut-short.webm")
def cut_short_webm(k: MediaFactory, out: Path) -> None:
    content = k("chrome-vp8.webm").read_bytes()
    out.write_bytes(content[: len(content) * 8 // 10])


@recipe("bit-errors.mp4")
def bit_errors(k: MediaFactory, out: Path) -> None:
    content = bytearray(k("plain.mp4").read_bytes())
    start = content.index(b"mdat") + 2000
    for at in range(start, min(start + 20_000, len(content) - 8000), 997):
        content[at] ^= 0xFF
    out.write_bytes(content)
