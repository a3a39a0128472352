"""Films that are honest and odd. Importing this adds them to the factory."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.transcode.media_factory import AAC, X264, X265, MediaFactory, recipe, scene, tone

SMALL = (128, 96)
CINEMA = ("-c:a:1", "dca", "-strict", "-2", "-ar:a:1", "48000")  # DTS, which we have no decoder for


def beeping(seconds: float, clock: float = 1.0) -> list[str]:
    """A tenth of a second of sound at each full second, by a clock that runs so much too slowly."""
    beeps = f"0.4*sin(2000*PI*t)*lt(mod(t*{clock}\\,1)\\,0.1)"
    return ["-f", "lavfi", "-i", f"aevalsrc={beeps}:s=48000:d={seconds / clock}"]


# -- sound ------------------------------------------------------------------------------------


def _in_stereo(name: str, how: str) -> None:
    @recipe(name)
    def cook(k: MediaFactory, out: Path) -> None:
        sound = ("-af", f"pan=stereo|{how}", *AAC)
        k.ff(*scene(*SMALL), *tone(), *X264, *sound, "-f", "mp4", out)


_in_stereo("left-ear.mp4", "c0=c0|c1=0.05*c0")
_in_stereo("right-ear.mp4", "c1=c0")
_in_stereo("opposite-ears.mp4", "c0=c0|c1=-1*c0")


@recipe("ambisonic.mkv")
def ambisonic(k: MediaFactory, out: Path) -> None:
    four = ("-af", "pan=ambisonic 1|c0=c0|c1=0.1*c0|c3=0.5*c0", "-c:a", "pcm_s16le")
    k.ff(*scene(*SMALL), *tone(), *X264, *four, "-f", "matroska", out)


@recipe("sixteen-channels.mov")
def sixteen_channels(k: MediaFactory, out: Path) -> None:
    sixteen = ("-af", "pan=16C|c7=c0", "-c:a", "pcm_s16le")
    k.ff(*scene(*SMALL), *tone(), *X264, *sixteen, "-f", "mov", out)


@recipe("sixteen-alike.mov")
def sixteen_alike(k: MediaFactory, out: Path) -> None:
    alike = "|".join(f"c{number}=c0" for number in range(16))
    sixteen = ("-af", f"pan=16C|{alike}", "-c:a", "pcm_s16le")
    k.ff(*scene(*SMALL), *tone(), *X264, *sixteen, "-f", "mov", out)


@recipe("centre-in-whole-numbers.mov")
def centre(k: MediaFactory, out: Path) -> None:
    """A quiet voice in the middle of six channels, as an editor writes them."""
    six = ("-af", "pan=5.1|FC=0.3*c0", "-c:a", "pcm_s16le")
    k.ff(*scene(*SMALL), *tone(), *X264, *six, "-f", "mov", out)


@recipe("sound-of-a-slow-clock.mkv")
def slow_clock(k: MediaFactory, out: Path) -> None:
    """Its sound card counts 49 seconds of 50, and the browser writes down when each piece came."""
    late = ("-c:a", "libopus", "-bsf:a", "setts=ts=TS*1.02")
    k.ff(*scene(*SMALL, seconds=6), *beeping(6, 1.02), *X264, *late, "-f", "matroska", out)


@recipe("beeps.mp4")
def beeps(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(*SMALL, seconds=3), *beeping(3), *X264, *AAC, "-f", "mp4", out)


# -- time -------------------------------------------------------------------------------------


@recipe("unused-track-earlier.ts")
def unused_track_earlier(k: MediaFactory, out: Path) -> None:
    """Its second sound, in which nobody speaks any differently, begins 0.4 s before all else."""
    k.ff(
        "-itsoffset", "0.4", *scene(*SMALL, seconds=3), "-itsoffset", "0.4", *beeping(3),
        *tone(3), "-map", "0", "-map", "1", "-map", "2", *X264, "-c:a", "mp2", "-f", "mpegts", out,
    )  # fmt: skip


def joined(name: str, *parts: str) -> None:
    """Recordings copied one behind the other, byte by byte."""

    @recipe(name)
    def cook(k: MediaFactory, out: Path) -> None:
        out.write_bytes(b"".join(k(part).read_bytes() for part in parts))


def _television(name: str, begins: float, seconds: float = 2) -> None:
    @recipe(name)
    def cook(k: MediaFactory, out: Path) -> None:
        later = ("-output_ts_offset", str(begins), "-f", "mpegts")
        k.ff(*scene(*SMALL, seconds=seconds), *beeping(seconds), *X264, *AAC, *later, out)


_television("now.ts", 0)
_television("an-hour-later.ts", 3600)
_television("soon-after.ts", 5)
joined("clock-jumps-ahead.ts", "now.ts", "an-hour-later.ts")
joined("clock-jumps-back.ts", "an-hour-later.ts", "now.ts")
joined("clock-begins-anew.ts", "now.ts", "now.ts", "now.ts")
joined("clock-skips-three-seconds.ts", "now.ts", "soon-after.ts")


@recipe("live.webm")
def live(k: MediaFactory, out: Path) -> None:
    vp8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")
    k.ff(*scene(*SMALL, seconds=2), *beeping(2), *vp8, "-live", "1", "-f", "webm", out)


@recipe("two-seconds.mp4")
def two_seconds(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(*SMALL, seconds=2), *beeping(2), *X264, *AAC, "-f", "mp4", out)


joined("joined.webm", "live.webm", "live.webm", "live.webm")
joined("joined.mp4", "two-seconds.mp4", "two-seconds.mp4")
joined("two-kinds-joined.mp4", "two-seconds.mp4", "plain.mp4")
joined("matroska-behind-boxes.mp4", "two-seconds.mp4", "live.webm")
joined("boxes-behind-matroska.webm", "live.webm", "two-seconds.mp4")
joined("boxes-behind-packets.ts", "now.ts", "two-seconds.mp4")
joined("list-behind-boxes.mp4", "two-seconds.mp4", "camera.avi")
joined("packs-behind-boxes.mp4", "two-seconds.mp4", "camcorder.mpg")


@recipe("two-seconds.avi")
def two_seconds_of_lists(k: MediaFactory, out: Path) -> None:
    old = ("-c:v", "mpeg4", "-c:a", "libmp3lame", "-f", "avi")
    k.ff(*scene(*SMALL, seconds=2), *beeping(2), *old, out)


@recipe("aac.avi")
def screen(k: MediaFactory, out: Path) -> None:
    """As some programs record a screen."""
    k.ff("-i", k("two-seconds.mp4"), "-c", "copy", "-f", "avi", out)


@recipe("aac-beside-cinemas.avi")
def aac_beside_cinemas(k: MediaFactory, out: Path) -> None:
    maps = ("-map", "0:v", "-map", "0:a", "-map", "0:a", "-c", "copy")
    k.ff("-i", k("two-seconds.mp4"), *maps, *CINEMA, "-f", "avi", out)


joined("joined.avi", "two-seconds.avi", "two-seconds.avi")
joined("joined-aac.avi", "aac.avi", "aac.avi")


@recipe("second-sound-of-cinemas.ts")
def of_cinemas(k: MediaFactory, out: Path) -> None:
    maps = ("-map", "0:v", "-map", "0:a", "-map", "0:a", "-c", "copy")
    k.ff("-i", k("two-seconds.mp4"), *maps, *CINEMA, "-f", "mpegts", out)


@recipe("second-sound-of-24-channels.mov")
def of_24_channels(k: MediaFactory, out: Path) -> None:
    many = ("-c:a:1", "pcm_s16le", "-filter:a:1", "pan=24C|c0=c0")
    maps = ("-map", "0:v", "-map", "0:a", "-map", "0:a", "-c", "copy")
    k.ff("-i", k("two-seconds.mp4"), *maps, *many, "-f", "mov", out)


def _tracks(name: str, kind: str) -> None:
    @recipe(name)
    def cook(k: MediaFactory, out: Path) -> None:
        maps = ("-map", "0:v") * 40 + ("-map", "0:a")
        k.ff("-i", k("two-seconds.mp4"), *maps, "-c", "copy", "-f", kind, out)


_tracks("forty-pictures.mkv", "matroska")
_tracks("forty-pictures.mp4", "mp4")
_tracks("forty-pictures.ts", "mpegts")


def behind(name: str, front: bytes, film: str) -> None:
    """A film with something else in front."""

    @recipe(name)
    def cook(k: MediaFactory, out: Path) -> None:
        out.write_bytes(front + k(film).read_bytes())


TAG = b"ID3\x04\0\0\0\0\x02\x00" + b"TIT2\0\0\0\x06\0\0\0Film\0".ljust(256, b"\0")
LEAVINGS = b"\x01\x9c\x33 leavings of another file \xff" * 40
behind("tag-in-front.mp4", TAG, "two-seconds.mp4")
behind("tag-in-front.webm", TAG, "live.webm")
behind("leavings-in-front.mp4", LEAVINGS, "two-seconds.mp4")
behind("leavings-in-front.webm", LEAVINGS, "live.webm")
behind("leavings-in-front-of-two.mp4", LEAVINGS, "joined.mp4")


# -- camcorders that wrote to disks ---------------------------------------------------------------


def _packs(name: str, sound: str, kind: str, picture: str = "mpeg2video") -> None:
    @recipe(name)
    def cook(k: MediaFactory, out: Path) -> None:
        coded = ("-c:v", picture, "-q:v", "4", "-c:a", sound, "-ar", "48000", "-f", kind)
        k.ff(*scene(352, 288, rate="25", seconds=3), *beeping(3), *coded, out)


_packs("camcorder.mpg", "mp2", "vob")
_packs("camcorder.vob", "ac3", "vob")
_packs("camcorder.mod", "pcm_s16be", "vob")
_packs("video-cd.mpg", "mp2", "mpeg", "mpeg1video")
joined("joined.vob", "camcorder.vob", "camcorder.vob")


@recipe("late-sound.ts")
def late_sound(k: MediaFactory, out: Path) -> None:
    """Nothing is heard for twelve seconds, and nothing tells of what the sound will be."""
    k.ff(
        *scene(64, 64, rate="10", seconds=14), "-itsoffset", "12", *tone(2), *X264,
        "-c:a", "libmp3lame", "-f", "mpegts", out,
    )  # fmt: skip


@recipe("ten-minute-frame.mp4")
def ten_minute_frame(k: MediaFactory, out: Path) -> None:
    """Its last frame lasts for ten minutes, says its index."""
    last = "setts=duration=if(gte(N\\,44)\\,600/TB\\,DURATION)"
    k.ff(*scene(*SMALL), *tone(), *X264, "-bf", "0", "-bsf:v", last, *AAC, "-f", "mp4", out)


# -- what is in it ----------------------------------------------------------------------------


@recipe("words-and-fonts.mkv")
def words_and_fonts(k: MediaFactory, out: Path) -> None:
    """An editor's: words in a format of their own, their font, and the sound of a cinema beside."""
    words = out.with_name("sung.ass")
    words.write_text(
        "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Start, End, Text\n"
        "Dialogue: 0:00:00.00,0:00:01.00,Bonjour\n"
    )
    font = out.with_name("some.ttf")
    font.write_bytes(bytes(100))
    k.ff(
        *scene(*SMALL), *tone(), *tone(volume=0.5), "-i", words, "-map", "0", "-map", "2",
        "-map", "1", "-map", "3", *X264, "-c:a:0", "dca", "-strict", "-2", "-c:a:1", "aac",
        "-c:s", "copy", "-attach", font, "-metadata:s:t", "mimetype=font/ttf",
        "-f", "matroska", out,
    )  # fmt: skip


