"""Files that are no film, or are meant to do harm. Importing this adds them to the factory."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from pathlib import Path

from tests.transcode.media_factory import AAC, X264, MediaFactory, recipe, scene, tone

# Stands in for another person's film or a password: it must turn up nowhere.
CANARY = "canary-5d41402abc4b2a76b9719d911017c592"


NOISE = random.Random(1).randbytes(200_000)  # noqa: S311 (the same in every run)


def written(name: str, content: bytes) -> None:
    recipe(name)(lambda _kitchen, out: out.write_bytes(content) and None)


# -- no film at all ---------------------------------------------------------------------------


def bomb_picture(side: int) -> bytes:
    """A PNG of side × side pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    pressed = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    rows = b"".join(pressed.compress(row) for _ in range(side)) + pressed.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PLAYLIST = f"#EXTM3U\n#EXTINF:1,\nfile:///{CANARY}\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n".encode()

written("empty.mp4", b"")
written("text.mp4", b"not a film\n")
written("cv.pdf", b"%PDF-1.4\n%%EOF\n")
written("noise.mp4", NOISE)
written("playlist.mp4", PLAYLIST)
written("concat.mp4", f"ffconcat version 1.0\nfile '/{CANARY}'\n".encode())
written(
    "manifest.mp4",
    b'<?xml version="1.0"?><MPD><Period><BaseURL>http://127.0.0.1:9/</BaseURL></Period></MPD>',
)
written(
    "drawing.svg",
    b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
)
written("page.html", b"<!doctype html><script>alert(1)</script>")
written("session.sdp", b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n")
written("zeros.gz", gzip.compress(bytes(20_000_000)))
written("picture.png", bomb_picture(16_000))

FTYP = struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"mp41")
EBML = bytes.fromhex(
    "1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff"
)

# Looks like a film for its first bytes, and is something else behind them.
written("playlist-in-a-box.mp4", FTYP + PLAYLIST * 50)
written("only-a-brand.mp4", FTYP)
written("giant-atom.mp4", FTYP + struct.pack(">I4s", 0xFFFFFFF0, b"moov") + bytes(64))
written(
    "nested-atoms.mp4",
    FTYP + b"".join(struct.pack(">I4s", 200_000 - 8 * i, b"moov") for i in range(20_000)),
)
written("matroska-of-nothing.webm", EBML + bytes(50_000))
written("packets-of-text.mts", (b"\x47" + PLAYLIST[:60].ljust(187, b"\n")) * 200)
written(
    "list-of-nothing.avi", b"RIFF\xff\xff\xff\x7fAVI " + b"LIST\xff\xff\xff\x7fhdrl" + bytes(5000)
)
written("packs-of-nothing.mpg", (b"\0\0\x01\xba\x44" + bytes(27)) * 500)
written("ogg-of-nothing.ogv", (b"OggS" + bytes(23)) * 500)


@recipe("animated.gif")
def animated(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(64, 64, rate="5", seconds=1), "-f", "gif", out)


# -- films that cannot become clips -----------------------------------------------------------


@recipe("no-index.mp4")
def no_index(k: MediaFactory, out: Path) -> None:
    """A transfer that broke before the index, which phones write last."""
    out.write_bytes(k("plain.mp4").read_bytes()[:60_000])


@recipe("rubbish-inside.mp4")
def rubbish(k: MediaFactory, out: Path) -> None:
    """A perfect index over noise."""
    content = bytearray(k("plain.mp4").read_bytes())
    start = content.index(b"mdat") + 4
    end = content.index(b"moov") - 4
    content[start:end] = (NOISE * 2)[: end - start]
    out.write_bytes(content)


@recipe("no-frame-inside.mp4")
def no_frame(k: MediaFactory, out: Path) -> None:
    """The same without a sound track: some encoders end well and have encoded nothing."""
    content = bytearray(k("no-sound.mp4").read_bytes())
    start, end = content.index(b"mdat") + 4, content.index(b"moov") - 4
    content[start:end] = (NOISE * 2)[: end - start]
    out.write_bytes(content)


@recipe("sound-only.mp4")
def sound_only(k: MediaFactory, out: Path) -> None:
    k.ff(*tone(), *AAC, "-f", "mp4", out)


