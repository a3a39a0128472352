"""How an attempt may end, and what is then true of the clip, its run and its objects."""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from cvtube import runtime as runtimes
from cvtube.errors import PROBLEMS
from cvtube.jobs import claiming, heartbeat, leases, reconciling
from cvtube.jobs.enqueue import cancel
from cvtube.jobs.kinds import TRANSCODE
from cvtube.jobs.worker import run_next
from cvtube.queue.names import Queue
from cvtube.sandbox import probe, workdir
from cvtube.storage.contract import ObjectNotFound, StorageFull, StorageUnavailable
from cvtube.toolchain import runner
from cvtube.toolchain.runner import Runner
from cvtube.transcode import attempt, handlers
from cvtube.transcode.attempt import Attempt
from cvtube.transcode.ffmpeg import encode
from cvtube.videos import keys, lifecycle, queries, status
from cvtube.videos.lifecycle.clips import GAVE_UP
from cvtube.videos.models import Clip, Stage, Video, VideoEvent
from tests import factories
from tests.transcode.conftest import Sent, spawned


class Weather:
    """A storage in front of the real one; `storm` decides what fails."""

    def __init__(self, real, storm):
        self._real = real
        self._storm = storm

    def __getattr__(self, name):
        def weathered(*arguments):
            self._storm(name, *arguments)
            return getattr(self._real, name)(*arguments)

        return weathered


@contextmanager
def installed(runtime, **changes):
    runtimes.install(replace(runtime, **changes))
    yield
    runtimes.install(runtime)


@pytest.fixture
def film(films):
    """Made in half a second."""
    return films("compact.avi")


@pytest.fixture
def larger(films):
    """For what happens in the middle of it."""
    return films("plain.mp4")


def works(sent: Sent):
    run_next(Queue.TRANSCODE)
    assert spawned() == []
    assert sent.left_in_scratch() == []
    return sent.row()


def outcomes(sent):
    return [run.outcome for run in sent.runs()]


def waits(sent, clock):
    assert sent.row().stage is Stage.UPLOADED
    return (sent.job().not_before - clock()).total_seconds()


# -- obstacles: the clip waits, and no try is lost --------------------------------------------


def test_a_storage_that_goes_away_in_mid_store_costs_time_and_nothing_else(
    runtime, send, film, clock
):
    sent = send(film)

    def storm(name, *arguments):
        if name == "put_file" and arguments[0].endswith("h264-360.mp4"):
            raise StorageUnavailable("gone")

    with installed(runtime, storage=Weather(runtime.storage, storm)):
        works(sent)
    assert waits(sent, clock) == 10
    assert (sent.job().tries, outcomes(sent)) == (0, ["storage_unavailable"])
    assert sent.made_keys() == set()  # nothing half-published
    clock.advance(seconds=10)
    assert works(sent).stage is Stage.READY
    assert outcomes(sent) == ["storage_unavailable", "ready"]
    assert sent.made_keys() == {asset.key for asset in sent.row().assets}


def test_outputs_that_could_not_be_removed_are_removed_by_the_next_attempt(
    runtime, send, film, clock
):
    sent = send(film)
    stored = []

    def storm(name, *arguments):
        if name == "put_file":
            stored.append(arguments[0])
        if name in {"head", "list", "delete", "delete_prefix"} and stored:
            raise StorageUnavailable("gone")

    with installed(runtime, storage=Weather(runtime.storage, storm)):
        works(sent)
    assert sent.made_keys() == set(stored) != set()
    clock.advance(seconds=10)
    works(sent)
    assert sent.made_keys() == {asset.key for asset in sent.row().assets}
    assert not sent.made_keys() & set(stored)


