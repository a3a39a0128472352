"""The statement of reasons, in words: what was decided, why, and what one can do about it.

Each paragraph answers one point of art. 17(3) of the Digital Services Act, in the words of
the person it is for. Pure: the same decision always reads the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cvtube.i18n import N_, day_in_words, translate
from cvtube.videos.decisions import Occasion
from cvtube.videos.reasons import Reason
from cvtube.videos.verbs import Refusal

Say = Callable[..., str]

# As long as art. 20(1) gives people to complain.
CONTEST = timedelta(days=183)

_MEASURES = {
    Refusal.ASKED_FOR_CHANGES: N_("Nobody can see this part until you film it again."),
    Refusal.REJECTED: N_("Nobody can see this part."),
    Refusal.TAKEN_DOWN: N_("This part is no longer shown."),
}
_DURATIONS = {
    Refusal.ASKED_FOR_CHANGES: N_("Everywhere on this site, until you send this part again."),
    Refusal.REJECTED: N_("Everywhere on this site, for ever."),
    Refusal.TAKEN_DOWN: N_("Everywhere on this site, for ever."),
}
_OCCASIONS = {
    Occasion.FIRST_REVIEW: N_("A moderator watches every video before anyone else."),
    Occasion.SECOND_LOOK: N_("A moderator watched your video again."),
}


@dataclass(frozen=True)
class Case:
    """What the words are made from."""

    measure: Refusal
    occasion: Occasion
    part: str  # which part of the film, as its owner calls it
    reason: Reason
    facts: str  # the moderator's own words; may be empty when something is to be redone
    still_shown: bool  # whether others see the film without this part's new take
    contest_until: datetime
    contact: str
    without_email: bool  # then an adviser asks for them, who made their card
    number: str  # of the decision


def compose(case: Case, language: str) -> list[list[str]]:
    """The statement: [[heading, text], …], every sentence a short one."""

    def say(message: str, **values: object) -> str:
        return translate(message, language, **values)

    paragraphs = [
        (N_("What we decided"), _decided(case, say)),
        (N_("Where and for how long"), [say(_DURATIONS[case.measure])]),
        (N_("Why"), [say(case.reason.sentence), case.facts]),
        (N_("Which rule"), _rules(case, say)),
        (N_("How we came to see this part"), [say(_OCCASIONS[case.occasion])]),
        (
            N_("What automated tools did"),
            [say(N_("Nothing. A person watched this part and decided."))],
        ),
        (N_("What you can do now"), [say(case.reason.advice)]),
        (N_("If you do not agree"), _redress(case, say, language)),
    ]
    return [[say(heading), " ".join(filter(None, texts))] for heading, texts in paragraphs]


def _decided(case: Case, say: Say) -> list[str]:
    then = (
        N_("Other people still see your video without this part.")
        if case.still_shown
        else N_("Nobody else can see your video without this part.")
    )
    return [f"{case.part}.", say(_MEASURES[case.measure]), say(then)]


def _rules(case: Case, say: Say) -> list[str]:
    section = say(case.reason.section)
    own = say(N_("The rules for videos, “%(section)s”."), section=section)
    return [own, f"{say(case.reason.law)}." if case.reason.law else ""]


def _redress(case: Case, say: Say, language: str) -> list[str]:
    day = day_in_words(case.contest_until, language)
    whom = (
        say(N_("Write to %(contact)s."), contact=case.contact)
        if case.contact
        else say(N_("Ask the people who run this site."))
    )
    return [
        say(N_("We will look again if you ask before %(day)s."), day=day),
        whom,
        say(N_("Without email, show this page to your adviser.")) if case.without_email else "",
        say(N_("Give this number: %(number)s."), number=case.number),
        say(N_("Another moderator will then decide.")),
        say(N_("You can also go to court.")),
    ]
