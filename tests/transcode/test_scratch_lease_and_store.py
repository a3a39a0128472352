"""The small things an attempt stands on: its folder, its lease, its way into the storage."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from cvtube.jobs import claiming, heartbeat
from cvtube.jobs.errors import LeaseLost
from cvtube.jobs.heartbeat import Heartbeat
from cvtube.jobs.kinds import TRANSCODE
from cvtube.jobs.leases import Claim
from cvtube.sandbox import workdir
from cvtube.storage.contract import StorageUnavailable, StoredObject
from cvtube.transcode import transfer
from cvtube.videos import keys, lifecycle
from tests import factories

HOLDER = """
import signal, sys
from pathlib import Path
from cvtube.sandbox import workdir
with workdir.folder(Path(sys.argv[1]), 1) as folder:
    (folder / "original").write_text("x")
    print(folder, flush=True)
    signal.pause()
"""


def test_the_folder_is_removed_whatever_happens(tmp_path):
    root = tmp_path / "scratch"
    with workdir.folder(root, 1) as folder:
        assert (folder / "made").is_dir()
    with pytest.raises(LookupError), workdir.folder(root, 1) as folder:
        (folder / "made" / "film").write_text("x")
        raise LookupError
    assert list(root.iterdir()) == []


def test_nobody_else_on_the_machine_can_look_into_it(tmp_path):
    with workdir.folder(tmp_path / "scratch", 1) as folder:
        assert folder.stat().st_mode & 0o077 == 0


def test_without_room_it_is_not_begun(tmp_path):
    with pytest.raises(OSError, match="No space"), workdir.folder(tmp_path, 1 << 60):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_dead_attempts_folder_is_swept_and_a_living_ones_is_not(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE, text=True
    )
    folder = holder.stdout.readline().strip()
    assert workdir.sweep(tmp_path) == 0
    assert Path(folder) in tmp_path.iterdir()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert workdir.sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_many_begin_and_sweep_at_the_same_time(tmp_path):
    """Nobody's folder disappears under them."""
    wrong = []

    def begin(_number):
        with workdir.folder(tmp_path, 1) as folder:
            for _ in range(5):
                workdir.sweep(tmp_path)
                if not (folder / "made").is_dir():
                    wrong.append(folder)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(begin, range(60)))
    assert wrong == []
    assert list(tmp_path.iterdir()) == []


# -- the lease --------------------------------------------------------------------------------


@pytest.fixture
def held(runtime, send, films):
    sent = send(films("empty.mp4"))
    with runtime.transaction() as session:
        length = timedelta(seconds=runtime.settings.lease_s)
        return claiming.claim(
            session, TRANSCODE, sent.clip_id, runtime.now(), lease=length, max_tries=4
        )


@pytest.fixture
def ticks(monkeypatch):
    """The monotonic clock of the lease."""
    now = [1000.0]
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: now[0])
    return now


def lease_until(runtime, held):
    with runtime.reading() as session:
        return factories.job_of(session, TRANSCODE, held.target_id).lease_until


def test_a_lease_is_extended_every_five_seconds_and_tells_the_progress(runtime, held, clock, ticks):
    lease = Heartbeat(runtime, held, timedelta(seconds=runtime.settings.lease_s))
    lease.progress = 40
    first = lease_until(runtime, held)
    clock.advance(seconds=4)
    ticks[0] += 4
    assert lease.keep()
    assert lease_until(runtime, held) == first
    clock.advance(seconds=1)
    ticks[0] += 1
    assert lease.keep()
    assert lease_until(runtime, held) == first + timedelta(seconds=5)
    with runtime.reading() as session:
        assert factories.job_of(session, TRANSCODE, held.target_id).progress == 40


def test_a_lost_lease_is_noticed(runtime, held, clock, ticks):
    lease = Heartbeat(runtime, held, timedelta(seconds=runtime.settings.lease_s))
    with runtime.transaction() as session:
        lifecycle.fail_transcode(session, held, "x", runtime.now())
    ticks[0] += 5
    assert not lease.keep()
    ticks[0] += 5
    with pytest.raises(LeaseLost):
        lease.hold()


