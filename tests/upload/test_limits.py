"""What one person may send, and what there is room for."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from cvtube.settings import MIB
from cvtube.storage.contract import StorageFull
from cvtube.upload import quotas
from cvtube.videos.upload_sessions import UploadSession
from cvtube.web import unit_of_work
from tests import factories
from tests.upload.tus import (
    Tus,
    checksum,
    code,
    film,
    metadata,
    original,
    stray_objects,
    upload_of,
)

GIB = 1024**3


def limited(runtime, **limits: Any) -> None:
    object.__setattr__(runtime, "settings", runtime.settings.model_copy(update=limits))


def test_a_person_has_a_few_open_uploads_at_a_time(tus, runtime, people):
    limited(runtime, open_uploads_per_person=2)
    first = tus.create(9000).headers["Location"]
    assert tus.create(9000).status_code == 201
    assert code(tus.create(9000)) == (429, "too_many_uploads")
    assert Tus(people.client("cy")).create(9000).status_code == 201  # everybody for themselves
    tus.patch(first, 0, film(9000))
    assert tus.create(9000).status_code == 201  # a finished one is not open
    assert code(tus.create(9000)) == (429, "too_many_uploads")


@pytest.mark.parametrize("how", ["deleted", "expired"])
def test_an_upload_that_is_over_is_not_open(tus, runtime, clock, how):
    limited(runtime, open_uploads_per_person=1)
    path = tus.create(9000).headers["Location"]
    if how == "deleted":
        tus.delete(path)
    else:
        clock.advance(days=7)
    assert tus.create(9000).status_code == 201


def test_a_person_begins_to_send_so_much_within_a_day_deleted_or_not(tus, runtime, clock):
    limited(runtime, upload_daily_mib_per_person=1)
    path = tus.create(1_000_000).headers["Location"]
    tus.delete(path)
    assert code(tus.create(50_000)) == (429, "enough_for_today")
    assert tus.create(48_000).status_code == 201
    clock.advance(hours=25)
    assert tus.create(50_000).status_code == 201


def deferred(tus, **said: Any):
    return tus.create(upload_defer_length=1, **said)


def test_what_has_no_known_length_counts_as_the_largest_film_there_may_be(tus, runtime):
    limited(runtime, upload_max_mib=5, upload_daily_mib_per_person=11)
    paths = [deferred(tus).headers["Location"] for _ in range(3)]
    assert code(deferred(tus)) == (429, "enough_for_today")
    assert code(tus.create(10)) == (429, "enough_for_today")
    # Of the last one only as much may come as was left of the day.
    assert code(tus.patch(paths[2], 0, film(MIB + 1))) == (413, "upload_longer_than_said")
    assert code(tus.patch(paths[2], 0, upload_length=MIB + 1)) == (413, "upload_longer_than_said")
    for path in paths[:2]:
        assert tus.patch(path, 0, film(5 * MIB)).status_code == 204
    assert tus.patch(paths[2], 0, film(MIB)).status_code == 204


def test_once_its_length_is_known_an_upload_counts_for_no_more(tus, runtime):
    limited(runtime, upload_max_mib=5, upload_daily_mib_per_person=6)
    path = deferred(tus).headers["Location"]
    assert code(tus.create(2 * MIB)) == (429, "enough_for_today")
    assert tus.patch(path, 0, film(9000), upload_length=9000).status_code == 204
    assert tus.create(2 * MIB).status_code == 201


@pytest.mark.parametrize("how", ["given up", "cut off"])
def test_an_upload_that_brings_nothing_more_counts_for_what_it_brought(tus, runtime, clock, how):
    limited(runtime, upload_max_mib=5, upload_daily_mib_per_person=6)
    path = deferred(tus).headers["Location"]
    assert tus.patch(path, 0, film(MIB)).status_code == 204
    if how == "given up":
        tus.delete(path)
    else:
        clock.advance(hours=2)
    assert tus.create(5 * MIB).status_code == 201
    assert code(tus.create(10)) == (429, "enough_for_today")


def test_uploads_that_have_rested_find_their_room_taken_by_whoever_is_first(tus, runtime, clock):
    limited(runtime, upload_max_mib=5, upload_daily_mib_per_person=6)
    rested = []
    for _ in range(3):
        rested.append(deferred(tus).headers["Location"])
        clock.advance(hours=2)
    assert tus.patch(rested[1], 0, film(9000)).status_code == 204
    assert code(tus.patch(rested[0], 0, film(9000))) == (429, "enough_for_today")
    assert tus.patch(rested[1], 9000, film(5 * MIB)[9000:]).status_code == 204


def test_a_take_of_unknown_length_counts_as_the_longest_clip(tus, runtime, people):
    limited(runtime, film_max_s=10, upload_daily_mib_per_person=21)
    take = {"upload_metadata": metadata(chapter=a_part(runtime, people), take="1")}
    path = deferred(tus, **take).headers["Location"]
    assert tus.create(MIB).status_code == 201
    assert code(tus.create(10)) == (429, "enough_for_today")
    assert tus.patch(path, 0, film(9000), upload_length=9000).status_code == 204


def a_part(runtime, people) -> str:
    with runtime.transaction() as session:
        return factories.make_video(session, people.ada, runtime.now()).chapters[0].id


@pytest.mark.both_databases
def test_uploads_begun_at_the_same_moment_count_together(app, runtime, people):
    limited(runtime, upload_max_mib=5, upload_daily_mib_per_person=6)
    senders = [Tus(people.client("ada")) for _ in range(8)]
    together = threading.Barrier(8, timeout=20)

    def begin(tus: Tus):
        together.wait()
        return deferred(tus)

    with ThreadPoolExecutor(8) as pool:
        begun = [answer for answer in pool.map(begin, senders) if answer.status_code == 201]
    assert len(begun) == 2  # one of five, and one for the rest of the day
    data = film(5 * MIB)
    for answer in begun:
        for size in (5 * MIB, MIB):
            if tus_sent(senders[0], answer.headers["Location"], data[:size]):
                break
    with runtime.reading() as session:
        assert session.scalar(select(func.sum(UploadSession.received))) <= 6 * MIB


def tus_sent(tus: Tus, path: str, data: bytes) -> bool:
    return bool(tus.patch(path, 0, data).status_code == 204)


def test_what_has_no_known_length_ends_at_the_limit(tus, runtime):
    limited(runtime, upload_max_mib=1)
    path = tus.create(upload_defer_length=1).headers["Location"]
    assert code(tus.patch(path, 0, film(1_048_577))) == (413, "upload_longer_than_said")
    assert tus.patch(path, 0, film(1_048_576)).status_code == 204
    assert tus.patch(path, 1_048_576, upload_length=1_048_576).status_code == 204


def test_a_reserve_of_room_is_never_promised_away(tus, runtime, monkeypatch):
    monkeypatch.setattr(type(runtime.storage), "free_bytes", lambda _: 3 * GIB)
    assert tus.create(int(1.5 * GIB)).status_code == 201
    assert code(tus.create(int(0.6 * GIB))) == (507, "storage_full")  # 1 GiB stays free
    assert tus.create(int(0.4 * GIB)).status_code == 201
    monkeypatch.setattr(type(runtime.storage), "free_bytes", lambda _: 4 * GIB)
    assert code(deferred(tus)) == (507, "storage_full")  # it may have two
    monkeypatch.setattr(type(runtime.storage), "free_bytes", lambda _: 5 * GIB)
    path = deferred(tus).headers["Location"]
    assert code(tus.create(int(0.2 * GIB))) == (507, "storage_full")
    monkeypatch.setattr(type(runtime.storage), "free_bytes", lambda _: GIB)
    assert code(tus.patch(path, 0, film(5000))) == (507, "storage_full")


def test_a_storage_without_a_known_end_has_room(tus, runtime, monkeypatch):
    monkeypatch.setattr(type(runtime.storage), "free_bytes", lambda _: None)
    assert tus.create(2 * GIB).status_code == 201


class Filling:
    """A storage that is full after some more bytes, wherever in an object that is."""

    def __init__(self, storage, room: int) -> None:
        self._storage, self.room = storage, room

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def put(self, key, stream):
        full = self

        class Counted:
            def read(self, size: int, /) -> bytes:
                piece = stream.read(size)
                full.room -= len(piece)
                if full.room < 0:
                    raise StorageFull("no room")
                return piece

        return self._storage.put(key, Counted())


@pytest.mark.parametrize("room", [0, 1, 16_383, 16_384, 40_000, 69_999])
@pytest.mark.parametrize("checked", [False, True])
def test_a_storage_that_fills_up_keeps_what_was_there_and_goes_on_later(
    app, runtime, people, monkeypatch, room, checked
):
    monkeypatch.setattr("cvtube.upload.streams.CHUNK", 20_000)
    full = Filling(runtime.storage, 10**9)
    other = replace(runtime, storage=full)
    unit_of_work.bind_runtime(app, other)
    tus, data = Tus(people.client("ada")), film(100_000)
    path = tus.create(100_000, data[:30_000]).headers["Location"]

    full.room = room
    said = {"upload_checksum": checksum(data[30_000:])} if checked else {}
    assert code(tus.patch(path, 30_000, data[30_000:], **said)) == (507, "storage_full")
    kept = 30_000 if checked else 30_000 + room // 20_000 * 20_000
    assert tus.head(path).headers["Upload-Offset"] == str(kept)
    assert original(runtime, path) == data[:kept]
    assert stray_objects(runtime, path) == set()
    assert list((runtime.settings.home / "storage/incoming").glob("*")) == []

    full.room = 10**9
    assert tus.patch(path, kept, data[kept:]).status_code == 204
    assert original(runtime, path) == data
    assert upload_of(runtime, path).finished_at is not None


@pytest.mark.parametrize(("language", "limit"), [("en", "1.5 GB"), ("fr", "1,5 Go")])
def test_a_video_that_is_too_big_is_told_the_limit_in_the_readers_language(
    settings, language, limit
):
    """The rule knows no request, so it is the sentence that writes the number."""
    settings = settings.model_copy(update={"upload_max_mib": 1536})
    assert limit in quotas.too_big(settings).sentence(language).replace("\N{NO-BREAK SPACE}", " ")