def test_what_is_stored_is_asked_for_before_it_counts(runtime, send, film, clock):
    """A storage that says "yes" and keeps nothing."""
    sent = send(film)

    def forgetful(name, *arguments):
        if name == "head":
            raise ObjectNotFound("x")

    with installed(runtime, storage=Weather(runtime.storage, forgetful)):
        works(sent)
    assert outcomes(sent) == ["output_wrong"]
    assert sent.row().stage is Stage.UPLOADED


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (StorageUnavailable("x"), "storage_unavailable"),
        (StorageFull("x"), "storage_full"),
        (ObjectNotFound("x"), "storage_unavailable"),  # an unmounted disk looks the same
    ],
)
def test_an_original_that_cannot_be_read_is_waited_for(runtime, send, film, clock, error, outcome):
    sent = send(film)

    def storm(name, *arguments):
        if name == "open":
            raise error

    with installed(runtime, storage=Weather(runtime.storage, storm)):
        works(sent)
    assert waits(sent, clock) == 10
    assert outcomes(sent) == [outcome]


def test_a_missing_piece_is_never_papered_over(runtime, send, film, clock):
    sent = send(film)
    prefix = keys.original(sent.video_id, sent.clip_id)
    middle = sorted(found.key for found in runtime.storage.list(prefix))[1]
    short = film.with_name("short")
    short.write_bytes(b"x")
    runtime.storage.put_file(middle, short)
    works(sent)
    assert outcomes(sent) == ["original_incomplete"]
    assert waits(sent, clock) == 10


def test_a_full_disk_is_waited_out(send, film, clock, monkeypatch):
    sent = send(film)
    full = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(workdir.shutil, "disk_usage", lambda _path: full)
    works(sent)
    assert outcomes(sent) == ["disk_full"]
    assert waits(sent, clock) == 10


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")
def test_a_disk_that_fills_up_while_encoding_is_no_fault_of_the_film(
    runtime, send, larger, clock, monkeypatch, tmp_path
):
    sent = send(larger)
    small = tmp_path / "small"
    small.mkdir()
    size = larger.stat().st_size + 200_000
    if os.system(f"mount -t tmpfs -o size={size} tmpfs {small}") != 0:  # noqa: S605
        pytest.skip("this machine lets nobody mount")
    try:
        monkeypatch.setattr(handlers, "OUTPUT_BYTES_A_S", 0)
        home = runtime.settings.model_copy(update={"home": small})
        with installed(runtime, settings=home):
            run_next(Queue.TRANSCODE)
    finally:
        os.system(f"umount {small}")  # noqa: S605
    assert outcomes(sent) == ["disk_full"]
    assert waits(sent, clock) == 10


def test_a_machine_without_tools_takes_nothing_and_blames_nobody(
    runtime, send, film, clock, caplog
):
    sent = send(film)
    broken = runtime.settings.model_copy(update={"ffmpeg": "/nowhere/ffmpeg"})
    with installed(runtime, settings=broken):
        works(sent)
    assert waits(sent, clock) == 10
    assert sent.job().tries == 0
    assert "CVTUBE_FFMPEG: /nowhere/ffmpeg does not exist" in caplog.text


def test_obstacles_are_waited_out_for_a_day_and_then_said(runtime, send, film, clock):
    sent = send(film)

    def storm(name, *arguments):
        if name == "open":
            raise StorageUnavailable("x")

    pauses = []
    with installed(runtime, storage=Weather(runtime.storage, storm)):
        while (clip := works(sent)).stage is Stage.UPLOADED:
            due = sent.job().not_before
            pauses.append((due - clock()).total_seconds())
            clock.time = due
    assert (clip.stage, clip.error_code) == (Stage.FAILED, "transcode_gave_up")
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (10, 600)
    assert clock() - sent.job().queued_at > timedelta(hours=24)


def test_obstacles_are_waited_out_from_when_a_take_was_chosen(runtime, send, film, clock):
    sent = send(film)
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        take = session.get_one(Clip, sent.clip_id)
        video = queries.load_video(session, sent.video_id)
        (chapter,) = video.chapters
        chapter.next_clip_id = None
        cancel(session, TRANSCODE, take.id)
        take.chapter_id, take.stage = chapter.id, Stage.KEPT
        session.flush()
        lifecycle.choose_take(session, take, clock.advance(days=2), actor=video.owner)

    def storm(name, *arguments):
        if name == "open":
            raise StorageUnavailable("x")

    with installed(runtime, storage=Weather(runtime.storage, storm)):
        works(sent)
    assert waits(sent, clock) == 10


