"""A film of several clips as one file: ordered by its owner, made by a worker, really played."""

from __future__ import annotations

import json
import subprocess
from fractions import Fraction

import pytest

from cvtube.transcode import jobs
from cvtube.videos import film_files, queries
from cvtube.videos.models import Chapter
from cvtube.videos.orders import Doing, FilmFile
from tests.transcode.conftest import spawned

pytestmark = pytest.mark.both_databases

# Three cameras: 30, 25 and 24000/1001 frames a second, and one without sound.
WIDE = ("plain.mp4", "camcorder.mts", "one-frame-a-second.mp4", "no-sound.mp4")


@pytest.fixture
def film(transcode, films, runtime):
    """Makes one film of several clips, and returns what was sent for each."""

    def make(*names):
        sent = [transcode(films(name)) for name in names]
        first = sent[0]
        with runtime.transaction() as session:
            for number, other in enumerate(sent[1:], start=1):
                chapter = session.query(Chapter).filter_by(live_clip_id=other.clip_id).one()
                chapter.live_clip_id = None
                session.flush()
                session.add(
                    Chapter(video_id=first.video_id, position=number, live_clip_id=other.clip_id)
                )
        return first.video_id, sent

    return make


def order(runtime, video_id):
    with runtime.transaction() as session:
        film_files.order(session, queries.load_video(session, video_id), runtime.now())


def row(runtime, video_id):
    with runtime.reading() as session:
        return session.get(FilmFile, video_id)


def save(runtime, file, path):
    with runtime.storage.open(film_files.key_of(file)) as pieces:
        path.write_bytes(b"".join(pieces))
    return path


def look_into(tools, path):
    command = [
        tools.ffprobe.path, "-v", "error", "-count_packets", "-show_streams", "-show_format",
        "-of", "json", path,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True)
    return json.loads(done.stdout)


def test_it_holds_every_frame_of_every_clip_and_is_as_long(film, runtime, tools, tmp_path):
    video_id, sent = film(*WIDE)
    order(runtime, video_id)
    jobs.transcode_clip(video_id)
    assert spawned() == []
    file = row(runtime, video_id)
    assert (file.state, file.progress) == (Doing.DONE, 100)
    path = save(runtime, file, tmp_path / "film.mp4")
    assert file.size == path.stat().st_size
    seen = look_into(tools, path)
    picture, sound = seen["streams"]
    frames = [
        round(Fraction(s.row().duration_ms, 1000) * Fraction(s.renditions()[0].facts["frame_rate"]))
        for s in sent
    ]
    seconds = sum(s.row().duration_ms for s in sent) / 1000
    assert int(picture["nb_read_packets"]) == sum(frames)
    assert float(picture["duration"]) == pytest.approx(seconds, abs=0.02)
    assert float(sound["duration"]) == pytest.approx(seconds, abs=0.05)
    command = [
        tools.ffmpeg.path,
        "-v",
        "warning",
        "-xerror",
        "-i",
        path,
        "-fps_mode",
        "passthrough",
        "-f",
        "null",
        "-",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
