"""The form of a candidate's profile: one page, one field that must be filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation

from cvtube.accounts import profile
from cvtube.accounts.fields import CompletedField, LanguagesField
from cvtube.accounts.labels import DISTANCES, LICENCES
from cvtube.accounts.models import CandidateProfile, Contract, Experience
from cvtube.errors import Refused
from cvtube.taxonomy.matching import match_occupation, match_place
from cvtube.taxonomy.occupations import JobSought, occupation
from cvtube.taxonomy.places import place
from cvtube.web.forms import AtMost, Form, Mistake, OneOf, Rule

NOW, LATER = "now", "later"


class ProfileForm(Form):
    """What a candidate says beside the film."""

    occupation = CompletedField(
        _l("Job you are looking for"),
        [AtMost(200)],
        match=match_occupation,
        find=occupation,
        unknown="occupation_unknown",
        unclear="occupation_unclear",
        missing="occupation_missing",
        own_words=80,
    )
    place = CompletedField(
        _l("Your town"),
        [AtMost(100)],
        match=match_place,
        find=place,
        unknown="place_unknown",
        unclear="place_unclear",
    )
    travel_km = SelectField(
        _l("How far can you travel?"), [OneOf(("", *map(str, DISTANCES)))], validate_choice=False
    )
    contracts = SelectMultipleField(
        _l("Types of contract"), [OneOf(Contract)], validate_choice=False
    )
    availability = RadioField(
        _l("When can you start?"), [OneOf((NOW, LATER, ""))], validate_choice=False, default=""
    )
    available_from = StringField(_l("From this day"), [AtMost(20)])
    experience = RadioField(
        _l("How long have you been doing this job?"), [OneOf(Experience)], validate_choice=False
    )
    skills = TextAreaField(_l("What you can do well"), [AtMost(1000), Rule(profile.skills_from)])
    languages = LanguagesField(_l("Languages you speak"))
    licences = SelectMultipleField(_l("Driving licences"), [OneOf(LICENCES)], validate_choice=False)
    about = TextAreaField(_l("A few words about you"), [AtMost(profile.ABOUT_LENGTH)])

    def __init__(self, today: date, said: CandidateProfile | None = None) -> None:
        super().__init__(data=_shown(said, today) if said else {})
        self._today = today
        self._day: date | None = None

    def validate_available_from(self, field: StringField) -> None:
        """A day is asked for only if it is not at once; one that is past means at once."""
        if self.availability.data != LATER:
            self._day = self._today if self.availability.data == NOW else None
            return
        try:
            day = profile.day_from(field.data or "", self._today)
        except Refused as refused:
            raise StopValidation(Mistake.of(refused)) from refused
        self._day = max(day, self._today)

    def said(self) -> profile.SubmittedProfile:
        """The accepted form as a profile."""
        return profile.SubmittedProfile(
            job=JobSought(occupation(self.occupation.code), self.occupation.words),
            place_code=self.place.code,
            travel_km=int(self.travel_km.data or 0),
            contracts=[kind for kind in Contract if kind in (self.contracts.data or [])],
            available_from=self._day,
            experience=Experience(self.experience.data) if self.experience.data else None,
            skills=profile.skills_from(self.skills.data or ""),
            languages=self.languages.data,
            licences=[kind for kind in LICENCES if kind in (self.licences.data or [])],
            about=self.about.data or "",
        )


def _shown(said: CandidateProfile, today: date) -> dict[str, Any]:
    """A kept profile as the form shows it."""
    day = said.available_from
    return {
        "occupation": profile.profile_job_sought(said),
        "place": said.place_code,
        "travel_km": str(said.travel_km or ""),
        "contracts": said.contracts,
        "availability": (LATER if day > today else NOW) if day else "",
        "available_from": day.isoformat() if day and day > today else "",
        "experience": said.experience.value if said.experience else "",
        "skills": ", ".join(said.skills),
        "languages": said.languages,
        "licences": said.licences,
        "about": said.about,
    }