@recipe("painted-cover.mp4")
def painted_cover(k: MediaFactory, out: Path) -> None:
    cover = out.with_name("cover.png")
    k.ff(*scene(64, 64, rate="1", seconds=1), "-frames:v", "1", cover)
    k.ff(
        "-i", k("two-seconds.mp4"), "-i", cover, "-map", "0", "-map", "1", "-c", "copy",
        "-disposition:v:1", "attached_pic", "-f", "mp4", out,
    )  # fmt: skip


@recipe("animation.mov")
def animation(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(64, 64, rate="5"), *tone(), "-c:v", "qtrle", *AAC, "-f", "mov", out)


@recipe("prores-4444.mov")
def prores(k: MediaFactory, out: Path) -> None:
    see_through = ("-vf", "format=yuva444p10le", "-c:v", "prores_ks", "-profile:v", "4444")
    k.ff(*scene(), *tone(), *see_through, "-c:a", "pcm_s24le", "-f", "mov", out)


@recipe("old-tape.avi")
def old_tape(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(720, 576, rate="25"), *tone(), "-target", "pal-dv", "-f", "avi", out)


@recipe("theora.ogv")
def theora(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(), *tone(), "-c:v", "libtheora", "-c:a", "libvorbis", "-f", "ogg", out)


@recipe("divx-3.avi")
def divx(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(), *tone(), "-c:v", "msmpeg4", "-c:a", "adpcm_ms", "-f", "avi", out)


