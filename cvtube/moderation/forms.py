"""What moderators fill in."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields import DateField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from cvtube.accounts.recruiters import WORDS_LENGTH as REFUSAL_LENGTH
from cvtube.i18n import translate
from cvtube.moderation import clip_labels
from cvtube.moderation.decisions import REASONS_FOR, WORDS_LENGTH, Ruling
from cvtube.videos.models import Clip, Video
from cvtube.videos.reasons import REASONS, TIME
from cvtube.videos.verbs import Refusal

_A_NAME = Length(max=120, message=_l("Please use at most 120 characters."))

FIRST_YEAR, LAST_YEAR = 2000, 2200


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class RulingForm(FlaskForm):
    """Which part, why, and the moderator's own words."""

    # A part that is not in the list any more is a conflict, and the lifecycle says so.
    clip = SelectField(_l("Which part"), validate_choice=False)
    reason = SelectField(_l("Reason"))
    words = TextAreaField(
        _l("Your message to the candidate"),
        filters=[_stripped],
        validators=[
            Length(max=WORDS_LENGTH, message=_l("Please use at most 500 characters.")),
        ],
    )

    def __init__(self, measure: Refusal, video: Video, clips: list[Clip], language: str) -> None:
        super().__init__(prefix=f"{measure.value}-")
        self.measure = measure
        self._openings = [
            # An opening is offered with a time in it.
            r"\d+:\d\d".join(
                map(re.escape, translate(reason.opening, video.owner.language).split(TIME))
            )
            for reason in REASONS.values()
        ]
        self.clip.choices = [
            (clip.id, clip_labels.label(video, clip.id, language)) for clip in clips
        ]
        chosen = [(code, _(REASONS[code].sentence)) for code in REASONS_FOR[measure]]
        self.reason.choices = [("", _("Choose a reason")), *chosen]
        if measure is not Refusal.ASKED_FOR_CHANGES:
            self.words.validators = [
                DataRequired(_("Say why, in a few words.")),
                *self.words.validators,
            ]
            self.words.flags.required = True
        self.reason.flags.required = self.clip.flags.required = True

    def validate_reason(self, field: Any) -> None:
        """Nothing is chosen for the moderator: the first entry is an invitation."""
        if not field.data:
            raise ValidationError(_("Choose a reason from the list."))

    def validate_words(self, field: Any) -> None:
        """An opening that nobody has finished says nothing."""
        if field.data.endswith("…") or any(re.match(one, field.data) for one in self._openings):
            raise ValidationError(_("Finish the sentence that ends with “…”."))

    def ruling(self) -> Ruling:
        """What has been filled in."""
        return Ruling(self.measure, self.reason.data, self.words.data or "")


class RefusalForm(FlaskForm):
    """Why a recruiter is not let in."""

    words = TextAreaField(
        _l("Your message to the recruiter"),
        filters=[_stripped],
        validators=[
            DataRequired(_l("Say why, in a few words.")),
            Length(max=REFUSAL_LENGTH, message=_l("Please use at most 500 characters.")),
        ],
    )


class JournalForm(FlaskForm):
    """Which entries of the event log."""

    class Meta:
        csrf = False  # it is read by GET, and changes nothing

    subject = StringField(_l("Video or person"), filters=[_stripped], validators=[_A_NAME])
    actor = StringField(_l("Done by"), filters=[_stripped], validators=[_A_NAME])
    day = DateField(_l("Day"), validators=[Optional()])

    def validate_day(self, field: Any) -> None:
        """Far from any day the log knows, calendars run out of numbers."""
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(_("This log does not cover that day."))
