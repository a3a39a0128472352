"""The secret key changes: what the former one signed is believed, and no PIN is ever lost."""

from __future__ import annotations

import io
import re
import secrets
from dataclasses import replace

import pytest
from sqlalchemy import select

from cvtube import runtime as runtimes
from cvtube.accounts import throttle
from cvtube.accounts.cards import issue, peppers
from cvtube.accounts.passwordless import AccessCard, PinPepper
from cvtube.accounts.views import throttling
from cvtube.app import create_app
from cvtube.cli.checks import Trouble, check_keys
from cvtube.web.security import limiter
from tests.accounts.cards import printed
from tests.personas import Personas

OLD, NEW = (secrets.token_urlsafe(32) for _ in range(2))


@pytest.fixture
def site(runtime, monkeypatch):
    """The same site under other keys: a runtime, and an application that checks form tokens."""
    monkeypatch.setattr(limiter, "enabled", False)

    def make(current, *former):
        change = {"secret_key": current, "secret_key_fallbacks": " ".join(former)}
        built = runtimes.build(runtime.settings.model_copy(update=change))
        built.engine.dispose()
        own_runtime = replace(built, engine=runtime.engine, now=runtime.now)
        return own_runtime, create_app(own_runtime)

    return make


@pytest.fixture
def before(site):
    return site(OLD)


@pytest.fixture
def during(before, site):
    return site(NEW, OLD)


@pytest.fixture
def after(during, site):
    return site(NEW)


def browser(app, other):
    """The browser that was here before, with all its cookies."""
    moved = app.test_client()
    moved._cookies = other._cookies
    return moved


def token(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]


def test_people_stay_signed_in_and_forms_that_are_open_can_be_sent(before, during, after):
    own_runtime, app = before
    client = Personas(app, own_runtime).client("ada")
    open_form = {"csrf_token": token(client.get("/account")), "language": "en"}
    assert browser(after[1], client).get("/account").status_code == 303
    client = browser(during[1], client)
    assert client.get("/account").status_code == 200
    assert client.post("/account/language", data=open_form).status_code == 303
    assert browser(after[1], client).get("/account").status_code == 200  # its cookie is new
    assert browser(after[1], client).post("/account/language", data=open_form).status_code == 400


def visit(app, address):
    with app.test_client().get(address, buffered=True) as answer:
        return answer.status_code


def test_a_film_that_is_playing_plays_on(before, during, after):
    before[0].storage.put("films/a.mp4", io.BytesIO(b"film"))
    address = before[0].storage.signed_url("films/a.mp4", 3600).removeprefix("http://localhost")
    answers = [visit(app, address) for _, app in (before, during, after)]
    assert answers == [200, 200, 404]
    assert (
        during[0]
        .storage.signed_url("films/a.mp4", 3600)
        .endswith(after[0].storage.signed_url("films/a.mp4", 3600))
    )


def test_a_code_for_a_phone_is_shown_again_and_works(before, during):
    own_runtime, app = before
    client = Personas(app, own_runtime).client("ada")
    form = {"csrf_token": token(client.get("/account")), "next": "/account"}
    page = client.post("/hand-overs", data=form).location
    drawing = re.search(r'<svg[^>]*class="qr".*?</svg>', client.get(page).text, re.DOTALL)[0]
    assert drawing in browser(during[1], client).get(page).text


def test_a_browser_is_still_known(before, during, after):
    mark = throttle.device_mark(before[0].key_for(throttling.PURPOSE), "ada@example.org")
    seen = []
    for _runtime, app in (before, during, after):
        with app.test_request_context(headers={"Cookie": f"cvtube-browser={mark}"}):
            seen.append(throttling._device("ada@example.org") is not None)
    assert seen == [True, True, False]


# -- the PINs of access cards ----------------------------------------------------------------------


def make_card(own_runtime, *, pepper=None):
    """A card, and its PIN."""
    blank = issue.blank(pepper or peppers.peppers(own_runtime)[0])
    with own_runtime.transaction() as session:
        made = issue.make_account(session, own_runtime.now(), blank, maker=None, given_name="Fatou")
    return made.number, made.pin


def opens(site, card):
    _runtime, app = site
    app.config["WTF_CSRF_ENABLED"] = False
    number, pin = card
    answer = app.test_client().post("/card", data={"number": number, "pin": pin})
    return answer.status_code == 303


@pytest.mark.both_databases
@pytest.mark.parametrize("first_start", [True, False], ids=["settled", "made before peppers"])
def test_a_pin_outlives_every_key(before, during, after, site, first_start):
    """Also one that was made by a version that derived its pepper from the secret key."""
    if first_start:
        peppers.settle(before[0])
        early = make_card(before[0])
    else:
        early = make_card(before[0], pepper=before[0].key_for("card pins"))
    assert opens(during, early)
    peppers.settle(during[0])
    late = make_card(during[0])
    newest = site(secrets.token_urlsafe(32), NEW)
    for later in (during, after, newest):
        peppers.settle(later[0])
        assert opens(later, early)
        assert opens(later, late)
        assert not opens(later, (late[0], early[1]))


def test_where_no_pin_was_made_the_pepper_can_be_derived_from_no_key(before):
    peppers.settle(before[0])
    assert peppers.peppers(before[0]) != [before[0].key_for("card pins")]
    assert len(peppers.peppers(before[0])[0]) == 32


def test_the_row_shows_the_pepper_to_nobody_and_settling_again_changes_nothing(before):
    own_runtime = before[0]
    peppers.settle(own_runtime)
    with own_runtime.reading() as session:
        sealed = session.scalars(select(PinPepper.sealed)).one()
    peppers.settle(own_runtime)
    with own_runtime.reading() as session:
        assert session.scalars(select(PinPepper.sealed)).one() == sealed
    assert peppers.peppers(own_runtime)[0].hex() not in sealed


def test_a_forgotten_fallback_loses_nothing_for_good(before, after, during):
    """PINs of before wait for their key; the new ones go on when it is back."""
    peppers.settle(before[0])
    early = make_card(before[0])
    peppers.settle(after[0])  # somebody changed the key, and named no fallback
    assert not opens(after, early)
    with pytest.raises(Trouble, match="a former secret key is missing") as told:
        check_keys(after[0])
    assert "CVTUBE_SECRET_KEY_FALLBACKS" in told.value.advice
    late = make_card(after[0])
    assert opens(after, late)
    peppers.settle(during[0])
    assert opens(during, early)
    assert opens(during, late)
    assert opens(after, early)


def test_the_doctor_says_until_when_a_former_key_is_needed(before, during):
    peppers.settle(before[0])
    assert check_keys(before[0]) == "secret"
    assert (
        check_keys(during[0]) == "secret, and 1 former; keep them until `cvtube db upgrade` has run"
    )
    peppers.settle(during[0])
    assert check_keys(during[0]) == "secret, and 1 former"


def test_an_advisers_new_cards_open_after_the_change(before, during, after):
    peppers.settle(before[0])
    own_runtime, app = before
    app.config["WTF_CSRF_ENABLED"] = False
    (fatou,) = printed(
        Personas(app, own_runtime).client("kim").post("/cards", data={"names": "F"}).text
    )
    peppers.settle(during[0])
    assert opens(after, (fatou.number, fatou.pin))
    with own_runtime.reading() as session:
        assert session.scalars(select(AccessCard)).one().number == fatou.number