@recipe("sound-with-cover.mp4")
def sound_with_cover(k: MediaFactory, out: Path) -> None:
    cover = out.with_name("front.jpg")
    k.ff(*scene(64, 64, rate="1", seconds=1), "-frames:v", "1", cover)
    k.ff(
        "-i", k("sound-only.mp4"), "-i", cover, "-map", "0", "-map", "1", "-c", "copy",
        "-disposition:v:0", "attached_pic", "-f", "mp4", out,
    )  # fmt: skip


@recipe("one-frame.mp4")
def one_frame(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(), *tone(), "-frames:v", "1", *X264, *AAC, "-f", "mp4", out)


@recipe("blink.mp4")
def blink(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(seconds=0.4), *tone(0.4), *X264, *AAC, "-f", "mp4", out)


@recipe("ten-hours.mp4")
def ten_hours(k: MediaFactory, out: Path) -> None:
    """Two frames in two kilobytes."""
    k.ff(
        "-f", "lavfi", "-i", "color=s=64x64:r=1/36000", "-frames:v", "2", *X264,
        "-video_track_timescale", "1000", "-f", "mp4", out,
    )  # fmt: skip


@recipe("huge.avi")
def huge(k: MediaFactory, out: Path) -> None:
    """Each decoded frame takes some 380 MB."""
    black = ("-f", "lavfi", "-i", "color=black:s=16000x16000:r=1:d=2")
    k.ff(*black, "-c:v", "mjpeg", "-q:v", "31", "-f", "avi", out)


@recipe("tiny.mp4")
def tiny(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(16, 16), *X264, "-f", "mp4", out)


@recipe("ribbon.mp4")
def ribbon(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(1024, 128), *X264, "-f", "mp4", out)


@recipe("thousand-frames-a-second.mp4")
def thousand(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(64, 64, rate="1000", seconds=2), *X264, "-f", "mp4", out)


@recipe("ffv1.mkv")
def ffv1(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(64, 64, rate="5"), "-c:v", "ffv1", "-f", "matroska", out)


@recipe("magicyuv.avi")
def magicyuv(k: MediaFactory, out: Path) -> None:
    """A decoder that has had a hole: it must not even be opened."""
    k.ff(*scene(64, 64, rate="5"), "-c:v", "magicyuv", "-f", "avi", out)


@recipe("rare-sound.mkv")
def rare_sound(k: MediaFactory, out: Path) -> None:
    k.ff(*scene(64, 64, rate="5"), *tone(), *X264, "-c:a", "tta", "-f", "matroska", out)


@recipe("protected.mp4")
def protected(k: MediaFactory, out: Path) -> None:
    key = ("-encryption_key", "00112233445566778899aabbccddeeff")
    scheme = ("-encryption_scheme", "cenc-aes-ctr", "-encryption_kid", "0" * 32)
    k.ff("-i", k("plain.mp4"), "-c", "copy", *scheme, *key, "-f", "mp4", out)


# -- traps: whatever comes of them, they must reach nothing and cost little -------------------


@recipe("lying-size.mp4")
def lying_size(k: MediaFactory, out: Path) -> None:
    content = bytearray(k("plain.mp4").read_bytes())
    struct.pack_into(
        ">HH", content, content.index(b"avc1", content.index(b"stsd")) + 28, 65535, 65535
    )
    out.write_bytes(content)


@recipe("lying-duration.mp4")
def lying_duration(k: MediaFactory, out: Path) -> None:
    content = bytearray(k("plain.mp4").read_bytes())
    struct.pack_into(">I", content, content.index(b"mvhd") + 20, 0xFFFFFFF0)
    out.write_bytes(content)


@recipe("endless-sample-table.mp4")
def endless_table(k: MediaFactory, out: Path) -> None:
    """Its index claims two thousand million frames, all of the same size."""
    content = bytearray(k("no-sound.mp4").read_bytes())
    stts, stsz = content.index(b"stts"), content.index(b"stsz")
    struct.pack_into(">I", content, stts + 12, 0x7FFFFFF0)
    struct.pack_into(">II", content, stsz + 8, 1, 0x7FFFFFF0)
    out.write_bytes(content)