# -- the film's own fault ---------------------------------------------------------------------


def test_a_refused_film_tells_its_story(runtime, send, films):
    sent = send(films("ten-hours.mp4"))
    clip = works(sent)
    assert (clip.stage, clip.error_code, sent.job().tries) == (Stage.FAILED, "film_too_long", 1)
    with runtime.reading() as session:
        of_clip = VideoEvent.clip_id == sent.clip_id
        event = session.scalars(
            select(VideoEvent).where(of_clip, VideoEvent.verb == "failed")
        ).one()
    assert event.reason == "film_too_long"
    assert "film_too_long" in PROBLEMS


def test_the_operators_limit_counts(runtime, send, films):
    sent = send(films("frames-far-apart.webm"))  # 300 s
    short = runtime.settings.model_copy(update={"film_max_s": 200})
    with installed(runtime, settings=short):
        assert works(sent).error_code == "film_too_long"


def test_a_film_that_wants_too_much_time_is_refused(send, larger, monkeypatch, slowly):
    sent = send(larger)
    limited(monkeypatch, cpu_s=1)
    assert works(sent).error_code == "film_too_heavy"


@pytest.mark.parametrize("limits", [{"file_bytes": 5000}, {"folder_bytes": 9000}, {"files": 2}])
def test_a_film_that_wants_too_much_room_is_refused(send, film, monkeypatch, limits):
    sent = send(film)
    limited(monkeypatch, **limits)
    assert works(sent).error_code == "film_too_heavy"


def test_too_many_threads_are_not_the_films_fault_at_once(send, film, clock, monkeypatch):
    sent = send(film)
    limited(monkeypatch, threads=1)
    assert works(sent).stage is Stage.UPLOADED
    assert outcomes(sent) == ["encoder_threads"]


def limited(monkeypatch, **limits):
    real = attempt.budget
    monkeypatch.setattr(attempt, "budget", lambda plan: replace(real(plan), **limits))


@pytest.fixture
def slowly(monkeypatch):
    """Encoders take their time, and say often how far they are: something can happen to them."""
    real = encode.encode

    def slow(tool, source, plan, **how):
        command = real(tool, source, plan, **how)
        slower = {"veryfast": "placebo"}
        command[command.index("-stats_period") + 1] = "0.02"
        return [
            "subme=11" if part.endswith(encode.X264) else slower.get(part, part) for part in command
        ]

    monkeypatch.setattr(encode, "encode", slow)


# -- interruptions: the try counts ------------------------------------------------------------


def test_a_killed_encoder_is_tried_again_and_the_clip_is_ready_once(
    runtime, send, larger, clock, monkeypatch, slowly
):
    sent = send(larger)
    kill_the_first_encoder(monkeypatch)
    assert works(sent).stage is Stage.UPLOADED
    assert outcomes(sent) == ["encoder_killed"]
    assert works(sent).stage is Stage.READY
    assert outcomes(sent) == ["encoder_killed", "ready"]
    assert sent.job().tries == 2


@pytest.fixture
def clumsy(monkeypatch):
    """An encoder that does not understand what it is told."""
    real = encode.encode

    def wrong(tool, source, plan, **how):
        return [
            "no-such-level" if part == "high" else part for part in real(tool, source, plan, **how)
        ]

    monkeypatch.setattr(encode, "encode", wrong)


def test_an_encoder_that_fails_at_a_whole_film_is_tried_twice_and_the_film_not_blamed(
    send, film, clumsy
):
    sent = send(film)
    assert works(sent).stage is Stage.UPLOADED
    clip = works(sent)
    assert outcomes(sent) == ["encoder_failed"] * 2
    assert (clip.stage, clip.error_code) == (Stage.FAILED, GAVE_UP)


def test_an_encoder_that_fails_at_a_damaged_film_is_not_to_blame(send, films, clumsy):
    sent = send(films("bit-errors.mp4"))
    assert works(sent).error_code == "film_broken"
    assert outcomes(sent) == ["film_broken"]


