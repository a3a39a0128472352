"""Clips from different cameras, one after the other, in a real Chromium with hls.js: no holes."""

from __future__ import annotations

import http.server
import threading
from functools import partial

import pytest

from tests.browser import FRONTEND, play, until

CLIPS = ("iphone.mov", "late-picture.webm", "square.mp4", "no-sound.mp4", "television.mp4")
HLS = FRONTEND / "node_modules/hls.js/dist/hls.min.js"

MASTER = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="sound",DEFAULT=YES,URI="audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=700000,CODECS="avc1.64001e,mp4a.40.2",AUDIO="sound"
h264-360.m3u8
"""
OPEN = """() => {
  const video = document.querySelector('video'), errors = [], tracks = {}, sizes = new Set();
  const hls = new Hls({maxBufferLength: 60, enableWorker: false});
  hls.on(Hls.Events.ERROR, (_name, what) => errors.push(what.details));
  hls.on(Hls.Events.BUFFER_CREATED, (_name, what) => Object.assign(tracks, what.tracks));
  video.addEventListener('resize', () => sizes.add(`${video.videoWidth}x${video.videoHeight}`));
  video.defaultPlaybackRate = 8;
  hls.loadSource('master.m3u8'); hls.attachMedia(video);
  Object.assign(window, {video, errors, tracks, sizes});
}"""
SEEN = """() => {
  const ranges = buffered => [...Array(buffered.length).keys()]
    .map(i => [buffered.start(i), buffered.end(i)]);
  const kept = Object.fromEntries(
    Object.entries(tracks).map(([name, track]) => [name, ranges(track.buffer.buffered)]));
  return {kept, errors, sizes: [...sizes], duration: video.duration};
}"""


class Ranges(http.server.SimpleHTTPRequestHandler):
    """Serves byte ranges, as every storage does."""

    def do_GET(self):
        wanted = self.headers.get("Range")
        if not wanted:
            super().do_GET()
            return
        with open(self.translate_path(self.path), "rb") as file:  # noqa: PTH123
            content = file.read()
        first, last = (int(n) for n in wanted.removeprefix("bytes=").split("-"))
        part = content[first : last + 1]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)

    def log_message(self, *_):
        pass


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Ranges, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def playlist(clips, name):
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:5", "#EXT-X-PLAYLIST-TYPE:VOD"]
    for number, sent in enumerate(clips):
        facts, file = sent.asset(name).facts, f"{number}-{name}.mp4"
        offset, size = facts["init"]
        lines += ["#EXT-X-DISCONTINUITY"] if number else []
        lines.append(f'#EXT-X-MAP:URI="{file}",BYTERANGE="{size}@{offset}"')
        for seconds, offset, size in facts["segments"]:
            lines += [f"#EXTINF:{seconds:.6f},", f"#EXT-X-BYTERANGE:{size}@{offset}", file]
    return "\n".join([*lines, "#EXT-X-ENDLIST"])


def test_they_play_as_one_without_a_hole(films, transcode, site, chromium):
    folder, address = site
    clips = [transcode(films(name)) for name in CLIPS]
    for number, sent in enumerate(clips):
        for name in ("h264-360", "audio"):
            (folder / f"{number}-{name}.mp4").write_bytes(sent.read(name))
    for name in ("h264-360", "audio"):
        (folder / f"{name}.m3u8").write_text(playlist(clips, name))
    (folder / "master.m3u8").write_text(MASTER)
    (folder / "hls.js").write_bytes(HLS.read_bytes())
    (folder / "page.html").write_text("<video></video><script src=hls.js></script>")
    page = chromium.new_page()
    page.goto(f"{address}/page.html")
    page.evaluate(OPEN)
    play(page, "video")
    until(page, "video.ended", patience_s=60)
    seen = page.evaluate(SEEN)
    page.close()
    seconds = sum(sent.row().duration_ms for sent in clips) / 1000
    # A slow machine stalls; a hole would show in the ranges below.
    assert [error for error in seen["errors"] if error != "bufferStalledError"] == []
    assert seen["duration"] == pytest.approx(seconds, abs=0.05)
    for name in ("video", "audio"):
        ((start, end),) = seen["kept"][name]  # one range: no hole between any two clips
        assert (start, end) == (0, pytest.approx(seconds, abs=0.01)), name
    assert {"640x360", "360x360", "320x240"} <= set(seen["sizes"])
    # One decoder for all: every clip describes its streams in the same words.
    assets = [asset for sent in clips for asset in sent.row().assets if "codecs" in asset.facts]
    assert {(asset.name, asset.facts["codecs"]) for asset in assets} == {
        ("av1-540", "av01.0.04M.08"), ("av1-360", "av01.0.01M.08"), ("av1-240", "av01.0.00M.08"),
        ("h264-720", "avc1.64001f"), ("h264-360", "avc1.64001e"), ("audio", "mp4a.40.2"),
    }  # fmt: skip