# -- what it says of itself ---------------------------------------------------------------------


def with_box(film: bytes, entry: bytes, box: bytes) -> bytes:
    """The film with one more box in its picture's sample entry; its index stands at its end."""
    at = film.index(entry, film.index(b"stsd")) - 4
    size = int.from_bytes(film[at : at + 4], "big")
    grown = bytearray(film[: at + size] + box + film[at + size :])
    grown[at : at + 4] = (size + len(box)).to_bytes(4, "big")
    for parent in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"):
        where = grown.index(parent) - 4
        length = int.from_bytes(grown[where : where + 4], "big") + len(box)
        grown[where : where + 4] = length.to_bytes(4, "big")
    return bytes(grown)


@recipe("cropped.mp4")
def cropped(k: MediaFactory, out: Path) -> None:
    """As needed, but that its players leave out a half (`clap`, ISO/IEC 14496-12, 12.1.4)."""
    numbers = (320, 1, 360, 1, 0, 1, 0, 1)
    box = struct.pack(">I4s8I", 40, b"clap", *numbers)
    out.write_bytes(with_box(k("sent-as-needed.mp4").read_bytes(), b"avc1", box))


@recipe("dolby-vision-5.mp4")
def dolby_vision(k: MediaFactory, out: Path) -> None:
    """Of profile 5 and level 4, its base layer of use to nobody else (`dvcC`)."""
    said = bytes((1, 0, 5 << 1, 4 << 3 | 0b101, 0)) + bytes(19)
    box = struct.pack(">I4s", 8 + len(said), b"dvcC") + said
    k.ff(*scene(*SMALL), *tone(), *X265, *AAC, "-f", "mp4", out)
    out.write_bytes(with_box(out.read_bytes(), b"hvc1", box))


