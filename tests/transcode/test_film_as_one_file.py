"""A film of several clips as one file: ordered by its owner, made by a worker, really played."""

from __future__ import annotations

import json
import subprocess
from fractions import Fraction
from io import BytesIO

import pytest

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.jobs import claiming, reconciling
from cvtube.jobs.kinds import EXPORT
from cvtube.jobs.models import JobState
from cvtube.jobs.worker import run_next
from cvtube.privacy import jobs as privacy
from cvtube.queue.names import Queue
from cvtube.videos import exports, keys, queries
from cvtube.videos.models import Chapter
from tests import factories
from tests.browser import play, until
from tests.transcode.conftest import spawned
from tests.transcode.test_films_that_play import SIGNATURES

both_databases = pytest.mark.both_databases

# Three cameras: 30, 25 and 24000/1001 frames a second, and one without sound.
WIDE = ("plain.mp4", "camcorder.mts", "one-frame-a-second.mp4", "no-sound.mp4")

PLAYED = "document.querySelector('video')"


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
        exports.order_export(session, queries.load_video(session, video_id), runtime.now())


def row(runtime, video_id):
    with runtime.reading() as session:
        return exports.with_job(session, video_id)


def save(runtime, file, path):
    with runtime.storage.open(exports.object_key(file)) as pieces:
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
    run_next(Queue.TRANSCODE)
    assert spawned() == []
    file = row(runtime, video_id)
    assert (file.job.state, file.job.progress) == (JobState.DONE, 100)
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


def test_nobody_signs_it(film, runtime, tmp_path):
    video_id, _sent = film("plain.mp4", "no-sound.mp4")
    order(runtime, video_id)
    run_next(Queue.TRANSCODE)
    content = save(runtime, row(runtime, video_id), tmp_path / "film.mp4").read_bytes()
    assert [name for name in SIGNATURES if name.encode() in content] == []


def test_a_browser_plays_it_over_the_joint_and_to_its_end(film, runtime, desk, tmp_path):
    video_id, sent = film("plain.mp4", "no-sound.mp4")
    order(runtime, video_id)
    run_next(Queue.TRANSCODE)
    path = save(runtime, row(runtime, video_id), tmp_path / "film.mp4")
    joint_s = sent[0].row().duration_ms / 1000
    desk.goto(path.as_uri())
    until(desk, f"{PLAYED}.readyState >= 1")
    desk.evaluate(f"(second) => {{ {PLAYED}.currentTime = second }}", joint_s - 0.3)
    play(desk, PLAYED)
    until(desk, f"(second) => {PLAYED}.currentTime > second", joint_s + 0.3)
    until(desk, f"{PLAYED}.ended && {PLAYED}.error === null")


def test_parts_of_several_shapes_do_not_become_one_file(film, runtime):
    video_id, _sent = film("plain.mp4", "iphone.mov")
    with pytest.raises(Refused, match="film_has_several_shapes"):
        order(runtime, video_id)
    assert row(runtime, video_id) is None


# -- its order, and what becomes of it: without media ------------------------------------------


@pytest.fixture
def ready(runtime, people):
    """Ada's film of one part; its rows exist, its objects do not."""
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        ada = session.get_one(User, people.ada.id)
        video = factories.make_video(session, ada, runtime.now())
        factories.make_ready_clip(session, video.chapters[0], runtime.now(), owner=ada)
        return video.id


def done(runtime, video_id):
    """A worker has made the file."""
    with runtime.transaction() as session:
        held = claiming.claim_next(session, Queue.TRANSCODE, runtime.now(), runtime.settings)
        assert (held.kind, held.target_id) == (EXPORT, video_id)
        key = keys.film_file(video_id, held.attempt)
        runtime.storage.put(key, BytesIO(b"film"))
        assert exports.finish_export(session, held, 4, runtime.now())
    return key


@both_databases
def test_its_owner_orders_it_once_and_fetches_it(people, runtime, ready):
    ada = people.client("ada")
    page = f"/my-films/{ready}"
    english = {"Accept-Language": "en"}
    assert "Prepare my video for download" in ada.get(page, headers=english).text
    assert ada.get(f"{page}/file").status_code == 404
    for _ in range(2):
        assert ada.post(f"{page}/file").status_code == 303
    assert runtime.notifier.waiting(Queue.TRANSCODE) == 1
    assert ada.get(f"{page}/state").json["moving"] is True
    assert "We are preparing your video for download." in ada.get(page, headers=english).text
    done(runtime, ready)
    assert "Download my video (1 kB)" in ada.get(page, headers=english).text
    assert ada.get(f"{page}/state").json["moving"] is False
    assert ada.get(f"{page}/file", follow_redirects=True).data == b"film"


@both_databases
@pytest.mark.parametrize("name", ["cy", "ben", "adm", "rae", "uma", "nobody"])
def test_nobody_else_has_it(people, runtime, ready, name):
    people.client("ada").post(f"/my-films/{ready}/file")
    done(runtime, ready)
    stranger = people.client(name)
    known = {303, 401} if name == "nobody" else {404}  # who is not logged in is asked to
    assert stranger.get(f"/my-films/{ready}/file").status_code in known
    assert stranger.post(f"/my-films/{ready}/file").status_code in known


@both_databases
def test_another_take_makes_another_file(people, runtime, ready):
    ada = people.client("ada")
    ada.post(f"/my-films/{ready}/file")
    old = done(runtime, ready)
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        video = queries.load_video(session, ready)
        factories.make_ready_clip(session, video.chapters[0], runtime.now(), owner=video.owner)
    assert ada.get(f"/my-films/{ready}/file").status_code == 404
    ada.post(f"/my-films/{ready}/file")
    new = done(runtime, ready)
    assert new != old
    assert ada.get(f"/my-films/{ready}/file").status_code == 302
    privacy.sweep_portion(ready[:2])  # the old one is nobody's any more
    assert [found.key for found in runtime.storage.list(keys.film_files(ready))] == [new]


@both_databases
def test_it_is_gone_after_a_day(people, runtime, ready, clock):
    people.client("ada").post(f"/my-films/{ready}/file")
    key = done(runtime, ready)
    clock.advance(hours=23)
    privacy.purge_film_file(ready)
    assert runtime.storage.head(key).size == 4
    clock.advance(hours=1)
    with runtime.reading() as session:
        assert exports.expired_exports(session, clock(), 10) == [ready]
    privacy.purge_film_file(ready)
    assert row(runtime, ready) is None
    assert list(runtime.storage.list(keys.film_files(ready))) == []
    privacy.purge_film_file(ready)  # once more does no harm


@both_databases
def test_it_goes_with_the_film(people, runtime, ready):
    ada = people.client("ada")
    ada.post(f"/my-films/{ready}/file")
    done(runtime, ready)
    ada.post(f"/my-films/{ready}/deletion")
    privacy.purge_video(ready)
    assert row(runtime, ready) is None
    assert list(runtime.storage.list(keys.of_video(ready))) == []


@both_databases
def test_a_lost_worker_is_replaced_and_fenced_off(people, runtime, ready, clock):
    people.client("ada").post(f"/my-films/{ready}/file")
    with runtime.transaction() as session:
        silent = claiming.claim_next(session, Queue.TRANSCODE, clock(), runtime.settings)
    clock.advance(seconds=15)
    reconciling.reconcile()
    done(runtime, ready)
    with runtime.transaction() as session:
        assert not exports.finish_export(session, silent, 5, clock())
    assert row(runtime, ready).size == 4