def kill_the_first_encoder(monkeypatch, times=1):
    real = Runner.make
    left = [times]

    def make(self, argv, film, budget, on_line=None):
        def hear(line):
            if left[0] and on_line is not None and line.startswith("out_time_us"):
                for child in spawned()[-1:]:  # unless it has just ended
                    left[0] -= 1
                    child.send_signal(signal.SIGKILL)
            return on_line(line) if on_line else True

        return real(self, argv, film, budget, hear)

    monkeypatch.setattr(Runner, "make", make)


def test_a_film_is_not_tried_for_ever(runtime, send, larger, clock, monkeypatch, slowly):
    sent = send(larger)
    kill_the_first_encoder(monkeypatch, times=99)
    stages = []
    for _ in range(runtime.settings.transcode_attempts):
        clip = works(sent)
        stages.append(clip.stage)
        clock.advance(seconds=60)
    assert stages[-1] is Stage.FAILED
    assert clip.error_code == "transcode_gave_up"
    assert outcomes(sent) == ["encoder_killed"] * 4


def test_an_encoder_that_stands_still_is_interrupted(send, larger, monkeypatch, slowly):
    sent = send(larger)
    limited(monkeypatch, silence_s=0.0)
    works(sent)
    assert outcomes(sent) == ["encoder_silent"]


def test_a_wrong_output_is_not_shown(send, film, monkeypatch):
    """An encoder that says all was well and left half a film."""
    real = Runner.make

    def make(self, argv, path, budget, on_line=None):
        ended = real(self, argv, path, budget, on_line)
        for playlist in self.made.glob("h264-360.m3u8"):
            lines = playlist.read_text().splitlines()
            playlist.write_text("\n".join(lines[:-4]))
        return ended

    monkeypatch.setattr(Runner, "make", make)
    sent = send(film)
    works(sent)
    assert outcomes(sent) == ["output_wrong"]
    assert sent.made_keys() == set()


# -- lost: nobody wants it, or somebody else has it -------------------------------------------


def meanwhile(monkeypatch, act):
    """Do something in the middle of the next attempt."""
    real = Attempt._encode
    done = []

    def encode(self, source, plan, copied):
        if not done:
            done.append(True)
            act()
        self.heartbeat._tried = -1e9  # the next heartbeat is due at once
        real(self, source, plan, copied)

    monkeypatch.setattr(Attempt, "_encode", encode)


def test_a_film_deleted_in_mid_encode_is_dropped_within_a_second(
    runtime, send, films, now, monkeypatch
):
    sent = send(films("full-hd-50.mp4"))

    def delete():
        with runtime.transaction() as session:
            video = session.get_one(Video, sent.video_id)
            owner = session.get_one(type(video).owner.property.mapper.class_, video.owner_id)
            lifecycle.delete_video(session, video, now, actor=owner)

    meanwhile(monkeypatch, delete)
    clip = works(sent)
    assert clip.stage is Stage.ABANDONED
    assert outcomes(sent) == ["lost"]
    assert sent.made_keys() == set()


def test_a_worker_that_lost_its_lease_changes_nothing(runtime, send, film, clock, monkeypatch):
    """It comes to its end late, when the clip is another's: fenced by its attempt's number."""
    sent = send(film)
    second = []

    def take_over():
        clock.advance(seconds=60)
        with runtime.transaction() as session:
            (lost,) = leases.expired(session, clock())
            claiming.requeue(session, lost, clock())
        run_next(Queue.TRANSCODE)
        second.append({asset.key for asset in sent.row().assets})

    meanwhile(monkeypatch, take_over)
    run_next(Queue.TRANSCODE)
    clip = sent.row()
    assert (clip.stage, clip.attempt) == (Stage.READY, 2)
    assert outcomes(sent) == ["lost", "ready"]
    assert sent.made_keys() == second[0] == {asset.key for asset in clip.assets}
    assert spawned() == []
    with runtime.reading() as session:
        of_clip = VideoEvent.clip_id == sent.clip_id
        verbs = session.scalars(select(VideoEvent.verb).where(of_clip)).all()
    assert verbs.count("ready") == 1