@recipe("editors-brand.mp4")
def editors_brand(k: MediaFactory, out: Path) -> None:
    content = bytearray(k("two-seconds.mp4").read_bytes())
    content[8:12] = b"M4A "
    out.write_bytes(content)


@recipe("switched-on.ts")
def switched_on(k: MediaFactory, out: Path) -> None:
    """Recorded from the middle of a packet on."""
    out.write_bytes(k("now.ts").read_bytes()[100:])


def coloured(name: str, flags: str) -> None:
    @recipe(name)
    def cook(k: MediaFactory, out: Path) -> None:
        lie = ("-bsf:v", f"h264_metadata={flags}")
        k.ff(*scene(), *tone(), *X264, *lie, *AAC, "-f", "mp4", out)


# As numbered in ITU-T H.273: RGB, YCgCo, constant luminance, chroma-derived, ICtCp in HDR.
COLOURS = {
    "says-rgb.mp4": "matrix_coefficients=0:transfer_characteristics=13:colour_primaries=1",
    "says-ycgco.mp4": "matrix_coefficients=8:colour_primaries=22",
    "says-derived.mp4": "matrix_coefficients=13:colour_primaries=10:transfer_characteristics=17",
    "says-ictcp.mp4": "matrix_coefficients=14:colour_primaries=9:transfer_characteristics=16",
    "says-linear.mp4": "matrix_coefficients=10:colour_primaries=9:transfer_characteristics=8",
}
for name, flags in COLOURS.items():
    coloured(name, flags)
