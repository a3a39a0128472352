"""Continue on your phone: the desk's page with the code, and the phone's with the question."""

from __future__ import annotations

from flask import Response, jsonify, make_response, render_template, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts import access, hand_overs
from cvtube.accounts.access import for_roles, me, public
from cvtube.accounts.cards import verify
from cvtube.accounts.hand_overs import HandOverStage
from cvtube.accounts.models import LoginSession, Role
from cvtube.accounts.passwordless import HandOver
from cvtube.accounts.views import network_limits
from cvtube.accounts.views.blueprint import blueprint, go
from cvtube.accounts.views.throttling import welcome
from cvtube.errors import Refused
from cvtube.web.addresses import full_url
from cvtube.web.errors import refusal_response as answer_refused
from cvtube.web.errors import wants_json
from cvtube.web.security import limiter
from cvtube.web.unit_of_work import db, runtime


@blueprint.post("/hand-overs")
@for_roles(Role.CANDIDATE)
@network_limits.limit_writes(network_limits.HAND_OVERS)
def begin_hand_over() -> AnyResponse:
    """Carry this log-in on to a phone, to the page `next`."""
    desk = access.this_log_in()
    if desk is None:
        raise Refused("log_in_first")
    path = hand_overs.target(request.form.get("next", ""))
    begun = hand_overs.issue(db(), _keys()[0], desk, runtime().now(), path=path)
    return go("accounts.hand_over", hand_over_id=begun.id)


@blueprint.get("/hand-overs/<hand_over_id>")
@for_roles(Role.CANDIDATE)
def hand_over(hand_over_id: str) -> str:
    """The code to read with the phone, and what has become of it."""
    mine = _mine(hand_over_id)
    phone = db().get(LoginSession, mine.phone_id) if mine.phone_id else None
    address = full_url("accounts.take_over", token=hand_overs.token_of(_keys(), mine))
    return render_template(
        "accounts/hand_over.html",
        hand_over=mine,
        stage=_stage(mine),
        phone=phone,
        address=address,
    )


@blueprint.get("/hand-overs/<hand_over_id>/state")
@for_roles(Role.CANDIDATE)
def hand_over_state(hand_over_id: str) -> Response:
    """The same in a few bytes, for the page to ask again and again."""
    reached = _stage(_mine(hand_over_id))
    return jsonify(version=reached, percent=None, moving=reached is HandOverStage.WAITING)


@blueprint.post("/hand-overs/<hand_over_id>/end")
@for_roles(Role.CANDIDATE)
def end_hand_over(hand_over_id: str) -> AnyResponse:
    """Log the phone out again, from the desk."""
    hand_overs.disconnect(db(), _mine(hand_over_id), runtime().now())
    return go("accounts.hand_over", hand_over_id=hand_over_id)


@blueprint.route("/phone/<token>", methods=["GET", "POST"])
@public
@limiter.limit(network_limits.PHONES)
def take_over(token: str) -> AnyResponse:
    """The phone: is it you? Then go on here. Only the POST takes the code."""
    now = runtime().now()
    try:
        found = hand_overs.look_up(db(), token)
        if _came_of_it(found):  # pressed twice
            return redirect(found.target, 303)
        hand_overs.refuse_dead(found, now)
        if request.method == "POST":
            return _go_on(found)
    except Refused as refused:
        return _dead_code(refused)
    return make_response(render_template("accounts/take_over.html", found=found))


def _go_on(found: HandOver) -> AnyResponse:
    now = runtime().now()
    card = hand_overs.card_of_desk(db(), found)
    if card is not None:  # first, as revoking does: of the two at once, one waits for the other
        verify.note_use(db(), card, now)
    hand_overs.redeem(db(), found, now)
    access.log_in(found.user, card_id=card.id if card else None)
    phone = access.this_log_in()
    if phone is not None:
        hand_overs.arrived(db(), found, phone, now)
    answer = redirect(found.target, 303)
    if found.user.email:
        welcome(answer, found.user, found.user.email)
    return answer


def _came_of_it(found: HandOver) -> bool:
    """Whether this browser's log-in is the one that this very code has become."""
    here = access.this_log_in()
    return here is not None and here.id == found.phone_id


def _dead_code(refused: Refused) -> AnyResponse:
    """A code that opens nothing, said on the phone in one sentence."""
    if wants_json():
        return answer_refused(refused)
    page = make_response(render_template("accounts/dead_code.html", refused=refused))
    page.status_code = refused.status
    return page


def _mine(hand_over_id: str) -> HandOver:
    found = db().get(HandOver, hand_over_id)
    if found is None or found.user_id != me().id:
        raise Refused("not_found")
    return found


def _stage(mine: HandOver) -> HandOverStage:
    return hand_overs.stage(mine, runtime().now())


def _keys() -> list[bytes]:
    return runtime().keys_for("hand-overs")
