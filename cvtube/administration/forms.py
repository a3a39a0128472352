"""What administrators fill in before they do something with an account."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from cvtube.accounts.forms import ORGANISATION_LENGTH
from cvtube.accounts.labels import ROLES
from cvtube.accounts.models import Role
from cvtube.accounts.suspension import REASONS_FOR, SENTENCES, WORDS_LENGTH, AccountMeasure
from cvtube.web.forms import AtMost, Form, Needed, OneOf


class ActForm(Form):
    """Why, and what the person reads about it."""

    measure: AccountMeasure
    reason = SelectField(_l("Reason"), [Needed("unknown_reason")], validate_choice=False)
    words = TextAreaField(_l("Your message to the person"), [AtMost(WORDS_LENGTH)])

    def __init__(self, **options: Any) -> None:
        # Several of these stand on one page.
        super().__init__(prefix=f"{self.measure.value}-", **options)
        reasons = [(reason.value, _(SENTENCES[reason])) for reason in REASONS_FOR[self.measure]]
        self.reason.choices = [("", _("Choose a reason")), *reasons]

    def validate_reason(self, field: SelectField) -> None:
        """Only one that was offered."""
        OneOf(REASONS_FOR[self.measure])(self, field)

    def more(self) -> dict[str, Any]:
        """What else the verb is told."""
        return {}


class SuspendForm(ActForm):
    """Shut somebody out."""

    measure = AccountMeasure.SUSPEND


class ReopenForm(ActForm):
    """Let somebody in again."""

    measure = AccountMeasure.REOPEN


class EndSessionsForm(ActForm):
    """Sign somebody out everywhere."""

    measure = AccountMeasure.END_SESSIONS


class RoleForm(ActForm):
    """Other work."""

    measure = AccountMeasure.CHANGE_ROLE
    role = SelectField(
        _l("New role"), [Needed("choice_unknown"), OneOf(ROLES)], validate_choice=False
    )
    organisation = StringField(_l("Organisation they recruit for"), [AtMost(ORGANISATION_LENGTH)])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        roles = [(role.value, _(name)) for role, name in ROLES.items()]
        self.role.choices = [("", _("Choose a role")), *roles]

    def more(self) -> dict[str, Any]:
        return {"role": Role(self.text("role")), "organisation": self.text("organisation")}


class CloseForm(ActForm):
    """Delete somebody's account."""

    measure = AccountMeasure.CLOSE
    sure = BooleanField(_l("Delete this account and all its videos"), [Needed("not_sure")])


FORMS: dict[AccountMeasure, type[ActForm]] = {
    form.measure: form for form in (SuspendForm, ReopenForm, EndSessionsForm, RoleForm, CloseForm)
}
