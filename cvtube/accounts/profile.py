"""What a candidate says beside the film, from typed words to the row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from cvtube.accounts.models import CandidateProfile, Contract, Experience, User
from cvtube.errors import Refused
from cvtube.queue.names import Queue
from cvtube.queue.notify import Message, notify_after_commit
from cvtube.taxonomy.occupations import JobSought, job_sought
from cvtube.taxonomy.text import fold

# Searches show what profiles say; the job is known by its path, since it lives further up.
INDEX_OWNER = Message("cvtube.browse.jobs.index_owner", Queue.GENERAL)

MOST_SKILLS = 12
SKILL_LENGTH = 40
ABOUT_LENGTH = 600
MOST_LANGUAGES = 6
FURTHEST_DAYS = 731

_BETWEEN = re.compile(r"[,;\n]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class SubmittedProfile:
    """A whole profile, each part checked."""

    job: JobSought
    place_code: str | None = None
    travel_km: int = 0
    contracts: Sequence[Contract] = ()
    available_from: date | None = None
    experience: Experience | None = None
    skills: Sequence[str] = ()
    languages: dict[str, str] = field(default_factory=dict)
    licences: Sequence[str] = ()
    about: str = ""


def save_profile(session: Session, user: User, said: SubmittedProfile, now: datetime) -> None:
    """Keep what was said, and have searches find it."""
    profile = session.get(CandidateProfile, user.id) or CandidateProfile(user_id=user.id)
    _set_job(profile, said.job)
    profile.place_code = said.place_code
    profile.travel_km = said.travel_km
    profile.contracts = [contract.value for contract in said.contracts]
    profile.available_from = said.available_from
    profile.experience = said.experience
    profile.skills = list(said.skills)
    profile.languages = dict(said.languages)
    profile.licences = list(said.licences)
    profile.about = said.about
    profile.updated_at = now
    session.add(profile)
    notify_after_commit(session, INDEX_OWNER, user.id)


def name_job(session: Session, user: User, sought: JobSought, now: datetime) -> None:
    """The job sought, for a profile that names none yet; nothing else in it changes."""
    profile = session.get(CandidateProfile, user.id) or CandidateProfile(user_id=user.id)
    if profile_job_sought(profile):
        return
    _set_job(profile, sought)
    profile.updated_at = now
    session.add(profile)
    notify_after_commit(session, INDEX_OWNER, user.id)


def profile_job_sought(profile: CandidateProfile | None) -> JobSought:
    """The job that a profile names, if it names one."""
    return job_sought(profile.occupation_code, profile.job_words) if profile else JobSought()


def _set_job(profile: CandidateProfile, sought: JobSought) -> None:
    profile.occupation_code = sought.code
    profile.job_words = sought.words


def save_names(session: Session, user: User, given: str, family: str, now: datetime) -> None:
    """Another name; films are found by it no more, if they were by what is said in them."""
    user.given_name, user.family_name = given, family
    changed = update(CandidateProfile).where(CandidateProfile.user_id == user.id)
    session.execute(changed.values(updated_at=now))
    notify_after_commit(session, INDEX_OWNER, user.id)


def skills_from(text: str) -> list[str]:
    """Skills from what was typed with commas or on lines: each once, whatever its spelling.

    Raises:
        Refused: "skills_too_many" or "skill_too_long".
    """
    skills: dict[str, str] = {}
    for part in _BETWEEN.split(text):
        skill = _SPACE.sub(" ", part).strip(" .-–•*")
        if skill:
            skills.setdefault(fold(skill) or skill.casefold(), skill)
    if any(len(skill) > SKILL_LENGTH for skill in skills.values()):
        raise Refused("skill_too_long", longest=SKILL_LENGTH)
    if len(skills) > MOST_SKILLS:
        raise Refused("skills_too_many", most=MOST_SKILLS)
    return list(skills.values())


def day_from(text: str, today: date) -> date:
    """The day from which one can work, as browsers send it or as people write it in France.

    Raises:
        Refused: "day_missing", "day_not_valid" or "day_too_far".
    """
    if not text.strip():
        raise Refused("day_missing")
    day = _read_day(text.strip())
    if (day - today).days > FURTHEST_DAYS:
        raise Refused("day_too_far")
    return day


def _read_day(text: str) -> date:
    for layout in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, layout).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    raise Refused("day_not_valid")
