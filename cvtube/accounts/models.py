"""Users, their log-ins, what candidates say of themselves, and recruiters' organisations.

There is no column for age, sex, nationality, photo, health or family, here or anywhere: the
law forbids sorting candidates by them (Code du travail, art. L. 1132-1), so they do not exist.
"""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvtube.db.base import NEVER_STORED, Base, growing_id, new_id, stored_enum


class Role(enum.StrEnum):
    """What a person is here; one each."""

    CANDIDATE = "candidate"
    RECRUITER = "recruiter"
    MODERATOR = "moderator"
    ADVISER = "adviser"
    ADMIN = "admin"
    OTHER = NEVER_STORED  # a newer version's: may do what everybody may who is logged in


STAFF = frozenset({Role.MODERATOR, Role.ADMIN})
PATH_LENGTH = 200


class Organisation(Base):
    """Whom recruiters recruit for."""

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120))
    siret: Mapped[str | None] = mapped_column(String(14))  # 14 digits, Luhn-checked (INSEE)
    website: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]


class User(Base):
    """One person's account."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("role != 'recruiter' OR organisation_id IS NOT NULL", name="recruits_for"),
        CheckConstraint("verified_at IS NULL OR refused_at IS NULL", name="one_verdict"),
        # For moderators: recruiters that wait, oldest first.
        Index("ix_user_role_created_at", "role", "created_at"),
        # For administrators: everybody, newest first.
        Index("ix_user_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    role: Mapped[Role] = mapped_column(stored_enum(Role, unknown=Role.OTHER))
    # Lower case; empty for people who came without one and log in by card.
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    given_name: Mapped[str] = mapped_column(String(60))
    family_name: Mapped[str] = mapped_column(String(60), default="")
    language: Mapped[str] = mapped_column(String(2), default="fr")
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspension_reason: Mapped[str | None] = mapped_column(String(40))
    suspension_words: Mapped[str | None] = mapped_column(String(500))
    deleted_at: Mapped[datetime | None]

    # Recruiters wait until a moderator has verified them.
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    verified_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refusal_words: Mapped[str | None] = mapped_column(String(500))
    # What they came for, and open as soon as they are: a path of this site.
    wanted_path: Mapped[str | None] = mapped_column(String(PATH_LENGTH))

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    profile: Mapped[CandidateProfile | None] = relationship(
        back_populates="user", lazy="raise_on_sql", cascade="all, delete-orphan"
    )

    @property
    def in_good_standing(self) -> bool:
        """Neither suspended nor gone; `queries.py` says the same in SQL."""
        return self.suspended_at is None and self.deleted_at is None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF and self.in_good_standing

    @property
    def is_verified_recruiter(self) -> bool:
        return (
            self.role is Role.RECRUITER and self.verified_at is not None and self.in_good_standing
        )

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class LoginSession(Base):
    """One log-in on one device. The cookie holds a random token; only its hash is kept."""

    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    # The access card that opened it, directly or through a phone: it ends with the card.
    card_id: Mapped[str | None] = mapped_column(
        ForeignKey("access_card.id", ondelete="CASCADE"), index=True
    )

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class TokenPurpose(enum.StrEnum):
    """What a one-time link is for."""

    CONFIRM_EMAIL = "confirm_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 (a purpose, not a secret)


class OneTimeToken(Base):
    """A link in a mail: usable once, for one purpose and one address, for a short time.

    The address is the one the mail went to: a link dies when the account has got another.
    """

    __tablename__ = "one_time_token"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[TokenPurpose] = mapped_column(
        stored_enum(TokenPurpose, unknown=TokenPurpose.CONFIRM_EMAIL)
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class LogInThrottle(Base):
    """Tries to prove a password, so that guessing gets slower and slower.

    The key is a keyed hash of what is guarded: an address somebody typed is not kept.
    """

    __tablename__ = "log_in_brake"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    open_at: Mapped[datetime] = mapped_column(index=True)  # the next try is heard from then on


class Contract(enum.StrEnum):
    """The kinds of contract one may look for."""

    PERMANENT = "permanent"
    FIXED_TERM = "fixed_term"
    TEMPORARY = "temporary"
    APPRENTICESHIP = "apprenticeship"
    INTERNSHIP = "internship"
    FREELANCE = "freelance"


class Experience(enum.StrEnum):
    """Years in the job sought. Said by the candidate; a filter, never a rank."""

    NONE = "none"
    UNDER_2 = "under_2"
    FROM_2 = "from_2"
    FROM_5 = "from_5"
    FROM_10 = "from_10"


class CandidateProfile(Base):
    """What a candidate says beside the film; all of it may stay empty but the job sought."""

    __tablename__ = "candidate_profile"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    occupation_code: Mapped[str | None] = mapped_column(String(5))  # ROME 4.0
    job_words: Mapped[str] = mapped_column(String(80), default="")  # where no code fits
    place_code: Mapped[str | None] = mapped_column(String(5))  # INSEE commune
    travel_km: Mapped[int] = mapped_column(default=0)  # 0: not said
    contracts: Mapped[list[str]] = mapped_column(JSON, default=list)  # of Contract
    available_from: Mapped[date | None]  # past: at once, as said that day; empty: not said
    experience: Mapped[Experience | None] = mapped_column(stored_enum(Experience, unknown=None))
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    languages: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # ISO 639-1 -> CEFR level
    licences: Mapped[list[str]] = mapped_column(JSON, default=list)  # EU driving licence categories
    about: Mapped[str] = mapped_column(String(600), default="")
    updated_at: Mapped[datetime]

    user: Mapped[User] = relationship(back_populates="profile", lazy="raise_on_sql")


class AccountEvent(Base):
    """Who did what to which account. Ids and codes only, never words about a person."""

    __tablename__ = "account_event"
    __table_args__ = (
        Index("ix_account_event_user_id_at", "user_id", "at"),
        # For the whole log, newest first.
        Index("ix_account_event_at_id", "at", "id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=growing_id)
    at: Mapped[datetime]
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    verb: Mapped[str] = mapped_column(String(40))
    before: Mapped[str | None] = mapped_column(String(40))
    after: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(40))
