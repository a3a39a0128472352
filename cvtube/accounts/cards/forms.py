"""The forms about cards."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField, TextAreaField

from cvtube.accounts.cards import numbers
from cvtube.accounts.cards.issue import MOST_AT_ONCE
from cvtube.accounts.forms import LONGEST_TYPED, NAME_LENGTH, ConfirmForm
from cvtube.accounts.names import refuse_address
from cvtube.errors import Refused
from cvtube.web.forms import AtMost, Form, Rule


class CardForm(Form):
    """Who comes with a card. The secret is filled in where the QR code was read."""

    secret = HiddenField(validators=[AtMost(LONGEST_TYPED)])
    number = StringField(_l("Card number"), [Rule(numbers.number, needed=True)])
    pin = PasswordField(_l("PIN"), [Rule(numbers.pin, needed=True)])
    stay = BooleanField(_l("Stay signed in on this device"))


class ChangePinForm(ConfirmForm):
    """Another PIN, by somebody who knows the present one."""

    pin = PasswordField(_l("New PIN"), [Rule(numbers.own_pin, needed=True)])


def split_names(typed: str) -> list[str]:
    """First names, one a line.

    Raises:
        Refused: "given_name_missing", "names_too_many", "text_too_long" or "name_not_valid".
    """
    found = [" ".join(line.split()) for line in typed.splitlines() if line.strip()]
    if not found:
        raise Refused("given_name_missing")
    if len(found) > MOST_AT_ONCE:
        raise Refused("names_too_many", most=MOST_AT_ONCE)
    if max(map(len, found)) > NAME_LENGTH:
        raise Refused("text_too_long", longest=NAME_LENGTH)
    for name in found:
        refuse_address(name)
    return found


class HoldersForm(Form):
    """For whom cards are made: one person, or a room."""

    names = TextAreaField(_l("First names"), [Rule(split_names, needed=True)])
