"""Fills an empty database with the demo, on the way that every film takes.

Bytes go into the storage, a worker transcodes them, a moderator decides.

Every step looks at what is there first, so a start that was interrupted goes on, and a later
start adds nothing. What visitors of the demo did meanwhile is left as it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from sqlalchemy import case, exists, select
from sqlalchemy.orm import Session, aliased, joinedload

from cvtube.accounts import passwords
from cvtube.accounts import people as accounts
from cvtube.accounts.addresses import reserved
from cvtube.accounts.models import User
from cvtube.accounts.passwordless import AccessCard
from cvtube.demo import people
from cvtube.demo.accounts import invite
from cvtube.demo.films import demo_clips, first_film_of, said, unsent
from cvtube.demo.films import percent_done as percent_of
from cvtube.demo.people import DemoCandidate, Scene
from cvtube.errors import Refused
from cvtube.moderation import decisions, locks
from cvtube.moderation.decisions import DecisionInput, SiteDetails
from cvtube.runtime import Runtime
from cvtube.settings import Settings, SettingsError
from cvtube.videos import captions, consents, keys, lifecycle
from cvtube.videos.caption_track import CaptionTrack
from cvtube.videos.models import (
    Clip,
    OriginalChunk,
    Review,
    Stage,
    Video,
    VideoEvent,
    Visibility,
)
from cvtube.videos.queries import load_video
from cvtube.videos.verbs import Refusal

POLL_EVERY_S = 0.3
AGREED = (*consents.AUDIENCES[Visibility.RECRUITERS].needs, consents.CAPTIONS)
_DONE = (Stage.READY, Stage.FAILED, Stage.ABANDONED)
# A visitor who moderates or withdraws the film before us has had the last word.
_DECIDED = {
    "approved", "asked_for_changes", "rejected", "taken_down", "paused", "withdrawn",
}  # fmt: skip


class StrangersHere(Exception):
    """This database has people of its own."""


def has_strangers(session: Session) -> bool:
    """Whether there is anybody who is not invented: theirs is no demo.

    Who signs up in a demo has an invented address, too. People without one are the demo's if
    somebody invented has made their card.
    """
    maker = aliased(User)
    invented_card = exists().where(
        AccessCard.user_id == User.id, AccessCard.made_by_id == maker.id, reserved(maker.email)
    )
    stranger = select(User.id).where(
        User.deleted_at.is_(None),
        case((User.email.is_(None), ~invented_card), else_=~reserved(User.email)),
    )
    return session.scalar(stranger.limit(1)) is not None


def refuse_known_passwords(runtime: Runtime) -> None:
    """The demo's people may be in a database that is no demo any more.

    Raises:
        SettingsError: somebody could come in from elsewhere with the password that is printed.
    """
    if not runtime.settings.is_public:
        return
    with runtime.reading() as session:
        found = session.scalars(
            select(User).where(
                User.email.in_(people.addresses()),
                User.deleted_at.is_(None),
                User.suspended_at.is_(None),
            )
        ).all()
    if any(passwords.matches(people.PASSWORD, user.password_hash) for user in found):
        raise SettingsError(
            "This database holds the demo's people, whose password is public: it is for this "
            "computer alone. For others, begin with an empty one: another CVTUBE_HOME or "
            "CVTUBE_DATABASE_URL."
        )


class Listener(Protocol):
    """Whoever is told how far the demo is."""

    def progress(self, number: int, total: int, percent: int) -> None:
        """Film `number` of `total` is that far."""

    def failed(self, number: int, total: int, code: str) -> None:
        """Film `number` cannot be made."""

    def watchable(self) -> None:
        """There is a film to watch; may be said more than once."""

    def complete(self) -> None:
        """Everything is there."""


class Seeding:
    """One start's part of the work."""

    def __init__(
        self, runtime: Runtime, listener: Listener, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._runtime = runtime
        self._listener = listener
        self._sleep = sleep
        self._sent_now: set[str] = set()

    def run(self) -> None:
        """Make what is missing.

        Raises:
            StrangersHere: before anything is changed.
        """
        self._invite()
        cast = people.candidates()
        films = [self._send(person) for person in cast]
        for number, (person, video_id) in enumerate(zip(cast, films, strict=True), start=1):
            if video_id is not None and self._watch(video_id, number, len(cast)):
                self._decide(person, video_id)
            self._listener.watchable()
        self._listener.complete()

    def _invite(self) -> None:
        with self._runtime.transaction() as session:
            if has_strangers(session):
                raise StrangersHere
            if accounts.find_user(session, people.MODERATOR) is None:
                invite(session, self._runtime.now())

    def _send(self, person: DemoCandidate) -> str | None:
        """Send what of the person's film was not sent yet; None if they have left since."""
        with self._runtime.transaction() as session:
            owner = accounts.find_user(session, person.email)
            if owner is None:
                return None
            video_id = first_film_of(session, owner) or self._start(session, owner, person)
            left = unsent(session, video_id)
        for position, clip_id in left:
            self._store(person.scenes[position], video_id, clip_id)
            self._sent_now.add(video_id)
        return video_id

    def _start(self, session: Session, owner: User, person: DemoCandidate) -> str:
        now = self._runtime.now()
        video = lifecycle.start_video(
            session,
            owner,
            now,
            sought=person.job,
            chapter_titles=[scene.title for scene in person.scenes],
        )
        language = person.language
        for scene, chapter in zip(person.scenes, video.chapters, strict=True):
            clip = lifecycle.start_clip(session, chapter, now, actor=owner)
            lifecycle.save_captions(session, clip, said(scene), language=language, version=0)
        return video.id

    def _store(self, scene: Scene, video_id: str, clip_id: str) -> None:
        """What an upload leaves: chunks of bytes, their rows, and the verb for the last one."""
        with scene.file.open("rb") as file:
            stored = self._runtime.storage.put(keys.chunk(video_id, clip_id, 0), file)
        with self._runtime.transaction() as session:
            session.add(OriginalChunk(key=stored.key, clip_id=clip_id, start=0, size=stored.size))
            lifecycle.complete_upload(session, clip_id, stored.size, self._runtime.now())

    def _watch(self, video_id: str, number: int, total: int) -> bool:
        """Wait for the workers; whether every chapter is ready."""
        news, shown = video_id in self._sent_now, -1
        while True:
            with self._runtime.reading() as session:
                with_jobs = demo_clips(video_id).options(joinedload(Clip.job))
                clips = session.scalars(with_jobs).all()
            under_way = any(clip.stage not in _DONE for clip in clips)
            news, percent = news or under_way, percent_of(clips)
            if news and percent != shown:
                self._listener.progress(number, total, shown := percent)
            code = next((clip.error_code for clip in clips if clip.error_code), None)
            if code is not None:
                self._listener.failed(number, total, code)
                return False
            if not under_way:
                return True
            self._sleep(POLL_EVERY_S)

    def _decide(self, person: DemoCandidate, video_id: str) -> None:
        """Send the film to the moderators and let the demo's one speak, once for ever."""
        now = self._runtime.now()
        with self._runtime.transaction() as session:
            known = select(VideoEvent.verb).where(VideoEvent.video_id == video_id)
            verbs = set(session.scalars(known))
            if "deleted" in verbs:
                return
            video = load_video(session, video_id)
            if "published" not in verbs:
                said = {point.code for point in AGREED}
                consents.give_consents(session, video, AGREED, said, now)
                lifecycle.publish(session, video, now, actor=video.owner)
                _confirm_captions(session, video, now)
            if person.outcome == "pending" or verbs & _DECIDED:
                return
            moderator = accounts.find_user(session, people.MODERATOR)
            if moderator is not None:
                _speak(
                    session, person, video, now,
                    moderator=moderator, settings=self._runtime.settings,
                )  # fmt: skip


def _speak(
    session: Session,
    person: DemoCandidate,
    video: Video,
    now: datetime,
    *,
    moderator: User,
    settings: Settings,
) -> None:
    if person.outcome == "approved":
        lifecycle.approve(session, video, now, actor=moderator)
        for clip, track in _captioned(session, video):
            lifecycle.approve_captions(session, clip, now, actor=moderator, version=track.version)
        return
    of_film, pending = Clip.video_id == video.id, Clip.review == Review.PENDING
    waiting = session.scalars(select(Clip).where(of_film, pending)).all()
    ruling = DecisionInput(Refusal.ASKED_FOR_CHANGES, person.reason, person.words)
    site = SiteDetails(f"{settings.public_url}/my-films/{video.id}", settings.contact)
    for clip in waiting:
        with suppress(Refused):  # a visitor is looking at it: theirs is the word
            locks.refuse_if_anothers(session, video.id, moderator, now)
            decisions.restrict(session, video, clip, now, ruling, moderator=moderator, site=site)


def _confirm_captions(session: Session, video: Video, now: datetime) -> None:
    for clip, track in _captioned(session, video):
        lifecycle.confirm_captions(session, clip, now, actor=video.owner, version=track.version)


def _captioned(session: Session, video: Video) -> list[tuple[Clip, CaptionTrack]]:
    """The demo's own clips of the film with their captions."""
    clips = session.scalars(demo_clips(video.id)).all()
    tracks = captions.tracks_of(session, [clip.id for clip in clips])
    return [(clip, tracks[clip.id]) for clip in clips if clip.id in tracks]
