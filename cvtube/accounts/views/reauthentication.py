"""Before something that matters: the password once more, or the PIN of who has none."""

from __future__ import annotations

from typing import TypeVar

from flask_babel import lazy_gettext as _l

from cvtube.accounts import credentials
from cvtube.accounts.access import me
from cvtube.accounts.cards import verify
from cvtube.accounts.cards.peppers import peppers
from cvtube.accounts.forms import ConfirmForm
from cvtube.accounts.views.throttling import braked_card, throttled
from cvtube.errors import Refused
from cvtube.web.unit_of_work import runtime

F = TypeVar("F", bound=ConfirmForm)


def confirm_form(kind: type[F]) -> F:
    """The form, asking for what this person has."""
    form = kind()
    if has_no_password():
        form.current.label.text = _l("Your current PIN")
    return form


def has_no_password() -> bool:
    """Whether it is the holder of a card, and nothing else yet."""
    return me().password_hash is None


def it_is_me(form: ConfirmForm) -> bool:
    """Whether it was the right one; guessing it here is as slow as at the door."""
    try:
        if has_no_password():
            _confirm_pin(form.text("current"))
        else:
            with throttled(me().email or me().id):
                credentials.confirm_password(me(), form.text("current"))
    except Refused as refused:
        form.refuse(refused, form.current)
        return False
    return True


def _confirm_pin(typed: str) -> None:
    with runtime().reading() as session:
        card = verify.card_of(session, me())
    if card is None:
        raise Refused("card_revoked")
    with braked_card(card.number, here=True):
        verify.confirm_pin(peppers(runtime()), card, typed)