@recipe("zip-behind.mp4")
def zip_behind(k: MediaFactory, out: Path) -> None:
    """A film and an archive with a web page in one file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("page.html", f"<script>{CANARY}</script>")
    out.write_bytes(k("plain.mp4").read_bytes() + archive.getvalue())


@recipe("frames-far-apart.webm")
def far_apart(k: MediaFactory, out: Path) -> None:
    """Frames a hundred seconds apart, which a constant rate must fill."""
    k.ff(
        "-f", "lavfi", "-i", "color=s=64x64:r=1/100:d=250", "-c:v", "libvpx", "-f", "webm", out,
    )  # fmt: skip


@recipe("attachment.mkv")
def attachment(k: MediaFactory, out: Path) -> None:
    page = out.with_name("attached.html")
    page.write_text(f"<script>{CANARY}</script>")
    k.ff(
        "-i", k("chrome-h264.mkv"), "-c", "copy", "-attach", page,
        "-metadata:s:2", "mimetype=text/html", "-f", "matroska", out,
    )  # fmt: skip


def avi(chunks: list[tuple[bytes, bytes]]) -> bytes:
    """An AVI of an MJPEG stream (00dc) and a text stream (01tx), as written by hand."""

    def named(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    def listed(kind: bytes, data: bytes) -> bytes:
        return named(b"LIST", kind + data)

    frames = sum(1 for kind, _ in chunks if kind == b"00dc")
    main = struct.pack("<14I", 100_000, 0, 0, 0x10, frames, 0, 2, 0, 320, 240, 0, 0, 0, 0)
    head = struct.pack(
        "<4s4sIHHIIIIIIIIhhhh",
        b"vids",
        b"MJPG",
        0,
        0,
        0,
        0,
        1,
        10,
        0,
        frames,
        0,
        0,
        0,
        0,
        0,
        320,
        240,
    )
    form = struct.pack("<IiiHH4sIiiII", 40, 320, 240, 1, 24, b"MJPG", 0, 0, 0, 0, 0)
    text = struct.pack(
        "<4s4sIHHIIIIIIIIhhhh", b"txts", b"\0\0\0\0", 0, 0, 0, 0, 1, 10, 0, 1, 0, 0, 0, 0, 0, 0, 0
    )
    header = named(b"avih", main)
    header += listed(b"strl", named(b"strh", head) + named(b"strf", form))
    header += listed(b"strl", named(b"strh", text) + named(b"strf", b""))
    body = listed(b"hdrl", header) + listed(b"movi", b"".join(named(*chunk) for chunk in chunks))
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"AVI " + body


@recipe("subtitle-names-a-file.avi")
def gab2(k: MediaFactory, out: Path) -> None:
    """A subtitle stream that holds a playlist, which old decoders opened (CVE-2017-9993)."""
    name = "victim.srt".encode("utf-16-le") + b"\0\0"
    inside = (
        struct.pack("<HI", 2, len(name)) + name + struct.pack("<HI", 4, len(PLAYLIST)) + PLAYLIST
    )
    picture = out.with_name("frame.jpg")
    k.ff(*scene(320, 240, rate="1", seconds=1), "-frames:v", "1", picture)
    frame = picture.read_bytes()
    out.write_bytes(avi([(b"01tx", b"GAB2\0" + inside), *[(b"00dc", frame)] * 15]))


def referring(film: bytes, address: bytes) -> bytes:
    """A film whose data reference says "my frames are in that other file"."""
    at = film.index(b"dref") - 4
    size = int.from_bytes(film[at : at + 4], "big")
    entry = struct.pack(">I4sI", 12 + len(address) + 1, b"url ", 0) + address + b"\0"
    dref = struct.pack(">I4sII", 16 + len(entry), b"dref", 0, 1) + entry
    grown = bytearray(film)
    for parent in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
        where = grown.index(parent) - 4
        length = int.from_bytes(grown[where : where + 4], "big") + len(dref) - size
        grown[where : where + 4] = length.to_bytes(4, "big")
    return bytes(grown[:at]) + dref + bytes(grown[at + size :])


@recipe("frames-elsewhere.mp4")
def frames_elsewhere(k: MediaFactory, out: Path) -> None:
    out.write_bytes(referring(k("no-sound.mp4").read_bytes(), f"file:///{CANARY}".encode()))
