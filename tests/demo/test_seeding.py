"""The demo is made once, on the way every film takes, and goes on after an interruption."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from sqlalchemy import func, select

from cvtube.accounts import passwords
from cvtube.accounts.cards import issue
from cvtube.accounts.models import Role, User
from cvtube.accounts.people import find_user
from cvtube.cli.run import without_demo_for_strangers
from cvtube.db.base import Base
from cvtube.demo import people
from cvtube.demo.seeding import (
    AGREED,
    Seeding,
    StrangersHere,
    has_strangers,
    refuse_known_passwords,
)
from cvtube.jobs import claiming
from cvtube.jobs.kinds import TRANSCODE
from cvtube.settings import SettingsError
from cvtube.videos import consents, keys, lifecycle, queries, timeline
from cvtube.videos.models import (
    Clip,
    OriginalChunk,
    Review,
    Stage,
    TranscriptCue,
    Video,
    VideoEvent,
    Visibility,
)
from tests import factories

both_databases = pytest.mark.both_databases

HASH = cache(passwords.make_hash)


class Worker:
    """Stands for the transcoders: each time the seeding waits, one clip gets ready.

    The real ones take minutes for twelve clips; the journeys run them.
    """

    def __init__(self, runtime):
        self.runtime = runtime
        self.failing = set()

    def __call__(self, _seconds: float) -> None:
        now = self.runtime.now()
        with self.runtime.transaction() as session:
            clip_id = session.scalar(
                select(Clip.id).where(Clip.stage == Stage.UPLOADED).order_by(Clip.uploaded_at)
            )
            held = claiming.claim(
                session, TRANSCODE, clip_id, now, lease=timedelta(seconds=15), max_tries=4
            )
            if clip_id in self.failing:
                lifecycle.fail_transcode(session, held, "not_a_film", now)
                return
            assets = factories.make_assets(held, 12_000)
            lifecycle.finish_transcode(
                session, held, lifecycle.Made(12_000, 1280, 720, assets), now
            )


class Listener:
    """Remembers what it was told; may pull the plug after a number of words."""

    def __init__(self, until: int = 10_000) -> None:
        self.told = []
        self._until = until

    def __getattr__(self, name):
        def tell(*words):
            self.told.append((name, *words))
            if len(self.told) >= self._until:
                raise KeyboardInterrupt

        return tell


@pytest.fixture(autouse=True)
def one_hash(monkeypatch):
    """Everybody has the same password: it is hashed once for all tests."""
    monkeypatch.setattr(passwords, "make_hash", HASH)


@pytest.fixture
def worker(runtime):
    return Worker(runtime)


@pytest.fixture
def seed(runtime, worker):
    def run(listener=None):
        heard = listener or Listener()
        Seeding(runtime, heard, sleep=worker).run()
        return heard.told

    return run


def first_clip(runtime):
    with runtime.reading() as session:
        hugo = find_user(session, people.candidates()[0].email)
        film = session.scalars(queries.owned_by(hugo).options(*queries.whole())).one()
        return film.chapters[0].next_clip_id


def everything(runtime):
    """How many rows each table has, and how many objects there are."""
    with runtime.reading() as session:
        rows = {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
    return rows, sorted(stored.key for stored in runtime.storage.list("films/"))


def test_everybody_can_log_in_with_the_password_that_is_printed(runtime, seed):
    seed()
    with runtime.reading() as session:
        for email, _ in people.LOG_INS:
            user = find_user(session, email)
            assert passwords.matches(people.PASSWORD, user.password_hash)
            assert user.email_confirmed_at is not None
        recruiter = find_user(session, people.RECRUITER)
        waiting = find_user(session, people.WAITING_RECRUITER)
        roles = set(session.scalars(select(User.role)))
    assert recruiter.verified_at is not None
    assert waiting.verified_at is None
    assert roles == {Role.CANDIDATE, Role.RECRUITER, Role.MODERATOR, Role.ADVISER, Role.ADMIN}


@both_databases
def test_every_film_went_the_way_of_all_films(runtime, seed, now):
    seed()
    with runtime.reading() as session:
        films = session.scalars(select(Video).options(*queries.whole())).all()
        listed = session.scalars(select(Video.id).where(queries.listed(now))).all()
        stories = {
            film.id: session.scalars(
                select(VideoEvent.verb).where(VideoEvent.video_id == film.id)
            ).all()
            for film in films
        }
    assert len(films) == len(people.candidates()) == 10
    assert len(listed) == 8
    for film in films:
        assert film.visibility is Visibility.RECRUITERS
        assert {"started", "upload_started", "uploaded", "ready", "published"} <= set(
            stories[film.id]
        )
        assert len(timeline.parts(film, timeline.Version.WORKING)) == len(film.chapters)


def test_the_bytes_in_the_storage_are_the_clips_bytes(runtime, seed):
    seed()
    with runtime.reading() as session:
        owner = find_user(session, "candidate@example.org")
        film = session.scalars(queries.owned_by(owner).options(*queries.whole())).one()
        (ines,) = [one for one in people.candidates() if one.email == owner.email]
        for scene, chapter in zip(ines.scenes, film.chapters, strict=True):
            chunk = session.scalars(
                select(OriginalChunk).where(OriginalChunk.clip_id == chapter.live_clip_id)
            ).one()
            with runtime.storage.open(chunk.key) as pieces:
                assert b"".join(pieces) == scene.file.read_bytes()
            assert chapter.live_clip.original_bytes == chunk.size
            assert chunk.key.startswith(keys.original(film.id, chapter.live_clip_id))
            cues = session.scalars(
                select(TranscriptCue)
                .where(TranscriptCue.clip_id == chapter.live_clip_id)
                .order_by(TranscriptCue.start_ms)
            ).all()
            assert [cue.text for cue in cues] == [one.text for one in scene.sentences]
            assert all(cue.shown for cue in cues)


def test_everybody_in_the_demo_has_agreed_to_every_point(runtime, seed):
    seed()
    with runtime.reading() as session:
        for film in session.scalars(select(Video)):
            agreed = {one.purpose for one in consents.given(session, film.id)}
            assert agreed == {point.code for point in AGREED}


def test_one_film_waits_for_a_moderator_and_one_is_to_be_redone(runtime, seed):
    seed()
    with runtime.reading() as session:
        told = select(User.email, Clip.review).join(Video, Video.owner_id == User.id)
        reviews = dict(session.execute(told.join(Clip, Clip.video_id == Video.id)).all())
        reason, words = session.execute(
            select(VideoEvent.reason, VideoEvent.words).where(
                VideoEvent.verb == "asked_for_changes"
            )
        ).one()
    assert reviews["lea.fontaine@example.org"] is Review.PENDING
    assert reviews["mehdi.haddad@example.org"] is Review.NEEDS_CHANGES
    assert reason == "sound"
    assert words.endswith("plus près du micro ?")


def test_progress_is_told_and_ready_is_said_after_the_first_film(seed):
    told = seed()
    first_ready = told.index(("watchable",))
    assert told[first_ready - 1] == ("progress", 1, 10, 100)
    assert ("progress", 10, 10, 100) in told
    assert told[-1] == ("complete",)


@both_databases
def test_a_second_start_adds_nothing_and_says_nothing_of_films(runtime, seed):
    seed()
    before = everything(runtime)
    told = seed()
    assert everything(runtime) == before
    assert {name for name, *_ in told} == {"watchable", "complete"}


@pytest.mark.parametrize("until", [1, 2, 9, 20])
def test_an_interrupted_start_goes_on_at_the_next_one(runtime, seed, until):
    with pytest.raises(KeyboardInterrupt):
        seed(Listener(until))
    seed()
    interrupted = everything(runtime)
    with runtime.reading() as session:
        assert session.scalar(select(func.count()).select_from(Video)) == 10
        assert session.scalar(select(func.count()).select_from(Clip)) == 12
        chunks = session.scalar(select(func.count()).select_from(OriginalChunk))
    assert chunks == 12
    seed()
    assert everything(runtime) == interrupted


@both_databases
def test_an_interruption_between_two_chunks_sends_only_what_is_missing(runtime, worker):
    class Cut(Exception):
        pass

    class Failing:
        def __init__(self, real):
            self.real = real
            self.left = 4

        def __getattr__(self, name):
            return getattr(self.real, name)

        def put(self, key, stream):
            self.left -= 1
            if self.left < 0:
                raise Cut
            return self.real.put(key, stream)

    with pytest.raises(Cut):
        Seeding(replace(runtime, storage=Failing(runtime.storage)), Listener(), sleep=worker).run()
    assert len(everything(runtime)[1]) == 4
    Seeding(runtime, Listener(), sleep=worker).run()
    assert len(everything(runtime)[1]) == 12


def make_stranger(session, now):
    factories.make_user(session, now, name="Ada").email = "ada@a-real-domain.fr"


def test_a_database_with_people_of_its_own_is_left_alone(runtime, seed, now):
    with runtime.transaction() as session:
        make_stranger(session, now)
    before = everything(runtime)
    with pytest.raises(StrangersHere):
        seed()
    assert everything(runtime) == before


def test_real_people_are_in_no_demonstration(runtime, settings, seed, now, capsys):
    """Also those who came after its own people, by whichever way."""
    demo = settings.model_copy(update={"demo": True})
    seed()
    assert without_demo_for_strangers(demo).demo
    with runtime.transaction() as session:
        make_stranger(session, now)
    assert not without_demo_for_strangers(demo).demo
    assert "already has users" in capsys.readouterr().out


def test_people_who_signed_up_in_a_demo_do_not_stop_it(runtime, seed, now):
    with pytest.raises(KeyboardInterrupt):
        seed(Listener(3))
    with runtime.transaction() as session:
        factories.make_user(session, now, name="Ada")
    assert seed()[-1] == ("complete",)


@both_databases
def test_people_without_an_address_are_the_demos_if_its_adviser_made_their_card(runtime, now):
    def make_card(name, maker):
        blank = issue.blank(b"k" * 32)
        issue.make_account(session, now, blank, maker=maker, given_name=name)

    with runtime.transaction() as session:
        adviser = factories.make_user(session, now, name="Kim", role=Role.ADVISER)
        make_card("Fatou", adviser)
        assert not has_strangers(session)
        make_card("Awa", None)
        assert has_strangers(session)


def test_who_has_left_is_no_stranger(runtime, now):
    with runtime.transaction() as session:
        make_stranger(session, now)
        assert has_strangers(session)
        find_user(session, "ada@a-real-domain.fr").deleted_at = now
        assert not has_strangers(session)


@pytest.mark.parametrize(
    "change", [{"bind": "192.168.1.5"}, {"public_url": "https://cv.example.org"}]
)
def test_its_known_passwords_keep_a_site_from_being_opened_to_others(runtime, seed, change):
    """The demo was tried here; later the same database is to be the real site's."""
    public = replace(runtime, settings=runtime.settings.model_copy(update=change))
    refuse_known_passwords(public)
    seed()
    refuse_known_passwords(runtime)
    with pytest.raises(SettingsError, match="holds the demo's people, whose password is public"):
        refuse_known_passwords(public)
    with runtime.transaction() as session:
        for user in session.scalars(select(User)):
            user.password_hash = passwords.make_hash("another one")
    refuse_known_passwords(public)


