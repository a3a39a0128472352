"""What the candidate says beside the film, in a reader's language; it is published with it."""

from __future__ import annotations

from datetime import date

from babel import Locale

from cvtube.accounts.labels import EXPERIENCES, contract_labels
from cvtube.accounts.models import CandidateProfile
from cvtube.accounts.profile import profile_job_sought
from cvtube.i18n import N_, day_in_words, translate
from cvtube.taxonomy.occupations import JobSought
from cvtube.taxonomy.places import Place, place

Facts = list[tuple[str, str]]


def summarize(
    profile: CandidateProfile | None, own: JobSought, today: date, language: str
) -> Facts:
    """[(heading, text), …] of everything that is filled in; the film's own job comes first."""
    sought = own or profile_job_sought(profile)
    facts = [(N_("Job sought"), sought.named(language))]
    if profile is not None:
        facts += _of_profile(profile, today, language)
    return [(translate(heading, language), text) for heading, text in facts if text]


def _of_profile(profile: CandidateProfile, today: date, language: str) -> Facts:
    def said(message: str | None) -> str:
        return translate(message, language) if message else ""

    living = place(profile.place_code)
    names = Locale.parse(language).languages
    return [
        (N_("Place"), _where(living, profile.travel_km)),
        (N_("Contract"), ", ".join(map(said, contract_labels(profile.contracts)))),
        (N_("Available"), _available(profile.available_from, today, language)),
        (N_("Experience"), said(EXPERIENCES[profile.experience]) if profile.experience else ""),
        (N_("Skills"), ", ".join(profile.skills)),
        (
            N_("Languages"),
            ", ".join(f"{names.get(code, code)} {lvl}" for code, lvl in profile.languages.items()),
        ),
        (N_("Driving licences"), ", ".join(profile.licences)),
        (N_("About"), profile.about),
    ]


def _where(living: Place | None, travel_km: int) -> str:
    if living is None:
        return ""
    return f"{living.label}, {travel_km} km" if travel_km else living.label


def _available(day: date | None, today: date, language: str) -> str:
    if day is None:
        return ""
    if day <= today:
        return translate(N_("Now"), language)
    return day_in_words(day, language)
