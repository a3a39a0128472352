"""A ready clip is made again while it plays: nothing of its state changes, and nothing is lost."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from cvtube.cli import commands
from cvtube.jobs import claiming, reconciling
from cvtube.jobs.kinds import REENCODE
from cvtube.jobs.models import JobState
from cvtube.jobs.worker import run_next
from cvtube.privacy import jobs as privacy
from cvtube.privacy import retention, sweep
from cvtube.queue.names import Queue
from cvtube.storage.contract import StorageUnavailable
from cvtube.transcode.plan import ladder
from cvtube.videos import keys, lifecycle, queries, reencoding
from cvtube.videos.files import SupersededObject
from cvtube.videos.models import Clip, OriginalChunk, Review, Stage, Video, VideoEvent
from tests import factories
from tests.transcode.test_endings import Weather, installed

pytestmark = pytest.mark.both_databases


@pytest.fixture
def approved(transcode, films, runtime):
    """A clip that plays in a listed film, made by an older ladder."""
    sent = transcode(films("compact.avi"))
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        video = queries.load_video(session, sent.video_id)
        lifecycle.publish(session, video, runtime.now(), actor=video.owner)
        ben = factories.make_user(session, runtime.now(), name="Ben", role="moderator")
        lifecycle.approve(session, video, runtime.now(), actor=ben)
    return sent


@pytest.fixture
def newer(monkeypatch):
    monkeypatch.setattr(ladder, "VERSION", ladder.VERSION + 1)
    return ladder.VERSION


def order(runtime, which=None):
    with runtime.transaction() as session:
        wanted = Clip.ladder < ladder.VERSION if which is None else which
        return reencoding.order_reencodings(session, wanted, runtime.now())


def order_of(sent):
    with sent.runtime.reading() as session:
        return factories.job_of(session, REENCODE, sent.clip_id)


def replaced(sent):
    with sent.runtime.reading() as session:
        return set(session.scalars(select(SupersededObject.key)))


def listed(sent):
    with sent.runtime.reading() as session:
        return session.scalar(select(Video.id).where(queries.listed(sent.runtime.now())))


def test_what_is_new_takes_its_place_in_one_moment_and_the_clip_stays_approved(
    approved, runtime, newer, monkeypatch
):
    before, old = approved.row(), {asset.key for asset in approved.row().assets}
    assert before.ladder == newer - 1
    order(runtime)
    real = lifecycle.finish_reencode

    def finish(*arguments, **options):
        clip = approved.row()  # everything is stored by now, and nothing of it shown
        assert (clip.stage, clip.review) == (Stage.READY, Review.APPROVED)
        assert {asset.key for asset in clip.assets} == old
        assert listed(approved)
        return real(*arguments, **options)

    monkeypatch.setattr(lifecycle, "finish_reencode", finish)
    run_next(Queue.TRANSCODE)
    clip, new = approved.row(), {asset.key for asset in approved.row().assets}
    assert (clip.stage, clip.review, clip.ladder) == (Stage.READY, Review.APPROVED, newer)
    assert (clip.duration_ms, clip.attempt) == (before.duration_ms, before.attempt + 1)
    assert (clip.ready_at, clip.reviewed_at) == (before.ready_at, before.reviewed_at)
    assert listed(approved)
    assert not new & old
    assert approved.made_keys() == new | old  # who is watching goes on
    assert replaced(approved) == old
    assert [(run.kind, run.outcome) for run in approved.runs()] == [
        ("transcode", "ready"), ("reencode", "ready"),
    ]  # fmt: skip
    assert order_of(approved).state is JobState.DONE
    with runtime.reading() as session:
        verbs = session.scalars(select(VideoEvent.verb)).all()
    assert verbs.count("made_again") == 1


def test_what_was_replaced_goes_when_no_address_of_it_lives(approved, runtime, newer, clock):
    old = {asset.key for asset in approved.row().assets}
    order(runtime)
    run_next(Queue.TRANSCODE)
    new = approved.made_keys() - old
    clock.advance(seconds=1.5 * runtime.settings.media_url_ttl_s - 1)
    privacy.sweep_portion(approved.video_id[:2])  # the daily look leaves it alone, too
    privacy.purge_replaced(approved.clip_id)
    assert approved.made_keys() == new | old
    clock.advance(seconds=1)
    with runtime.reading() as session:
        assert retention.replaced_to_purge(session, clock()) == [approved.clip_id]
    privacy.purge_replaced(approved.clip_id)
    assert approved.made_keys() == new
    assert replaced(approved) == set()
    privacy.purge_replaced(approved.clip_id)  # once more does no harm


def test_a_worker_that_dies_half_way_leaves_the_clip_as_it_was_and_another_goes_on(
    approved, runtime, newer, clock
):
    old = {asset.key for asset in approved.row().assets}
    order(runtime)

    class Killed(BaseException):
        pass

    stored = []

    def storm(name, *arguments):
        if name == "put_file":
            stored.append(arguments[0])
        if name == "head":  # everything is stored
            raise Killed

    with installed(runtime, storage=Weather(runtime.storage, storm)), pytest.raises(Killed):
        run_next(Queue.TRANSCODE)
    assert stored
    assert {asset.key for asset in approved.row().assets} == old
    run_next(Queue.TRANSCODE)  # still leased: nobody else may have it
    assert order_of(approved).attempt == 2
    clock.advance(seconds=15)
    reconciling.reconcile()
    assert order_of(approved).state is JobState.WAITING
    run_next(Queue.TRANSCODE)
    clip = approved.row()
    assert clip.ladder == newer
    assert approved.made_keys() == old | {asset.key for asset in clip.assets}
    assert not {asset.key for asset in clip.assets} & set(stored)
    assert [run.outcome for run in approved.runs()] == ["ready", "lost", "ready"]


def test_an_obstacle_puts_it_off_and_the_clip_plays_on(approved, runtime, newer, clock):
    order(runtime)

    def storm(name, *_arguments):
        if name == "put_file":
            raise StorageUnavailable("gone")

    with installed(runtime, storage=Weather(runtime.storage, storm)):
        run_next(Queue.TRANSCODE)
    assert (order_of(approved).state, order_of(approved).tries) == (JobState.WAITING, 0)
    assert approved.row().stage is Stage.READY
    clock.advance(days=2)  # nobody looks on: it is never given up for this machine's sake
    with installed(runtime, storage=Weather(runtime.storage, storm)):
        run_next(Queue.TRANSCODE)
    assert order_of(approved).state is JobState.WAITING


def test_a_clip_given_up_meanwhile_is_left_alone(approved, runtime, newer, monkeypatch):
    order(runtime)
    real = lifecycle.finish_reencode

    def finish(session, *arguments, **options):
        with runtime.reading() as reader:
            owner = queries.load_video(reader, approved.video_id).owner
        video = session.get_one(Video, approved.video_id)
        lifecycle.delete_video(session, video, runtime.now(), actor=owner)
        return real(session, *arguments, **options)

    monkeypatch.setattr(lifecycle, "finish_reencode", finish)
    old = {asset.key for asset in approved.row().assets}
    run_next(Queue.TRANSCODE)
    assert approved.runs()[-1].outcome == "lost"
    assert approved.made_keys() == old


def test_what_waits_to_be_made_again_keeps_its_original(approved, runtime, newer, clock):
    clock.advance(days=runtime.settings.original_kept_days)
    with runtime.reading() as session:
        assert retention.originals_to_purge(session, clock(), runtime.settings) == [
            approved.clip_id
        ]
    order(runtime)
    with runtime.reading() as session:
        assert retention.originals_to_purge(session, clock(), runtime.settings) == []
    run_next(Queue.TRANSCODE)
    with runtime.reading() as session:
        assert retention.originals_to_purge(session, clock(), runtime.settings) == [
            approved.clip_id
        ]


def test_where_the_original_is_gone_the_clip_stays_and_the_order_says_why(
    approved, runtime, newer, clock
):
    order(runtime)
    with runtime.transaction() as session:  # somebody erases it all the same
        session.query(OriginalChunk).delete()
    run_next(Queue.TRANSCODE)
    assert order_of(approved).error_code == "original_gone"
    assert approved.row().ladder == newer - 1
    came = order(runtime)
    assert (came.ordered, came.original_gone) == (0, 1)


def test_where_a_piece_of_the_original_is_missing_nobody_tries_for_ever(approved, runtime, newer):
    order(runtime)
    with runtime.transaction() as session:
        session.query(OriginalChunk).filter_by(start=0).one().size += 1
    run_next(Queue.TRANSCODE)
    assert order_of(approved).error_code == "original_gone"


def test_the_clock_rings_for_it_when_nothing_new_waits(approved, runtime, newer, clock):
    order(runtime)
    reconciling.reconcile()
    assert runtime.notifier.waiting(Queue.TRANSCODE) == 1
    reconciling.reconcile()
    assert runtime.notifier.waiting(Queue.TRANSCODE) == 1


def test_nothing_of_an_attempt_under_way_is_swept(approved, runtime, newer, tmp_path):
    order(runtime)
    with runtime.transaction() as session:
        held = claiming.claim_next(session, Queue.TRANSCODE, runtime.now(), runtime.settings)
    key = keys.output(held.video_id, held.target_id, held.attempt, "audio.mp4")
    path = tmp_path / "x"
    path.write_bytes(b"x")
    runtime.storage.put_file(key, path)
    with runtime.reading() as session:
        assert sweep.nobody_names(session, sweep.by_clip([key])) == []
    with runtime.transaction() as session:
        reencoding.fail(session, held, "film_broken", runtime.now())
    with runtime.reading() as session:
        assert sweep.nobody_names(session, sweep.by_clip([key])) == [key]


@pytest.fixture
def command(runtime, monkeypatch):
    """`cvtube transcode …`, as an operator types it: its exit code, and what it says."""
    for name in ("home", "database_url", "redis_url", "secret_key"):
        monkeypatch.setenv(f"CVTUBE_{name.upper()}", str(getattr(runtime.settings, name)))

    def run(*words):
        done = CliRunner().invoke(commands, ["transcode", *words])
        return done.exit_code, " ".join(done.output.split())

    return run


def test_the_command_orders_and_tells(approved, runtime, newer, command):
    run = command
    assert run("again")[0] == 2
    assert run("again", "--film", "nobody") == (0, f"0 clips will be re-encoded (ladder {newer}).")
    ordered = (0, f"1 clips will be re-encoded (ladder {newer}).")
    assert run("again", "--older-than-ladder") == ordered
    assert run("again", "--all")[1].endswith("1 were queued already.")
    assert run("status")[1].startswith("1 waiting 0 in progress")
    run_next(Queue.TRANSCODE)
    assert "1 re-encoded" in run("status")[1]
    assert run("again", "--older-than-ladder")[1].startswith("0 clips")
    assert run("again", "--film", approved.video_id) == ordered


def test_however_many_there_are_they_are_ordered_a_few_at_a_time(
    runtime, now, command, monkeypatch
):
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        ada = factories.make_user(session, now)
        video = factories.make_video(session, ada, now, chapter_titles=[""] * 5)
        for number, chapter in enumerate(video.chapters):
            clip = factories.make_ready_clip(session, chapter, now, owner=ada)
            if number:
                session.add(OriginalChunk(key=clip.id, clip_id=clip.id, start=0, size=1))
    monkeypatch.setattr(reencoding, "AT_A_TIME", 2)
    code, said = command("again", "--all")
    assert (code, said[:30]) == (0, "4 clips will be re-encoded (la")
    assert said.endswith("1 stay as they are: the uploaded file was deleted.")
    assert "4 were queued already." in command("again", "--all")[1]