@both_databases
def test_what_visitors_did_with_the_demo_is_left_as_it_is(runtime, seed, now):
    seed()
    with runtime.transaction() as session:
        owner = find_user(session, "candidate@example.org")
        film = session.scalars(queries.owned_by(owner).options(*queries.whole())).one()
        lifecycle.delete_video(session, film, now, actor=owner)
        hugo = find_user(session, "hugo.perrin@example.org")
        withdrawn = session.scalars(queries.owned_by(hugo)).one()
        lifecycle.withdraw(session, withdrawn, now, actor=hugo)
        lea = find_user(session, "lea.fontaine@example.org")
        (video,) = session.scalars(queries.owned_by(lea).options(*queries.whole()))
        redone = lifecycle.start_clip(session, video.chapters[0], now, actor=lea)
    before = everything(runtime)
    seed()
    assert everything(runtime) == before
    with runtime.reading() as session:
        assert session.get_one(Clip, redone.id).stage is Stage.UPLOADING
        assert session.get_one(Video, withdrawn.id).visibility is Visibility.DRAFT


def test_a_clip_that_cannot_be_transcoded_does_not_stop_the_others(runtime, seed, worker):
    class Spy(Listener):
        def progress(self, number, *_words):
            if number == 1:
                worker.failing = {first_clip(runtime)}

    told = seed(Spy())
    assert told[0] == ("failed", 1, 10, "not_a_film")
    assert told[-1] == ("complete",)
