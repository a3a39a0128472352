"""The forms about cards."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, HiddenField, PasswordField, StringField

from cvtube.accounts.cards import digits
from cvtube.accounts.cards.making import MOST_AT_ONCE
from cvtube.accounts.forms import LONGEST_TYPED, NAME_LENGTH, ConfirmForm
from cvtube.errors import Refused
from cvtube.web.forms import AtMost, Form, Rule


class CardForm(Form):
    """Who comes with a card. The secret is filled in where the QR code was read."""

    secret = HiddenField(validators=[AtMost(LONGEST_TYPED)])
    number = StringField(_l("Card number"), [Rule(digits.number, needed=True)])
    pin = PasswordField(_l("PIN"), [Rule(digits.pin, needed=True)])
    stay = BooleanField(_l("This is my own phone or computer: stay logged in"))


class ChangePinForm(ConfirmForm):
    """Another PIN, by somebody who knows the present one."""

    pin = PasswordField(_l("New PIN"), [Rule(digits.own_pin, needed=True)])


class HoldersForm(Form):
    """For whom cards are made: one person, or a room."""

    names = FieldList(
        StringField(_l("First name"), [AtMost(NAME_LENGTH)]),
        min_entries=MOST_AT_ONCE,
        max_entries=MOST_AT_ONCE,
    )

    def people(self) -> Sequence[str]:
        """The names that were typed."""
        return [name for name in self.names.data if name]

    def accepted(self) -> bool:
        if not super().accepted():
            return False
        if not self.people():
            first = self.names[0]
            self.refuse(Refused("given_name_missing"), first)
            return False
        return True
