"""Making access cards, for advisers and administrators; and one's own PIN, for who has a card."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from flask import flash, make_response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cvtube.accounts import access
from cvtube.accounts.access import for_roles, me
from cvtube.accounts.cards import issue, numbers, printing, verify
from cvtube.accounts.cards.forms import ChangePinForm, HoldersForm
from cvtube.accounts.cards.forms import split_names as holders
from cvtube.accounts.cards.peppers import peppers
from cvtube.accounts.models import Role
from cvtube.accounts.passwordless import AccessCard
from cvtube.accounts.views import network_limits
from cvtube.accounts.views.blueprint import blueprint, go
from cvtube.accounts.views.confirmation import ask, is_asked_first
from cvtube.accounts.views.reauthentication import confirm_form, it_is_me
from cvtube.db import keyset
from cvtube.errors import Refused
from cvtube.web.forms import Form, form_page
from cvtube.web.language import chosen
from cvtube.web.unit_of_work import db, runtime

PAGE = 50


@blueprint.get("/cards")
@for_roles(Role.ADVISER, Role.ADMIN)
def cards() -> Response:
    """The cards one has made, newest first, and a form for more."""
    return _list(HoldersForm())


@blueprint.post("/cards")
@for_roles(Role.ADVISER, Role.ADMIN)
@network_limits.limit_writes(network_limits.CARDS)
def make_cards() -> Response:
    """Accounts and cards for one person, or for a room."""
    form = HoldersForm()
    if not form.accepted():
        return _list(form)
    names = holders(form.text("names"))
    pepper = _pepper()
    blanks = [issue.blank(pepper) for _name in names]
    return _sheet(
        [
            issue.make_account(
                db(), runtime().now(), blank, maker=me(), given_name=name, language=chosen()
            )
            for name, blank in zip(names, blanks, strict=True)
        ]
    )


@blueprint.route("/cards/<card_id>/pin", methods=["GET", "POST"])
@for_roles(Role.ADVISER, Role.ADMIN)
@network_limits.limit_writes(network_limits.CARDS)
def renew_pin(card_id: str) -> Response | str:
    """For who has forgotten it: another PIN on another paper."""
    if is_asked_first():
        return _ask(
            _("Make a new PIN for %(name)s?", name=_card(card_id).user.given_name),
            [_("The old PIN and QR code will stop working.")],
            button=_("Make a new PIN"),
        )
    blank = issue.blank(_pepper(), card_id)
    card = _card(card_id)
    return _sheet([issue.renew_pin(db(), card, runtime().now(), blank, maker=me())])


@blueprint.route("/cards/<card_id>/successor", methods=["GET", "POST"])
@for_roles(Role.ADVISER, Role.ADMIN)
@network_limits.limit_writes(network_limits.CARDS)
def replace_card(card_id: str) -> Response | str:
    """For who has lost it: another card; the lost one opens nothing any more."""
    if is_asked_first():
        return _ask(
            _("Make a new card for %(name)s?", name=_card(card_id).user.given_name),
            [_("The old card will stop working."), *_signs_out()],
            button=_("Make a new card"),
        )
    blank = issue.blank(_pepper())
    card = _card(card_id)
    return _sheet([issue.replace_card(db(), card, runtime().now(), blank, maker=me())])


@blueprint.route("/cards/<card_id>/revocation", methods=["GET", "POST"])
@for_roles(Role.ADVISER, Role.ADMIN)
def revoke_card(card_id: str) -> Response | str:
    """The card opens nothing any more."""
    card = _card(card_id)
    if is_asked_first():
        name = card.user.given_name
        without = _("%(name)s cannot sign in again without a new card.", name=name)
        return _ask(
            _("Turn off the card of %(name)s?", name=name),
            [*_signs_out(), *([] if card.user.email else [without])],
            button=_("Turn off this card"),
        )
    issue.revoke(db(), card, runtime().now(), actor=me())
    flash(_("This card no longer works. Whoever used it is signed out."), "good")
    return go("accounts.cards")


def _signs_out() -> list[str]:
    return [_("Whoever uses this card will be signed out.")]


def _ask(title: str, says: list[str], *, button: str) -> str:
    return ask(title, says, button=button, stay=_("Back"), back="accounts.cards")


@blueprint.route("/account/pin", methods=["GET", "POST"])
@for_roles(Role.CANDIDATE)
def change_pin() -> Response:
    """Another PIN for one's own card."""
    with runtime().reading() as session:
        card = verify.card_of(session, me())
    if card is None:
        raise Refused("not_found")
    form = confirm_form(ChangePinForm)
    if form.accepted() and it_is_me(form):
        kept = issue.pin_hash(_pepper(), card.id, numbers.pin(form.text("pin")))
        verify.change_pin(db(), card, access.myself(), runtime().now(), kept)
        flash(_("Your new PIN is saved."), "good")
        return go("accounts.settings")
    return form_page("accounts/cards/change_pin.html", form)


@blueprint.route("/account/card/revocation", methods=["GET", "POST"])
@for_roles(Role.CANDIDATE)
def revoke_own_card() -> Response | str:
    """For who no longer needs it: password and address open the account from now on."""
    card = verify.card_of(db(), me())
    if card is None or me().email is None or me().password_hash is None:
        raise Refused("not_found")
    if is_asked_first():
        return ask(
            _("Turn off my card?"),
            [
                _("You will sign in with your email address and password."),
                _("Devices you signed in on with this card will be signed out."),
            ],
            button=_("Turn off my card"),
            stay=_("Keep my card"),
            back="accounts.settings",
        )
    issue.revoke(db(), card, runtime().now(), actor=access.myself())
    flash(_("Your card is turned off."), "good")
    return go("accounts.settings")


def _card(card_id: str) -> AccessCard:
    """One of the cards this person may see."""
    card = db().scalar(issue.cards_for(me()).where(AccessCard.id == card_id))
    if card is None:
        raise Refused("not_found")
    return card


def _list(form: Form) -> Response:
    newest_first = issue.cards_for(me()).order_by(AccessCard.made_at.desc(), AccessCard.id.desc())
    if last := keyset.decode_position(request.args.get("after")):
        newest_first = newest_first.where(
            keyset.behind(AccessCard.made_at, AccessCard.id, last, newest_first=True)
        )
    rows = db().scalars(newest_first.limit(PAGE + 1)).all()
    page = keyset.page_of(rows, PAGE, lambda card: keyset.KeysetPosition(card.made_at, card.id))
    return form_page("accounts/cards/list.html", form, page=page)


def _sheet(prints: Sequence[issue.Print]) -> Response:
    """The papers. Only this answer holds the PINs: nothing that could show them again is kept."""
    return make_response(printing.card_sheet(prints), HTTPStatus.CREATED)


def _pepper() -> bytes:
    return peppers(runtime())[0]
