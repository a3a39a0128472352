"""The door for who has a card: scan it or type its number, then the PIN."""

from __future__ import annotations

from flask import session as cookie
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from cvtube.accounts import access
from cvtube.accounts.access import public
from cvtube.accounts.cards import numbers, verify
from cvtube.accounts.cards.forms import CardForm
from cvtube.accounts.cards.peppers import peppers
from cvtube.accounts.passwordless import AccessCard
from cvtube.accounts.views.blueprint import blueprint, home_of
from cvtube.accounts.views.next_page import sought
from cvtube.accounts.views.throttling import braked_card, card_subject, welcome
from cvtube.errors import Refused
from cvtube.web.forms import form_page
from cvtube.web.language import chosen
from cvtube.web.security import limiter
from cvtube.web.unit_of_work import db, runtime


@blueprint.route("/card", methods=["GET", "POST"])
@public
@limiter.limit("60/minute;600/hour", methods=["POST"])
def log_in_by_card() -> Response:
    """Come back with a card.

    The QR code leads here with number and secret in the fragment of the address, which
    browsers keep to themselves: no log and no Referer ever holds it.
    """
    form = CardForm()
    if form.accepted():
        number = numbers.number(form.text("number"))
        try:
            card = _proven(number, form)
            verify.note_use(db(), card, runtime().now(), language=chosen())
        except Refused as refused:
            form.refuse(refused)
        else:
            access.log_in(card.user, stay=form.stay.data, card_id=card.id)
            return _inside(card)
    elif not form.is_submitted() and (known := access.viewer()):
        return redirect(home_of(known), 303)
    return form_page("accounts/cards/log_in.html", form, over=_over())


def _proven(number: str, form: CardForm) -> AccessCard:
    """The card, if the PIN is its own; a try is counted before it is looked at."""
    with runtime().reading() as session:
        card = verify.find_card(session, number)
    with braked_card(number, here=verify.has_secret(card, form.text("secret"))):
        return verify.verify_pin(peppers(runtime()), card, numbers.pin(form.text("pin")))


def _inside(card: AccessCard) -> Response:
    answer = redirect(sought() or home_of(card.user), 303)
    welcome(answer, card.user, card_subject(card.number))
    return answer


def _over() -> Refused | None:
    """Why somebody who was logged in by a card is here again, if the card is why."""
    card_id = cookie.get(access.CARD)
    card = db().get(AccessCard, card_id) if card_id else None
    return Refused("card_revoked") if card is not None and card.revoked_at is not None else None