def test_a_database_that_is_away_for_a_moment_stops_nobody(runtime, held, ticks, monkeypatch):
    lease = Heartbeat(runtime, held, timedelta(seconds=runtime.settings.lease_s))

    def away(*_arguments, **_values):
        raise OperationalError("x", {}, Exception("gone"))

    with monkeypatch.context() as broken:
        broken.setattr(heartbeat.leases, "extend", away)
        ticks[0] += 5
        assert lease.keep()
        ticks[0] += 5
        assert lease.keep()
    ticks[0] += 2
    assert lease.keep()  # and it is back


def test_but_before_the_lease_runs_out_the_work_stops(runtime, held, ticks, monkeypatch):
    lease = Heartbeat(runtime, held, timedelta(seconds=runtime.settings.lease_s))

    def away(*_arguments, **_values):
        raise OperationalError("x", {}, Exception("gone"))

    monkeypatch.setattr(heartbeat.leases, "extend", away)
    verdicts = []
    for _ in range(3):
        ticks[0] += 5
        verdicts.append(lease.keep())
    assert verdicts == [True, True, False]  # 15 s: the lease is over


# -- the storage ------------------------------------------------------------------------------


def files(folder, count=6):
    made = {}
    for number in range(count):
        path = folder / f"{number}"
        path.write_bytes(bytes(number + 1))
        made[f"films/f/c/1/{number}.mp4"] = path
    return made


def test_files_are_stored_on_every_storage(any_storage, tmp_path):
    stored = transfer.put_all(any_storage, files(tmp_path), lambda: None)
    assert sorted(stored, key=lambda o: o.key) == [
        StoredObject(f"films/f/c/1/{number}.mp4", number + 1) for number in range(6)
    ]
    assert any_storage.head("films/f/c/1/5.mp4").size == 6


class Slow:
    """A storage whose first file waits until it is told to go on."""

    def __init__(self):
        self.go_on = threading.Event()
        self.began = []

    def put_file(self, key, path):
        self.began.append(key)
        self.go_on.wait(20)
        return StoredObject(key, 1)


def test_the_lease_is_held_while_slow_files_are_stored(tmp_path):
    slow, beats = Slow(), []

    def hold():
        beats.append(1)
        if len(beats) == 2:
            slow.go_on.set()

    assert len(transfer.put_all(slow, files(tmp_path), hold)) == 6
    assert len(beats) == 2


def test_a_lost_lease_ends_the_storing(tmp_path):
    slow = Slow()

    def hold():
        slow.go_on.set()
        raise LeaseLost

    with pytest.raises(LeaseLost):
        transfer.put_all(slow, files(tmp_path, count=40), hold)
    assert len(slow.began) < 40


def test_one_failure_fails_all(tmp_path):
    class Failing:
        def put_file(self, key, _path):
            raise StorageUnavailable(key)

    with pytest.raises(StorageUnavailable):
        transfer.put_all(Failing(), files(tmp_path), lambda: None)


def test_only_outputs_of_this_and_earlier_attempts_that_nobody_shows_are_removed(
    any_storage, tmp_path
):
    path = tmp_path / "x"
    path.write_bytes(b"x")
    for attempt in (1, 2, 3, 12):
        any_storage.put_file(keys.output("f", "c", attempt, "a.mp4"), path)
    any_storage.put_file(keys.chunk("f", "c", 0), path)
    any_storage.put_file(keys.output("f", "other", 1, "a.mp4"), path)
    held = Claim(TRANSCODE, "c", "f", 3, 1, datetime(2026, 3, 2, tzinfo=UTC))
    shown = {keys.output("f", "c", 2, "a.mp4")}
    assert transfer.remove_outputs(any_storage, held, shown=shown) == 2
    left = {found.key for found in any_storage.list("films/")}
    assert {keys.attempt_of(key) for key in left if "/c/" in key} == {2, 12, None}
    assert keys.output("f", "other", 1, "a.mp4") in left
