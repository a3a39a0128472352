"""Objects nobody names are found and erased; nothing alive is ever touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from cvtube.db.base import new_id
from cvtube.jobs import claiming
from cvtube.jobs.kinds import TRANSCODE
from cvtube.privacy import jobs, sweep
from cvtube.storage.local import LocalStorage
from cvtube.videos import keys, lifecycle
from cvtube.videos.models import Chapter, Clip
from tests import factories


def sweep_all(archive):
    for portion in {key.split("/")[1][:2] for key in archive.objects(keys.FILMS)}:
        jobs.sweep_portion(portion)


@pytest.mark.both_databases
def test_only_what_no_row_names_is_erased(runtime, archive, people, now):
    film = archive.film(approved=True)
    kept = archive.objects()
    strays = [
        keys.output(film.id, film.clip_id, 0, "h264-720.mp4"),  # an attempt that lost its lease
        keys.output(film.id, film.clip_id, 1, "hover.mp4"),  # a migration took its row
        keys.chunk(film.id, film.clip_id, 500),  # the slower of two senders died
        keys.output(film.id, new_id(), 1, "poster.jpg"),  # written after its clip was purged
        keys.output(new_id(), new_id(), 3, "audio.mp4"),  # or its film
    ]
    later = keys.output(film.id, film.clip_id, 2, "h264-720.mp4")  # may just have been begun
    unknown = f"{keys.of_video(film.id)}stray"  # of a kind that a newer version may know
    for key in (*strays, later, unknown):
        archive.put(key)
    sweep_all(archive)
    assert archive.objects() == kept | {later, unknown}


@pytest.mark.both_databases
def test_a_film_on_its_way_is_left_alone(runtime, archive, people, now):
    film = archive.film()
    arriving, encoding = [], []
    with runtime.transaction() as session:
        chapter = session.get_one(Chapter, film.chapter_id)
        clip = lifecycle.start_clip(session, chapter, now, actor=people.ada)
        arriving.append(archive.put(keys.chunk(film.id, clip.id, 0)))  # its row is not there yet
    with runtime.transaction() as session:
        video = factories.make_video(session, people.cy, now)
        second = lifecycle.start_clip(session, video.chapters[0], now, actor=people.cy)
        archive._send(session, second)
        lifecycle.complete_upload(session, second.id, 1000, now)
        held = claiming.claim(
            session, TRANSCODE, second.id, now, lease=factories.LEASE, max_tries=4
        )
        encoding.append(archive.put(keys.output(video.id, second.id, held.attempt, "audio.mp4")))
    before = archive.objects()
    sweep_all(archive)
    assert archive.objects() == before

    # The lease is lost, and the next attempt makes it: what the first one left is swept.
    with runtime.transaction() as session:
        session.execute(update(Clip).where(Clip.id == second.id).values(attempt=2))
    sweep_all(archive)
    assert archive.objects() == before - set(encoding)
    assert set(arriving) <= before


def test_every_portion_has_its_turn_once_a_day():
    start = datetime(2026, 3, 2, tzinfo=UTC)
    looks = [start + timedelta(seconds=s) for s in (0, 600, 1199, 1201, 1202, 40_000, 86_400)]
    turns = [one for two in pairwise(looks) for one in sweep.portions_due(*two)]
    assert turns == list(sweep.PORTIONS)
    assert len(sweep.portions_due(start - timedelta(days=30), start)) == len(sweep.PORTIONS)
    assert sweep.portions_due(start, start) == []


@pytest.mark.parametrize("any_storage", ["local"], indirect=True)  # S3 has no halves
def test_what_a_killed_process_left_half_written_is_swept(runtime, archive, monkeypatch):
    archive.film()
    swept = []
    monkeypatch.setattr(LocalStorage, "sweep_incoming", lambda _, age: swept.append(age))
    jobs.purge_what_is_due()
    assert swept == [jobs.HALF_WRITTEN_S]
