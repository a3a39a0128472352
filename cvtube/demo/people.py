"""The demo's people. Who says what is in `people.json`; when, in `clips/timings.json`.

Their addresses end in example.org, which can belong to nobody (RFC 2606).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from cvtube.taxonomy.occupations import JobSought, job_sought

PASSWORD = "demo-cvtube"  # noqa: S105 (printed at every start of a demo, and good for nothing else)

MODERATOR = "moderator@example.org"
ADVISER = "adviser@example.org"
ADMIN = "admin@example.org"
RECRUITER = "recruiter@example.org"
WAITING_RECRUITER = "zoe.blanchard@example.org"

LOG_INS = (
    ("candidate@example.org", "made a video of three parts"),
    (RECRUITER, "searches and watches"),
    (MODERATOR, "has a video and a recruiter to review"),
    (ADVISER, "prints access cards for people without email"),
    (ADMIN, "can do what moderators can, and read the demo’s emails"),
)


@dataclass(frozen=True)
class SpokenSentence:
    """One sentence of a clip, and when it is heard."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Scene:
    """One chapter: its title, and the recording that is sent for it."""

    title: str
    clip: str
    sentences: tuple[SpokenSentence, ...]

    @property
    def file(self) -> Traversable:
        return _clips() / self.clip


@dataclass(frozen=True)
class DemoCandidate:
    """One invented person with one film."""

    email: str
    given_name: str
    family_name: str
    language: str
    profile: dict[str, Any]
    outcome: str  # approved, pending or needs_changes
    reason: str
    words: str
    scenes: tuple[Scene, ...]

    @property
    def job(self) -> JobSought:
        """The job sought."""
        return job_sought(self.profile["occupation_code"])


@cache
def candidates() -> tuple[DemoCandidate, ...]:
    """Everybody who made a film, in the order in which the films are made."""
    source = files("cvtube") / "demo"
    timings = json.loads((_clips() / "timings.json").read_text(encoding="utf-8"))
    people = json.loads((source / "people.json").read_text(encoding="utf-8"))
    return tuple(
        DemoCandidate(
            email=person["email"],
            given_name=person["given_name"],
            family_name=person["family_name"],
            language=person["language"],
            profile=person["profile"],
            outcome=person["outcome"],
            reason=person.get("reason", ""),
            words=person.get("words", ""),
            scenes=tuple(_scene(chapter, timings) for chapter in person["chapters"]),
        )
        for person in people
    )


def addresses() -> set[str]:
    """Everybody who can sign in with the password that is printed."""
    staff = {MODERATOR, ADVISER, ADMIN, RECRUITER, WAITING_RECRUITER}
    return staff | {person.email for person in candidates()}


def _clips() -> Traversable:
    return files("cvtube") / "demo" / "clips"


def _scene(chapter: dict[str, Any], timings: dict[str, list[list[int]]]) -> Scene:
    spans = zip(chapter["says"], timings[chapter["clip"]], strict=True)
    sentences = tuple(SpokenSentence(text, start, end) for text, (start, end) in spans)
    return Scene(chapter["title"], chapter["clip"], sentences)
