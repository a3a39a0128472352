"""The event log in sentences, in the reader's language: who did what to which part, and why.

Names stand in place of ids where the reader may know them: administrators know everybody,
moderators each other. To a moderator who looks at a film, its owner is "the candidate": whose
film it is changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cvtube.accounts.labels import ROLES
from cvtube.accounts.models import STAFF, Role, User
from cvtube.accounts.suspension import SENTENCES as ACCOUNT_REASONS
from cvtube.errors import PROBLEMS
from cvtube.i18n import N_, translate
from cvtube.moderation.audit_log import AuditEntry
from cvtube.taxonomy.occupations import job_sought
from cvtube.videos.models import Chapter, Clip, Video
from cvtube.videos.reasons import REASONS

# By verb; "verb value" where what it became matters, "verb self" where people act for themselves.
OF_FILMS = {
    "started": N_("%(who)s started a video."),
    "upload_started": N_("%(who)s started to send %(what)s."),
    "take_started": N_("%(who)s filmed %(what)s."),
    "take_chosen": N_("%(who)s chose a recording for %(what)s."),
    "take_kept": N_("%(who)s set a recording aside."),
    "chapter_added": N_("%(who)s added a part."),
    "chapter_removed": N_("%(who)s removed a part."),
    "chapter_moved": N_("%(who)s moved a part."),
    "poster_chosen": N_("%(who)s chose a picture for the video."),
    "job_named": N_("%(who)s said which job the video is for."),
    "uploaded": N_("We received %(what)s."),
    "ready": N_("We prepared %(what)s."),
    "made_again": N_("We processed %(what)s again."),
    "failed": N_("We could not prepare %(what)s."),
    "submitted": N_("Moderators can now review %(what)s."),
    "published": N_("%(who)s sent the video to the moderators."),
    "shown_again": N_("%(who)s put the video back online."),
    "audience_changed": N_("%(who)s changed who can see the video."),
    "audience_changed recruiters": N_("%(who)s showed the video to recruiters."),
    "audience_changed private_link": N_("%(who)s showed the video by link only."),
    "link_made": N_("%(who)s made a link."),
    "link_renewed": N_("%(who)s replaced the link."),
    "link_switched_off": N_("%(who)s turned off the link."),
    "paused": N_("%(who)s paused the video."),
    "resumed": N_("%(who)s ended the pause of the video."),
    "renewed": N_("%(who)s renewed the video for 6 more months."),
    "end_announced": N_("We told the candidate that their video ends soon."),
    "withdrawn": N_("%(who)s hid the video."),
    "deleted": N_("%(who)s deleted the video."),
    "abandoned": N_("%(who)s deleted a recording."),
    "purged": N_("We deleted all files for ever."),
    "original_purged": N_("We deleted the file that was sent."),
    "approved": N_("%(who)s approved %(what)s."),
    "asked_for_changes": N_("%(who)s asked to film %(what)s again."),
    "rejected": N_("%(who)s rejected %(what)s."),
    "taken_down": N_("%(who)s took down %(what)s."),
    "opened_unseen": N_("%(who)s opened the video while recruiters could not see it."),
    "captions_drafted": N_("A computer drafted captions for %(what)s."),
    "captions_confirmed": N_("%(who)s confirmed the captions for %(what)s."),
    "captions_approved": N_("%(who)s approved the captions for %(what)s."),
    "captions_sent_back": N_("%(who)s asked to correct the captions for %(what)s."),
}
OF_ACCOUNTS = {
    "created": N_("%(who)s created the account of %(whom)s."),
    "created self": N_("%(who)s created an account."),
    "deleted": N_("%(who)s deleted the account of %(whom)s."),
    "deleted self": N_("%(who)s deleted their account."),
    "recruiter_verified": N_("%(who)s verified the recruiter %(whom)s."),
    "recruiter_refused": N_("%(who)s rejected the recruiter %(whom)s."),
    "verification_asked_again": N_("%(who)s asked again to be verified."),
    "organisation_corrected": N_("%(who)s corrected the organisation."),
    "charter_accepted": N_("%(who)s accepted the rule for recruiters."),
    "address_confirmed": N_("%(who)s confirmed an email address."),
    "address_changed": N_("%(who)s changed an email address."),
    "password_changed": N_("%(who)s changed a password."),
    "card_made": N_("%(who)s made a card for %(whom)s."),
    "card_revoked": N_("%(who)s turned off the card of %(whom)s."),
    "pin_renewed": N_("%(who)s gave a new PIN to %(whom)s."),
    "pin_changed": N_("%(who)s changed a PIN."),
    "phone_connected": N_("%(who)s signed in on a phone (QR code)."),
    "suspended": N_("%(who)s suspended the account of %(whom)s."),
    "reopened": N_("%(who)s reopened the account of %(whom)s."),
    "closed": N_("%(who)s closed the account of %(whom)s."),
    "sessions_ended": N_("%(who)s signed %(whom)s out everywhere."),
    "role_changed": N_("%(who)s changed the role of %(whom)s: %(before)s → %(after)s."),
    "signed_in": N_("%(who)s signed in."),
}
_SENTENCES = {"film": OF_FILMS, "account": OF_ACCOUNTS}
_UNNAMED = {
    Role.CANDIDATE: N_("The candidate"),
    Role.RECRUITER: N_("The recruiter"),
    Role.ADVISER: N_("The adviser"),
}


@dataclass(frozen=True)
class AuditLine:
    """One line of the log, for people. Ids are for links, and empty where there is none."""

    entry: AuditEntry
    sentence: str
    why: str
    subject: str  # the film by its job and its owner, or the person
    actor: str


@dataclass(frozen=True)
class _Known:
    """What the entries' ids stand for."""

    users: dict[str, User]
    films: dict[str, Video]
    parts: dict[str, dict[str, int]]  # by film: the numbers of its clips' parts


