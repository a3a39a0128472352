"""One site with somebody of every kind and a film in every state, in a SQLite file to copy back.

Each visit goes through the whole application, with the visitor's cookie and a right form token;
whatever it changes is undone before the next one.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube import runtime as runtimes
from cvtube.accounts import hand_overs, links
from cvtube.accounts.cards import issue
from cvtube.accounts.models import LoginSession, Role, TokenPurpose, User
from cvtube.accounts.passwordless import AccessCard
from cvtube.accounts.sessions import open_session
from cvtube.app import create_app
from cvtube.runtime import Runtime
from cvtube.settings import load
from cvtube.videos import keys, lifecycle
from cvtube.videos.decisions import Occasion, StatementOfReasons
from cvtube.videos.models import Clip, OriginalChunk, Review, TranscriptCue, Video, Visibility
from cvtube.videos.verbs import Refusal
from tests import factories
from tests.conftest import Clock, create_schema
from tests.upload.tus import BYTES, metadata

PEOPLE = {
    "nobody": None,
    "other": Role.CANDIDATE,
    "owner": Role.CANDIDATE,
    "uma": Role.RECRUITER,  # waits to be verified
    "rae": Role.RECRUITER,
    "mod": Role.MODERATOR,
    "adv": Role.ADVISER,
    "adm": Role.ADMIN,
    "susp": Role.CANDIDATE,  # suspended, with a session that was open
    "gone": Role.CANDIDATE,  # has deleted the account, with a session that was open
}
STATES = (
    "draft", "pending", "online", "paused", "expired", "withdrawn", "needs_changes", "rejected",
    "removed", "deleted", "owner_suspended", "link_only", "link_paused", "link_expired", "filming",
)  # fmt: skip
REVIEWS = {
    "needs_changes": Review.NEEDS_CHANGES,
    "rejected": Review.REJECTED,
    "removed": Review.REMOVED,
}
NOBODYS = "0" * 26
SAID = {"language": "fr", "start_ms": 0, "end_ms": 900, "text": "Oui"}


@dataclass(frozen=True)
class Visit:
    """What an address gave somebody."""

    status: int
    location: str

    @property
    def outcome(self) -> str:
        """open, refused (once signed in), hidden (no such page), barred, or sign in."""
        is_sign_in = self.location.partition("?")[0] in {"/login", "/card"}
        to_sign_in = self.status == HTTPStatus.SEE_OTHER and is_sign_in
        if self.status == HTTPStatus.UNAUTHORIZED or to_sign_in:
            return "sign in"
        if self.status == HTTPStatus.FORBIDDEN:
            return "barred"
        if self.status == HTTPStatus.NOT_FOUND:
            return "hidden"
        return "open" if self.status < HTTPStatus.BAD_REQUEST else "refused"


class World:
    """The site."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "cvtube.db"
        settings = load(
            home=folder,
            database_url=f"sqlite:///{self._file}",
            redis_url="redis://127.0.0.1:1/0",
            public_url="http://localhost",
            secret_key="only the tests sign with this key 0123456789",
            captions_engine="faster-whisper",
            contact="help@example.org",
        )
        built = runtimes.build(settings)
        self.runtime: Runtime = replace(built, notifier=factories.SilentNotifier(), now=Clock())
        create_schema(self.runtime.engine)
        self.app: Flask = create_app(self.runtime)
        self._cookies: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        self.values: dict[str, dict[str, str]] = {}  # of the places in addresses, by state
        self._fill()
        self._keep()

    # -- visits ------------------------------------------------------------------------------------

    def visit(self, name: str, method: str, path: str) -> Visit:
        """As somebody, with a right form token; what it changed is undone."""
        headers = {
            "Accept": "application/json",
            "Cookie": self._cookies[name],
            "X-CSRFToken": self._tokens[name],
        }
        if path.startswith("/uploads"):
            headers["Tus-Resumable"] = "1.0.0"
        if method == "PATCH":
            headers |= {"Content-Type": BYTES, "Upload-Offset": "0"}
        browser = self.app.test_client(use_cookies=False)
        answer = browser.open(path, method=method, headers=headers, buffered=True)
        if method != "GET":
            self._undo()
        return Visit(answer.status_code, answer.headers.get("Location", ""))

    def _keep(self) -> None:
        self._kept = sqlite3.connect(":memory:")
        self._watch = sqlite3.connect(self._file)
        self._watch.backup(self._kept)
        self._version = self._data_version()

    def _undo(self) -> None:
        if self._data_version() != self._version:
            self._kept.backup(self._watch)
            self.runtime.engine.dispose()
            self._version = self._data_version()

    def _data_version(self) -> int:
        """Changes when another connection has committed (SQLite's manual, PRAGMA data_version)."""
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        self._watch.close()
        self._kept.close()
        self.runtime.engine.dispose()

    # -- what is there -----------------------------------------------------------------------------

    def _fill(self) -> None:
        with self.runtime.transaction() as session:
            people = {
                name: self._person(session, name, role) for name, role in PEOPLE.items() if role
            }
            for name, user in people.items():
                self._sign_in(session, name, user)
            for state in STATES:
                owner = people["susp" if state == "owner_suspended" else "owner"]
                self.values[state] = self._film(session, state, owner, people["mod"])
            self.values[""] = self._things(session, people)
            people["susp"].suspended_at = people["gone"].deleted_at = self.runtime.now()
        self._cookies["nobody"] = self._browse("nobody", "")
        for name in people:
            self._cookies[name] = self._browse(name, self._cookies[name])
        self.values[""]["upload_id"] = self._upload()

    def _person(self, session: Session, name: str, role: Role) -> User:
        now = self.runtime.now()
        verified = {"verified_at": now} if name == "rae" else {}
        return factories.make_user(session, now, name=name.title(), role=role, **verified)

    def _sign_in(self, session: Session, name: str, user: User) -> None:
        token = open_session(session, user, self.runtime.now(), device="Tests")
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        self._cookies[name] = f"cvtube={serializer.dumps({'_user_id': token, '_fresh': True})}"

    def _browse(self, name: str, cookie: str) -> str:
        """Open a page with a form, as every browser does first: a token, and the cookie for it."""
        browser = self.app.test_client(use_cookies=False)
        page = browser.get("/film-rules", headers={"Cookie": cookie})
        self._tokens[name] = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[0]
        given = [one for one in page.headers.getlist("Set-Cookie") if one.startswith("cvtube=")]
        return given[0].partition(";")[0] if given else cookie

    def _film(self, session: Session, state: str, owner: User, moderator: User) -> dict[str, str]:
        now = self.runtime.now()
        video = factories.make_video(session, owner, now, chapter_titles=("",))
        (chapter,) = video.chapters
        if state == "filming":
            clip = lifecycle.start_clip(session, chapter, now, actor=owner)
        else:
            clip = factories.make_ready_clip(session, chapter, now, owner=owner, stills=1)
        if state not in {"draft", "filming"}:
            lifecycle.publish(session, video, now, actor=owner)
        if state not in {"draft", "filming", "pending"}:
            lifecycle.approve(session, video, now, actor=moderator)
        chapter.topic = "hello"
        session.add(TranscriptCue(clip_id=clip.id, shown=True, **SAID))
        take = lifecycle.start_take(session, chapter, now, actor=owner)
        chunk = self.runtime.storage.put(keys.chunk(video.id, take.id, 0), BytesIO(b"123456789"))
        session.add(OriginalChunk(key=chunk.key, clip_id=take.id, start=0, size=9))
        lifecycle.complete_upload(session, take.id, 9, now)
        session.flush()
        session.expire_all()
        self._put_into(session, session.get_one(Video, video.id), clip, state)
        key = f"{STATES.index(state):x}".rjust(22, "A")
        video.link_key = key if state.startswith("link") else None
        return {
            "video_id": video.id,
            "chapter_id": chapter.id,
            "clip_id": clip.id,
            "take_id": take.id,
            "key": key,
        }

    def _put_into(self, session: Session, video: Video, clip: Clip, state: str) -> None:
        now = self.runtime.now()
        if state in REVIEWS:
            clip.review = REVIEWS[state]
            session.add(_decision(video, clip, now))
        if state.endswith("paused"):
            video.paused_at = now
        if state.endswith("expired"):
            video.expires_at = now - timedelta(minutes=1)
        if state == "link_only":
            video.visibility = Visibility.PRIVATE_LINK
        if state == "withdrawn":
            video.visibility = Visibility.DRAFT
            video.published_at = video.expires_at = None
        if state == "deleted":
            video.deleted_at = now

    def _things(self, session: Session, people: dict[str, User]) -> dict[str, str]:
        """A card the adviser made, the owner's code for a phone and session, links in mails."""
        now, blank = self.runtime.now(), issue.blank(b"k" * 32)
        issue.make_account(session, now, blank, maker=people["adv"], given_name="Fatou")
        session.flush()
        desk = session.scalars(
            select(LoginSession).where(LoginSession.user_id == people["owner"].id)
        ).one()
        code = hand_overs.issue(session, b"k" * 32, desk, now, path="/account")
        reset = links.make_token(
            session, people["owner"], now, TokenPurpose.RESET_PASSWORD, email="owner@example.org"
        )
        return {
            "card_id": session.scalars(select(AccessCard.id)).one(),
            "hand_over_id": code.id,
            "log_in_id": desk.id,
            "user_id": people["uma"].id,
            "token": reset,
            "upload_id": NOBODYS,
            "key": "x" * 22,
            "expires": "1",
            "signature": "x",
            "filename": "build/manifest.json",
            "name": "job",
            "page_name": "help",
            "version": "1",
            "purpose": "captions",
            "language": "fr",
            "recording": "index.json",
            "track": "h264-240",
        }

    def _upload(self) -> str:
        """One of the owner's that is under way."""
        said = metadata(chapter=self.values["draft"]["chapter_id"], take="1")
        answer = self.app.test_client(use_cookies=False).post(
            "/uploads",
            headers={
                "Cookie": self._cookies["owner"],
                "X-CSRFToken": self._tokens["owner"],
                "Tus-Resumable": "1.0.0",
                "Upload-Length": "9",
                "Upload-Metadata": said,
            },
        )
        assert answer.status_code == HTTPStatus.CREATED, answer.text
        return answer.headers["Location"].rpartition("/")[2]


def _decision(video: Video, clip: Clip, now: datetime) -> StatementOfReasons:
    return StatementOfReasons(
        clip_id=clip.id,
        video_id=video.id,
        owner_id=video.owner_id,
        decided_at=now,
        measure=Refusal.TAKEN_DOWN,
        ends="never",
        occasion=Occasion.SECOND_LOOK,
        contest_until=now,
        language="fr",
        statement=[["…", "…"]],
    )
