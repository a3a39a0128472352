"""Who leaves is gone: films, words, names; only the log still says that somebody was here."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cvtube.accounts.models import (
    CandidateProfile,
    LoginSession,
    OneTimeToken,
    Organisation,
    Role,
    TokenPurpose,
    User,
)
from cvtube.accounts.people import ERASE_USER, delete_account, not_yet_erased
from cvtube.accounts.sessions import open_session
from cvtube.jobs.kinds import PURGE_VIDEO
from cvtube.mail import outbox
from cvtube.mail.models import Mail
from cvtube.privacy import jobs
from cvtube.runtime import current
from cvtube.videos import keys
from cvtube.videos.models import Video, VideoEvent
from tests import factories
from tests.privacy.conftest import die_everywhere

# A person is rows; their films' objects are the purge's business, and tested there.
pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.parametrize("any_storage", ["local"], indirect=True),
]

PERSONAL = ("email", "email_confirmed_at", "password_hash", "refusal_words", "last_seen_at")


def leave(runtime, user):
    """What deleting an account does at once."""
    with runtime.transaction() as session:
        session.get_one(User, user.id).deleted_at = runtime.now()


def assert_forgotten(runtime, user_id):
    with runtime.reading() as session:
        left = session.get_one(User, user_id)
        assert (left.given_name, left.family_name) == ("", "")
        assert [getattr(left, name) for name in PERSONAL] == [None] * len(PERSONAL)
        for table in (CandidateProfile, LoginSession, OneTimeToken):
            assert session.scalars(select(table).where(table.user_id == user_id)).all() == []


def open_everything(runtime, user, now):
    with runtime.transaction() as session:
        open_session(session, user, now, device="Tests")
        outbox.post(session, now, user.email, "film_news", "fr", name="Ada", link="x")
        session.add(
            OneTimeToken(
                user_id=user.id, purpose=TokenPurpose.CONFIRM_EMAIL, token_hash=user.id,
                email=user.email, expires_at=now,
            )
        )  # fmt: skip


def test_films_name_and_words_of_a_person_go(runtime, archive, people, now, notifier):
    film, other = archive.film(approved=True), archive.film(people.cy)
    open_everything(runtime, people.ada, now)
    open_everything(runtime, people.cy, now)
    leave(runtime, people.ada)
    jobs.erase_user(people.ada.id)

    with runtime.reading() as session:
        assert factories.is_queued(session, PURGE_VIDEO, film.id)
    jobs.purge_video(film.id)
    assert archive.objects(keys.of_video(film.id)) == set()
    assert_forgotten(runtime, people.ada.id)
    with runtime.reading() as session:
        assert session.scalars(select(Video.id)).all() == [other.id]
        assert session.scalars(select(Mail.to_address)).all() == ["cy@example.org"]
        assert session.get_one(User, people.cy.id).given_name == "Cy"
        actors = session.scalars(
            select(VideoEvent.actor_id).where(VideoEvent.video_id == film.id)
        ).all()
        assert people.ada.id in actors


def test_deleting_ones_account_is_all_it_takes(runtime, archive, people, now, notifier):
    film = archive.film(approved=True)
    open_everything(runtime, people.ada, now)
    with current().transaction() as session:
        delete_account(session, session.get_one(User, people.ada.id), now)
    assert (ERASE_USER.path, people.ada.id) in notifier.sent
    jobs.erase_user(people.ada.id)
    jobs.purge_video(film.id)

    assert archive.objects() == set()
    assert_forgotten(runtime, people.ada.id)
    with runtime.reading() as session:
        assert not_yet_erased(session) == []
        assert len(session.scalars(select(Mail)).all()) == 1  # goodbye


def test_nobody_is_erased_who_has_not_left(runtime, archive, people):
    archive.film()
    jobs.erase_user(people.ada.id)
    jobs.erase_user("0" * 26)
    with runtime.reading() as session:
        assert session.get_one(User, people.ada.id).given_name == "Ada"
        assert session.scalars(select(Video.deleted_at)).all() == [None]


def test_an_organisation_goes_with_its_last_recruiter(runtime, people, now):
    uma = people.uma
    with runtime.transaction() as session:
        colleague = factories.make_user(session, now, name="Zoe", role=Role.RECRUITER)
        colleague.organisation_id = uma.organisation_id
    for user, name in ((colleague, "Uma & Co"), (uma, "")):
        leave(runtime, user)
        jobs.erase_user(user.id)
        with runtime.reading() as session:
            organisation = session.get_one(Organisation, uma.organisation_id)
            assert organisation.name == name
        assert_forgotten(runtime, user.id)


def test_killed_anywhere_and_run_again_a_person_is_erased(runtime, archive, people, now, notifier):
    count = iter(range(100))

    def prepare():
        with runtime.transaction() as session:
            user = factories.make_user(session, now, name=f"Ada{next(count)}")
        archive.film(user)
        archive.film(user)
        open_everything(runtime, user, now)
        leave(runtime, user)
        return user.id

    for user_id in die_everywhere(runtime, prepare, jobs.erase_user):
        assert_forgotten(runtime, user_id)
        with runtime.reading() as session:
            films = session.scalars(select(Video).where(Video.owner_id == user_id)).all()
            assert [film.deleted_at for film in films] == [now, now]
            assert session.scalars(select(Mail)).all() == []
