"""What is deleted is gone: rows, objects and words, on every storage and database."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from cvtube import runtime as runtimes
from cvtube import schema
from cvtube.errors import Refused
from cvtube.jobs import claiming, leases
from cvtube.jobs.kinds import PURGE_VIDEO, TRANSCODE, resolve
from cvtube.privacy import jobs
from cvtube.privacy.purge import NotErased
from cvtube.privacy.retention import SWEEP
from cvtube.privacy.sweep import PORTIONS
from cvtube.videos import keys, lifecycle, queries, reencoding
from cvtube.videos.lifecycle import Trim
from cvtube.videos.models import (
    Asset,
    Chapter,
    Clip,
    OriginalChunk,
    Stage,
    TranscriptCue,
    Video,
    VideoEvent,
)
from tests import factories
from tests.privacy.conftest import Killed, die_everywhere

pytestmark = pytest.mark.both_databases


def rows(runtime, *tables):
    with runtime.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def verbs(runtime, film):
    with runtime.reading() as session:
        events = select(VideoEvent.verb).where(VideoEvent.video_id == film.id)
        return session.scalars(events.order_by(VideoEvent.at, VideoEvent.id)).all()


def test_nothing_of_a_deleted_film_is_left_but_its_log_without_words(runtime, archive, people, now):
    film, other = archive.film(approved=True), archive.film(people.cy)
    with runtime.transaction() as session:
        clip = session.get_one(Clip, film.clip_id)
        lifecycle.take_down(
            session, clip, now, actor=people.ben, reason="scam", words="You ask for money."
        )
        session.add(
            TranscriptCue(clip_id=clip.id, language="fr", start_ms=0, end_ms=9, text="Bonjour")
        )
    archive.delete(film)
    jobs.purge_video(film.id)

    assert archive.objects(keys.of_video(film.id)) == set()
    assert len(archive.objects(keys.of_video(other.id))) == 7  # untouched
    assert rows(runtime, Video, Chapter, Clip, Asset, OriginalChunk) == [1, 1, 1, 5, 2]
    assert rows(runtime, TranscriptCue) == [0]
    assert "purged" in verbs(runtime, film)
    with runtime.reading() as session:
        events = session.scalars(select(VideoEvent).where(VideoEvent.video_id == film.id)).all()
        assert {event.words for event in events} == {None}
        assert "scam" in {event.reason for event in events}


def test_every_row_that_hangs_on_a_film_goes_or_lets_go_with_it():
    """Whoever adds a table decides it there, or no film of theirs can be purged."""
    hanging = [
        key
        for table in schema.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in {"video", "clip", "chapter"}
    ]
    assert len(hanging) > 5
    assert [str(key.parent) for key in hanging if key.ondelete not in {"CASCADE", "SET NULL"}] == []


def test_purging_again_changes_nothing(runtime, archive):
    film = archive.film()
    archive.delete(film)
    for _ in range(2):
        jobs.purge_video(film.id)
    assert verbs(runtime, film).count("purged") == 1


def test_a_film_that_nobody_deleted_is_not_purged(runtime, archive):
    film = archive.film()
    jobs.purge_video(film.id)
    jobs.purge_original(film.clip_id)
    assert len(archive.objects()) == 7
    assert rows(runtime, Video, Clip, Asset, OriginalChunk) == [1, 1, 5, 2]


def test_a_replaced_take_is_purged_and_its_film_plays_on(runtime, archive, people, now):
    film = archive.film()
    with runtime.transaction() as session:
        chapter = session.get_one(Chapter, film.chapter_id)
        again = factories.make_ready_clip(session, chapter, now, owner=people.ada)
        archive._send(session, again)
    jobs.purge_video(film.id)

    assert archive.objects(keys.of_clip(film.id, film.clip_id)) == set()
    assert len(archive.objects(keys.of_clip(film.id, again.id))) == 2
    with runtime.reading() as session:
        video = queries.load_video(session, film.id)
        assert video.chapters[0].live_clip_id == again.id
        assert session.get(Clip, film.clip_id) is None


def test_what_lost_attempts_left_goes_with_it(runtime, archive):
    film = archive.film()
    kept = archive.objects()
    archive.put(keys.output(film.id, film.clip_id, 0, "h264-720.mp4"))
    jobs.purge_video(film.id)
    assert archive.objects() == kept


def test_a_worker_that_still_encodes_loses_its_claim_before_the_film_is_purged(
    runtime, archive, people, now
):
    film = archive.film()
    with runtime.transaction() as session:
        clip = lifecycle.start_clip(
            session, session.get_one(Chapter, film.chapter_id), now, actor=people.ada
        )
        lifecycle.complete_upload(session, clip.id, 1000, now)
        held = claiming.claim(session, TRANSCODE, clip.id, now, lease=factories.LEASE, max_tries=4)
    archive.delete(film)
    jobs.purge_video(film.id)

    late = archive.put(keys.output(film.id, clip.id, held.attempt, "h264-720.mp4"))
    with runtime.transaction() as session:
        assert not leases.extend(session, held, now, lease=factories.LEASE, progress=50)
        made = lifecycle.Made(1000, 1280, 720, factories.make_assets(held, 1000))
        assert not lifecycle.finish_transcode(session, held, made, now)
    assert archive.objects() == {late}
    jobs.sweep_portion(film.id[:2])
    assert archive.objects() == set()


def test_what_comes_while_it_is_erased_is_noticed(runtime, archive):
    """As when another web process stores a chunk of an upload in this very second."""
    film = archive.film()
    archive.delete(film)
    late = keys.chunk(film.id, film.clip_id, 1000)

    class Busy:
        def __getattr__(self, name):
            return getattr(runtime.storage, name)

        def delete_prefix(self, prefix):
            runtime.storage.delete_prefix(prefix)
            archive.put(late)

    runtimes.install(replace(runtime, storage=Busy()))
    with pytest.raises(NotErased):
        jobs.purge_video(film.id)
    runtimes.install(runtime)
    assert rows(runtime, Video) == [1]  # so the clock finds it again
    jobs.purge_video(film.id)
    assert archive.objects() == set()


def test_killed_anywhere_and_run_again_a_film_is_purged(runtime, archive):
    def prepare():
        film = archive.film()
        archive.delete(film)
        return film.id

    for _ in die_everywhere(runtime, prepare, jobs.purge_video):
        assert archive.objects() == set()
        assert rows(runtime, Video, Chapter, Clip, Asset, OriginalChunk) == [0] * 5


def test_killed_anywhere_and_run_again_a_clip_is_purged(runtime, archive, people, now):
    def prepare():
        film = archive.film()
        with runtime.transaction() as session:
            chapter = session.get_one(Chapter, film.chapter_id)
            clip = lifecycle.start_clip(session, chapter, now, actor=people.ada)
            archive._send(session, clip)
            lifecycle.abandon_clip(session, clip.id, now, actor=people.ada)
        return film.id

    for number, video_id in enumerate(die_everywhere(runtime, prepare, jobs.purge_video), 1):
        assert len(archive.objects(keys.of_video(video_id))) == 7
        assert rows(runtime, Video, Clip, OriginalChunk) == [number, number, 2 * number]


# -- originals ------------------------------------------------------------------------------


def test_what_was_sent_goes_after_its_days_and_the_clip_stays(runtime, archive, clock, notifier):
    film = archive.film()
    clock.advance(days=7, seconds=-1)
    jobs.purge_original(film.clip_id)
    assert len(archive.objects(keys.original(film.id, film.clip_id))) == 2
    clock.advance(seconds=1)
    jobs.purge_what_is_due()
    assert ("cvtube.privacy.jobs.purge_original", film.clip_id) in notifier.sent
    jobs.purge_original(film.clip_id)

    assert archive.objects(keys.original(film.id, film.clip_id)) == set()
    assert len(archive.objects(keys.of_clip(film.id, film.clip_id))) == 5
    assert rows(runtime, OriginalChunk, Clip, Asset) == [0, 1, 5]
    assert "original_purged" in verbs(runtime, film)


def test_what_could_not_become_a_film_is_kept_no_longer(runtime, archive, people, clock):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, clock())
        clip = lifecycle.start_clip(session, video.chapters[0], clock(), actor=people.ada)
        archive._send(session, clip)
        lifecycle.complete_upload(session, clip.id, 1000, clock())
        held = claiming.claim(
            session, TRANSCODE, clip.id, clock(), lease=factories.LEASE, max_tries=4
        )
        lifecycle.fail_transcode(session, held, "no_picture", clock())
    clock.advance(days=7)
    jobs.purge_original(clip.id)
    assert archive.objects() == set()
    assert rows(runtime, OriginalChunk, Clip) == [0, 1]


def test_what_is_still_to_be_encoded_is_never_purged(runtime, archive, people, clock):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, clock())
        clip = lifecycle.start_clip(session, video.chapters[0], clock(), actor=people.ada)
        archive._send(session, clip)
        lifecycle.complete_upload(session, clip.id, 1000, clock())
    clock.advance(days=400)
    jobs.purge_original(clip.id)
    assert len(archive.objects()) == 2


def test_killed_anywhere_and_run_again_an_original_is_purged(runtime, archive, clock):
    def prepare():
        film = archive.film()
        clock.advance(days=8)
        return film.clip_id

    for number, _ in enumerate(die_everywhere(runtime, prepare, jobs.purge_original), 1):
        assert rows(runtime, OriginalChunk) == [0]
        assert len(archive.objects()) == 5 * number


def chosen_take(archive, runtime, people):
    """Ids of a film and of the take in it, which is ready, and still there as it was sent."""
    now = runtime.now()
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
        take = lifecycle.start_take(session, video.chapters[0], now, actor=people.ada)
        archive._send(session, take)
        lifecycle.complete_upload(session, take.id, 1000, now)
        lifecycle.choose_take(session, take, now, actor=people.ada)
        held = claiming.claim(session, TRANSCODE, take.id, now, lease=factories.LEASE, max_tries=4)
        made = lifecycle.Made(12_000, 1280, 720, factories.make_assets(held, 12_000))
        assert lifecycle.finish_transcode(session, held, made, now)
    return video.id, take.id


def trim(session, clip_id, people, now):
    take = session.get_one(Clip, clip_id)
    lifecycle.choose_take(session, take, now, actor=people.ada, trim=Trim(1000))


class RetryableError:
    """A storage in which something happens before anything is erased."""

    def __init__(self, storage, happens):
        self._storage, self._happens = storage, happens

    def __getattr__(self, name):
        return getattr(self._storage, name)

    def delete_prefix(self, prefix):
        self._happens()
        self._storage.delete_prefix(prefix)


def test_a_take_trimmed_while_its_original_is_erased_stays_as_it_is(
    runtime, archive, people, clock
):
    _video_id, clip_id = chosen_take(archive, runtime, people)
    now = clock.advance(days=8)

    def owner_trims():
        with pytest.raises(Refused, match="take_too_old"), runtime.transaction() as session:
            trim(session, clip_id, people, now)

    runtimes.install(replace(runtime, storage=RetryableError(runtime.storage, owner_trims)))
    jobs.purge_original(clip_id)
    with runtime.reading() as session:
        assert session.get_one(Clip, clip_id).stage is Stage.READY


def test_a_clip_ordered_again_while_its_original_is_erased_is_not_promised(runtime, archive, clock):
    film, came = archive.film(), []
    now = clock.advance(days=8)

    def operator_orders():
        with runtime.transaction() as session:
            came.append(reencoding.order_reencodings(session, Clip.id == film.clip_id, now))

    runtimes.install(replace(runtime, storage=RetryableError(runtime.storage, operator_orders)))
    jobs.purge_original(film.clip_id)
    assert (came[0].ordered, came[0].original_gone) == (0, 1)


def wants_it_trimmed(session, clip_id, people, now):
    trim(session, clip_id, people, now)
    session.flush()


def wants_it_again(session, clip_id, people, now):
    assert reencoding.order_reencodings(session, Clip.id == clip_id, now).ordered == 1
    session.flush()


@pytest.mark.parametrize("wants", [wants_it_trimmed, wants_it_again])
def test_an_original_that_somebody_is_just_asking_for_stays(runtime, archive, people, clock, wants):
    video_id, clip_id = chosen_take(archive, runtime, people)
    now = clock.advance(days=8)
    purging = threading.Thread(target=jobs.purge_original, args=(clip_id,))
    with runtime.transaction() as session:
        wants(session, clip_id, people, now)
        purging.start()
        purging.join(0.3)
        assert purging.is_alive()  # it waits for what we decide
    purging.join(20)
    assert rows(runtime, OriginalChunk) == [2]
    assert len(archive.objects(keys.original(video_id, clip_id))) == 2


def test_what_an_erasure_that_was_cut_short_leaves_goes_with_the_daily_look(
    runtime, archive, clock
):
    film = archive.film()
    clock.advance(days=8)

    def dies():
        raise Killed

    runtimes.install(replace(runtime, storage=RetryableError(runtime.storage, dies)))
    with pytest.raises(Killed):
        jobs.purge_original(film.clip_id)
    runtimes.install(runtime)
    assert len(archive.objects(keys.original(film.id, film.clip_id))) == 2
    jobs.sweep_portion(film.id[:2])
    assert archive.objects(keys.original(film.id, film.clip_id)) == set()
    assert len(archive.objects(keys.of_clip(film.id, film.clip_id))) == 5


# -- the clock ------------------------------------------------------------------------------


def test_the_clock_rings_for_all_that_is_left_over_and_erases_nothing_itself(
    runtime, archive, people, now, notifier
):
    deleted, replaced, fine = archive.film(), archive.film(people.cy), archive.film()
    archive.delete(deleted)
    with runtime.transaction() as session:
        chapter = session.get_one(Chapter, replaced.chapter_id)
        factories.make_ready_clip(session, chapter, now, owner=people.cy)
    before = archive.objects()
    notifier.sent.clear()
    jobs.purge_what_is_due()

    with runtime.reading() as session:
        waits = {
            film.id
            for film in (deleted, replaced, fine)
            if factories.is_queued(session, PURGE_VIDEO, film.id)
        }
    assert waits == {deleted.id, replaced.id}
    assert archive.objects() == before
    with runtime.reading() as session:
        assert session.get_one(Clip, replaced.clip_id).stage is Stage.ABANDONED


def test_the_walk_through_the_storage_goes_on_where_it_was(archive, notifier, clock):
    """Whenever the clock comes, and however long it was away, no portion is missed or repeated."""
    jobs.purge_what_is_due()
    swept: list[str] = []
    for minutes in (1, 9, 10, 11, 400, 0, 1009):  # a day
        notifier.sent.clear()
        clock.advance(minutes=minutes)
        jobs.purge_what_is_due()
        swept += [portion for path, portion in notifier.sent if path == SWEEP.path]
    assert sorted(swept) == sorted(PORTIONS)


def test_every_bell_the_clock_rings_is_a_job_with_one_argument(archive, notifier, clock):
    archive.delete(archive.film())
    archive.film()
    jobs.purge_what_is_due()
    clock.advance(days=8)
    notifier.sent.clear()
    jobs.purge_what_is_due()
    paths = {path for path, _ in notifier.sent}
    assert len(paths) == 2
    for path in paths:
        assert resolve(path).__code__.co_argcount == 1