def sentences_of(
    session: Session, entries: Sequence[AuditEntry], reader: User, language: str
) -> list[AuditLine]:
    """The entries in words, in their order, in a fixed number of queries."""
    known = _look_up(session, entries)
    return [_LineWriter(known, reader, language).line_of(entry) for entry in entries]


class _LineWriter:
    def __init__(self, known: _Known, reader: User, language: str) -> None:
        self._known = known
        self._all_names = reader.role is Role.ADMIN
        self._language = language

    def line_of(self, entry: AuditEntry) -> AuditLine:
        actor = self._actor(entry)
        return AuditLine(
            entry=entry,
            sentence=self._sentence(entry, actor),
            why=self._why(entry.reason),
            subject=self._subject(entry),
            actor=actor,
        )

    def _say(self, message: str, **values: object) -> str:
        return translate(message, self._language, **values)

    def _sentence(self, entry: AuditEntry, actor: str) -> str:
        known = _SENTENCES[entry.kind]
        detail = "self" if entry.actor_id == entry.subject_id else entry.after
        message = known.get(f"{entry.verb} {detail}") or known.get(entry.verb)
        if message is None:  # a newer version's
            return f"{actor} · {entry.verb}"
        return self._say(
            message,
            who=actor,
            what=self._part(entry),
            whom=self._name(entry.subject_id),
            before=self._role(entry.before),
            after=self._role(entry.after),
        )

    def _actor(self, entry: AuditEntry) -> str:
        if entry.actor_id is not None:
            return self._name(entry.actor_id)
        return "CV Tube" if entry.kind == "film" else self._say(N_("The operator"))

    def _name(self, user_id: str) -> str:
        user = self._known.users.get(user_id)
        if user is None or not user.given_name:
            return self._say(N_("A deleted account"))
        if self._all_names:
            return user.full_name
        if user.role in STAFF:
            return user.given_name
        return self._say(_UNNAMED.get(user.role, N_("An account")))

    def _part(self, entry: AuditEntry) -> str:
        # Before the log kept its number, a part was found by its clip, as long as that was there.
        numbers = self._known.parts.get(entry.subject_id, {})
        number = entry.part or numbers.get(entry.clip_id or "")
        if entry.part is None and (not entry.clip_id or set(numbers.values()) <= {1}):
            return self._say(N_("the video"))
        if number is None:
            return self._say(N_("a part"))
        return self._say(N_("part %(number)s"), number=number)

    def _role(self, code: str | None) -> str:
        return self._say(ROLES[Role(code)]) if code in set(ROLES) else code or "–"

    def _why(self, code: str | None) -> str:
        if code in REASONS:
            return self._say(REASONS[code].sentence)
        if code in ACCOUNT_REASONS:
            return self._say(ACCOUNT_REASONS[code])
        # What a worker found out; places in such sentences are never filled in the log.
        return self._say(PROBLEMS[code].sentence) if code in PROBLEMS else code or ""

    def _subject(self, entry: AuditEntry) -> str:
        if entry.kind == "account":
            return self._name(entry.subject_id)
        film = self._known.films.get(entry.subject_id)
        if film is None:
            return self._say(N_("A deleted video"))
        job = job_sought(film.occupation_code, film.job_words).named(self._language)
        return f"{job or self._say(N_('No job given'))} · {self._name(film.owner_id)}"


def _look_up(session: Session, entries: Sequence[AuditEntry]) -> _Known:
    of_films = {entry.subject_id for entry in entries if entry.kind == "film"}
    films = {film.id: film for film in session.scalars(select(Video).where(Video.id.in_(of_films)))}
    people = {entry.actor_id for entry in entries if entry.actor_id}
    people |= {entry.subject_id for entry in entries if entry.kind == "account"}
    people |= {film.owner_id for film in films.values()}
    users = {user.id: user for user in session.scalars(select(User).where(User.id.in_(people)))}
    return _Known(users, films, _parts(session, of_films))


def _parts(session: Session, of_films: Iterable[str]) -> dict[str, dict[str, int]]:
    """By film: in which part each of its clips is, or was recorded for, counted from 1."""
    clips = or_(
        Clip.id == Chapter.live_clip_id,
        Clip.id == Chapter.next_clip_id,
        Clip.chapter_id == Chapter.id,
    )
    rows = session.execute(
        select(Chapter.video_id, Chapter.id, Clip.id)
        .outerjoin(Clip, clips)
        .where(Chapter.video_id.in_(of_films))
        .order_by(Chapter.video_id, Chapter.position)
    )
    found = {}
    for video_id, of_film in groupby(rows, key=lambda row: row[0]):
        order: dict[str, int] = {}
        found[video_id] = {
            clip_id: order.setdefault(chapter_id, len(order) + 1)
            for _, chapter_id, clip_id in of_film
        }
    return found
