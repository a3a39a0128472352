"""What moderators fill in."""

from __future__ import annotations

import re
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields import DateField
from wtforms.validators import Optional

from cvtube.accounts.recruiters import WORDS_LENGTH as REFUSAL_LENGTH
from cvtube.errors import Refused
from cvtube.i18n import translate
from cvtube.moderation import clip_labels
from cvtube.moderation.decisions import REASONS_FOR, WORDS_LENGTH, DecisionInput
from cvtube.videos.models import Clip, Video
from cvtube.videos.reasons import REASONS, TIME
from cvtube.videos.verbs import Refusal
from cvtube.web.forms import AtMost, Form, Needed, Rule

LONGEST_NAME = 120  # characters
FIRST_YEAR, LAST_YEAR = 2000, 2200


class DecisionForm(Form):
    """Which part, why, and the moderator's own words."""

    # A part that is not in the list any more is a conflict, and the lifecycle says so.
    clip = SelectField(_l("Which part"), validate_choice=False)
    # Nothing is chosen for the moderator: the first entry is an invitation.
    reason = SelectField(_l("Reason"), validators=[Needed("unknown_reason")])
    words = TextAreaField(_l("Your message to the candidate"))

    def __init__(self, measure: Refusal, video: Video, clips: list[Clip], language: str) -> None:
        super().__init__(prefix=f"{measure.value}-")
        self.measure = measure
        self.clip.choices = [
            (clip.id, clip_labels.label(video, clip.id, language)) for clip in clips
        ]
        chosen = [(code, _(REASONS[code].sentence)) for code in REASONS_FOR[measure]]
        self.reason.choices = [("", _("Choose a reason")), *chosen]
        needed = measure is not Refusal.ASKED_FOR_CHANGES
        self.words.validators = [
            *([Needed("words_missing")] if needed else []),
            AtMost(WORDS_LENGTH),
            _finished(video.owner.language),
        ]
        self.words.flags.required = needed
        self.words.flags.maxlength = WORDS_LENGTH
        self.clip.flags.required = True

    def ruling(self) -> DecisionInput:
        """What has been filled in."""
        return DecisionInput(self.measure, self.text("reason"), self.text("words"))


def _finished(language: str) -> Rule:
    """A validator: an opening that nobody has finished says nothing."""
    openings = [
        # An opening is offered with a time in it.
        r"\d+:\d\d".join(map(re.escape, translate(reason.opening, language).split(TIME)))
        for reason in REASONS.values()
    ]

    def rule(words: str) -> None:
        if words.endswith("…") or any(re.match(one, words) for one in openings if words):
            raise Refused("opening_unfinished")

    return Rule(rule)


class RefusalForm(Form):
    """Why a recruiter is not let in."""

    words = TextAreaField(
        _l("Your message to the recruiter"),
        validators=[Needed("words_missing"), AtMost(REFUSAL_LENGTH)],
    )


def _is_in_log(day: date | str) -> None:
    """Far from any day the log knows, calendars run out of numbers."""
    if isinstance(day, date) and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused("day_out_of_log")


class AuditLogForm(Form):
    """Which entries of the event log; read by GET."""

    subject = StringField(_l("Video or person"), validators=[AtMost(LONGEST_NAME)])
    actor = StringField(_l("Done by"), validators=[AtMost(LONGEST_NAME)])
    day = DateField(_l("Day"), validators=[Optional(), Rule(_is_in_log)])
