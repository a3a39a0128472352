"""The operator's programme: which parts a film can have, and the questions that prepare them.

A file of data, checked when the server starts: every mistake is one sentence, and a server
with a wrong programme does not start.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from cvtube.settings import SettingsError
from cvtube.taxonomy.occupations import occupations

SHIPPED = "film_program.toml"
PLACE = "{}"  # in `say`: where the answer goes

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Text = Annotated[str, Field(min_length=1, max_length=120)]
Title = Annotated[str, Field(min_length=1, max_length=80)]
# The beginning of ROME codes: a field of work ("M"), a domain ("M18"), one job ("M1805").
Code = Annotated[str, Field(pattern=r"^[A-N]\d{0,4}$")]
Camera = Literal["front", "rear", "any"]
Known = Literal["", "name", "job", "skills", "place", "day"]


class _InterviewModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_InterviewModel):
    """A text in each language of the site."""

    fr: Text
    en: Text

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.fr


class Titles(Words):
    """The same, short enough to be a chapter's title."""

    fr: Title
    en: Title


class Taps(_InterviewModel):
    """Answers to tap."""

    fr: tuple[Text, ...] = ()
    en: tuple[Text, ...] = ()

    def __getitem__(self, language: str) -> tuple[str, ...]:
        return self.en if language == "en" else self.fr


class ForJobs(_InterviewModel):
    """What differs for some jobs."""

    codes: tuple[Code, ...] = Field(min_length=1)

    @field_validator("codes")
    @classmethod
    def _are_of_jobs(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [code for code in codes if code not in _beginnings()]
        if unknown:
            raise ValueError(f"no job has a code that begins with {unknown[0]}")
        return codes


Differing = TypeVar("Differing", bound=ForJobs)


class TapsFor(ForJobs):
    """Other answers."""

    taps: Taps


class Question(_InterviewModel):
    """One screen of the script helper."""

    name: Name
    icon: str
    ask: Words
    say: Words
    # The same for answers that do not go on after `say`: adjectives, programs, other nouns.
    say_quality: Words | None = None
    say_tool: Words | None = None
    say_noun: Words | None = None
    known: Known = ""
    several: bool = False
    taps: Taps = Taps()
    for_: tuple[TapsFor, ...] = Field((), alias="for")

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        _refuse_doubles("list for", [code for one in self.for_ for code in one.codes])
        return self

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        for kind, say in self.frames.items():
            if any(say[language].count(PLACE) != 1 for language in ("fr", "en")):
                name = f"say_{kind}".rstrip("_")
                raise ValueError(f"`{name}` must have one {PLACE} for the answer in each language")
        return self

    @property
    def frames(self) -> dict[str, Words]:
        """What is said, by the kind of answer; "" goes on after `say`."""
        own = {"quality": self.say_quality, "tool": self.say_tool, "noun": self.say_noun}
        return {"": self.say} | {kind: say for kind, say in own.items() if say}

    @property
    def name_known(self) -> str:
        """Under which the profile's answers are kept. No question can have this name."""
        return f"{self.name}:known"

    def every_tap(self, language: str) -> tuple[str, ...]:
        """What can be tapped by anybody: it goes on after `say` as it is."""
        every = (self.taps, *(one.taps for one in self.for_))
        return tuple(dict.fromkeys(tap for taps in every for tap in taps[language]))

    def taps_for(self, job: str, language: str) -> tuple[str, ...]:
        """What can be tapped by somebody who seeks the job of this ROME code ("" for none)."""
        own = _closest(self.for_, job)
        return (own.taps if own else self.taps)[language]


class TopicVariant(ForJobs):
    """Another way to ask."""

    camera: Camera | None = None
    ask: Words | None = None
    tip: Words | None = None


class Topic(_InterviewModel):
    """One part a film can have."""

    name: Name
    icon: str
    camera: Camera = "front"
    seconds: int = Field(ge=5, le=120)  # about how long; never a limit
    usual: bool = True  # new films have it
    title: Titles
    ask: Words
    tip: Words
    question: tuple[Question, ...] = ()
    for_: tuple[TopicVariant, ...] = Field((), alias="for")

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        _refuse_doubles("question", [question.name for question in self.question])
        _refuse_doubles("variant for", [code for one in self.for_ for code in one.codes])
        return self

    def fit(self, job: str) -> Topic:
        """The part as it is asked of whoever seeks the job of this ROME code ("" for none)."""
        variant = _closest(self.for_, job)
        if variant is None:
            return self
        changes = {
            name: value
            for name in ("camera", "ask", "tip")
            if (value := getattr(variant, name)) is not None
        }
        return self.model_copy(update=changes)


class Program(_InterviewModel):
    """The whole file."""

    words_per_minute: int = Field(ge=60, le=300)
    topic: tuple[Topic, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        _refuse_doubles("topic", [topic.name for topic in self.topic])
        if not any(topic.usual for topic in self.topic):
            raise ValueError("at least one topic must be usual")
        return self

    def find(self, name: str) -> Topic | None:
        """The topic of this name; None for one the operator has taken out since."""
        return next((topic for topic in self.topic if topic.name == name), None)


def load(name: str) -> Program:
    """Read the operator's file, or (no name) the one that is shipped.

    Raises:
        SettingsError: with one sentence per mistake.
    """
    where = name or SHIPPED
    shipped = files("cvtube").joinpath("data", SHIPPED)
    try:
        text = (Path(name) if name else shipped).read_text(encoding="utf-8")
        return Program.model_validate(tomllib.loads(text))
    except OSError as error:
        raise _wrong(where, f"cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(where, f"is not valid TOML ({error})") from error
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(where, dict(e)) for e in error.errors())) from None


def _wrong(where: str, what: str) -> SettingsError:
    return SettingsError(f"CVTUBE_FILM_PROGRAM: {where} {what}.")


def _sentence(where: str, error: dict[str, Any]) -> str:
    spot = ".".join(str(part) for part in error["loc"]) or "the file"
    reason = error["msg"].removeprefix("Value error, ")
    return f"CVTUBE_FILM_PROGRAM: {where}, {spot}: {reason[0].lower()}{reason[1:]}."


@cache
def _beginnings() -> frozenset[str]:
    """Of all jobs' codes."""
    return frozenset(code[:end] for code in occupations() for end in range(1, len(code) + 1))


def _closest(some: Sequence[Differing], job: str) -> Differing | None:
    """The one with the longest beginning of this code: a job's own before its domain's."""
    fitting = [(len(code), one) for one in some for code in one.codes if job.startswith(code)]
    return max(fitting, key=itemgetter(0), default=(0, None))[1]


def _refuse_doubles(kind: str, names: Sequence[str]) -> None:
    doubles = [name for name, times in Counter(names).items() if times > 1]
    if doubles:
        raise ValueError(f"there is more than one {kind} {doubles[0]}")