def test_a_stale_finish_hits_no_row(runtime, send, film, clock, monkeypatch):
    """The same at the very last moment: everything is stored, only the lease is gone."""
    sent = send(film)
    real = Attempt.make

    def make(self):
        made = real(self)
        clock.advance(seconds=60)
        reconciling.reconcile()
        return made

    monkeypatch.setattr(Attempt, "make", make)
    run_next(Queue.TRANSCODE)
    assert sent.row().stage is Stage.UPLOADED
    assert outcomes(sent) == ["lost"]
    assert sent.made_keys() == set()


def test_a_clip_rung_for_twice_is_made_once(send, film):
    sent = send(film)
    works(sent)
    made = sent.made_keys()
    works(sent)
    assert sent.made_keys() == made
    assert outcomes(sent) == ["ready"]


def test_a_clip_that_is_gone_is_no_error(runtime):
    run_next(Queue.TRANSCODE)
    with runtime.reading() as session:
        assert session.scalars(select(Clip)).all() == []


# -- what each attempt tells ------------------------------------------------------------------


def test_a_run_tells_what_it_cost_and_nothing_about_the_film(runtime, send, film, fit):
    sent = send(film)
    works(sent)
    (run,) = sent.runs()
    assert run.bytes_in == film.stat().st_size
    assert run.ffmpeg == fit.tools.ffmpeg.version
    assert run.sandbox == fit.sandbox.level
    assert run.cpu_s > 0
    assert run.wall_s > 0
    assert run.ended_at is not None
    told = [str(getattr(run, column.name)) for column in type(run).__table__.columns]
    assert not [value for value in told if "plain" in value or "mp4" in value]


def test_the_log_names_no_file_and_no_person(runtime, send, films, caplog):
    caplog.set_level("DEBUG", logger="cvtube")
    for name in ("cover-and-subtitles.mp4", "iphone.mov", "rubbish-inside.mp4"):
        works(send(films(name)))
    assert "attempt 1: ready after" in caplog.text
    for secret in ("Secret", "Ada", "48.85", ".mp4", "example.org", "scratch"):
        assert secret not in caplog.text


def test_progress_is_told_while_the_work_goes_on(send, films, monkeypatch, slowly):
    sent = send(films("television.mp4"))  # longer than what the encoder looks ahead
    monkeypatch.setattr(heartbeat, "BEAT_S", 0.0)
    told = []
    real = leases.extend

    def extend(*arguments, progress, **more):
        told.append(progress)
        return real(*arguments, progress=progress, **more)

    monkeypatch.setattr(leases, "extend", extend)
    works(sent)
    assert told == sorted(told)
    assert [percent for percent in told if 10 < percent < 90]
    assert sent.job().progress == 100


@pytest.fixture
def unsafe(monkeypatch):
    """A machine whose kernel has no Landlock."""
    weak = probe.SandboxStatus(probe.SandboxLevel.LIMITS, "an old kernel.")
    monkeypatch.setattr(probe, "detect_level", lambda: weak)


@pytest.mark.parametrize("allowed", [{"require_sandbox": False}, {"demo": True}])
def test_without_a_sandbox_films_are_made_only_where_that_is_allowed(
    runtime, send, film, unsafe, allowed
):
    sent = send(film)
    with installed(runtime, settings=runtime.settings.model_copy(update=allowed)):
        assert works(sent).stage is Stage.READY
    assert [run.sandbox for run in sent.runs()] == ["limits"]


def test_without_a_sandbox_films_wait_unopened_and_the_run_says_why(
    runtime, send, film, clock, unsafe, monkeypatch
):
    monkeypatch.setattr(runner, "run", lambda *_a, **_k: pytest.fail("something was started"))
    sent = send(film)
    works(sent)
    assert waits(sent, clock) == 10
    assert outcomes(sent) == ["sandbox_missing"]
    with runtime.reading() as session:
        assert status.is_halted(queries.load_video(session, sent.video_id))
    monkeypatch.undo()  # a machine with a better kernel takes it up
    clock.advance(seconds=10)
    assert works(sent).stage is Stage.READY
