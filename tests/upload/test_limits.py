"""What one person may send, and what there is room for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cvtube.storage.contract import StorageFull
from cvtube.web import unit_of_work
from tests.upload.tus import Tus, checksum, code, film, original, stray_objects, upload_of

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


def test_what_has_no_known_length_counts_as_it_grows(tus, runtime):
    limited(runtime, upload_daily_mib_per_person=1)
    path = tus.create(upload_defer_length=1).headers["Location"]
    assert tus.patch(path, 0, film(1_048_577)).status_code == 204
    assert code(tus.patch(path, 1_048_577, b"x")) == (429, "enough_for_today")
    assert code(tus.create(10)) == (429, "enough_for_today")


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
    deferred = Tus(tus.client).create(upload_defer_length=1).headers["Location"]
    monkeypatch.setattr(type(runtime.storage), "free_bytes", lambda _: GIB)
    assert code(tus.patch(deferred, 0, film(5000))) == (507, "storage_full")


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
    monkeypatch.setattr("cvtube.upload.bodies.CHUNK", 20_000)
    full = Filling(runtime.storage, 10**9)
    doors = replace(runtime, storage=full)
    unit_of_work.give(app, doors)
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
