"""A sign-in from where the account is not known is told to its owner, by email, once."""

from __future__ import annotations

import re

import pytest

from cvtube.accounts import passwords
from cvtube.accounts.models import Role, User
from cvtube.accounts.views.throttling import MOST_KNOWN
from tests import factories
from tests.accounts.cards import printed, scanned_svg
from tests.accounts.test_authentication import PASSWORD, log_in

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile"}


@pytest.fixture
def make(runtime):
    """Somebody with a password, in whichever role."""

    def make(name, role=Role.CANDIDATE):
        with runtime.transaction() as session:
            return factories.make_user(
                session,
                runtime.now(),
                name=name,
                role=role,
                password_hash=passwords.make_hash(PASSWORD),
            )

    return make


def told(mailbox) -> list[str]:
    """Whom such a mail has gone to."""
    return [mail.to_address for mail in mailbox.read() if "nouvel appareil" in mail.body]


def test_the_first_sign_in_from_a_browser_is_told_and_the_next_one_is_not(app, make, mailbox):
    zoe = make("Zoe", Role.MODERATOR)
    known = app.test_client()
    for _ in range(3):
        log_in(known, zoe.email)
        known.post("/logout")
    assert told(mailbox) == [zoe.email]
    app.test_client().post("/login", data={"email": zoe.email, "password": PASSWORD}, headers=PHONE)
    assert told(mailbox) == [zoe.email] * 2
    assert "Chrome · Android" in mailbox.newest().body
    assert mailbox.link() == "/forgotten-password"


def test_a_wrong_password_is_no_news(client, make, mailbox):
    log_in(client, make("Zoe").email, "wrong")
    assert told(mailbox) == []


def test_who_confirms_their_address_is_at_home_there(client, mailbox):
    client.post(
        "/signup", data={"given_name": "Zoé", "email": "zoe@example.org", "password": PASSWORD}
    )
    client.post(mailbox.link())
    client.post("/logout")
    log_in(client)
    assert told(mailbox) == []


def test_people_who_share_a_computer_stay_known_there(client, make, mailbox):
    people = [make(f"Person{n}") for n in range(MOST_KNOWN)]
    for _ in range(2):
        for person in people:
            log_in(client, person.email)
            client.post("/logout")
    assert sorted(told(mailbox)) == sorted(person.email for person in people)
    log_in(client, make("One more").email)
    client.post("/logout")
    assert len(client.get_cookie("cvtube-browser").value) < 1500  # a cookie has an end


def test_the_phone_that_a_desk_lets_in_is_a_new_device(app, client, make, mailbox):
    ada = make("Ada")
    log_in(client, ada.email)
    page = client.get(client.post("/hand-overs", data={"next": "/account"}).location).text
    (drawing,) = re.findall(r'(<svg[^>]*class="qr".*?</svg>)', page, re.DOTALL)
    phone = app.test_client()
    phone.post(re.search(r"/phone/[\w-]+", scanned_svg(drawing))[0], headers=PHONE)
    assert told(mailbox) == [ada.email] * 2
    phone.post("/logout")
    log_in(phone, ada.email)
    assert told(mailbox) == [ada.email] * 2


def test_who_has_no_address_is_not_written_to(client, people, mailbox):
    (card,) = printed(people.client("kim").post("/cards", data={"names": "Fatou"}).text)
    assert client.post("/card", data={"number": card.number, "pin": card.pin}).status_code == 303
    assert mailbox.read() == []


def test_the_mail_is_not_kept_back_by_others_that_a_stranger_has_caused(app, make, mailbox):
    zoe = make("Zoe")
    for _ in range(6):
        app.test_client().post("/forgotten-password", data={"email": zoe.email})
    log_in(app.test_client(), zoe.email)
    assert told(mailbox) == [zoe.email]


def test_the_cookie_names_nobody(client, make):
    log_in(client, make("Zoe").email)
    assert "zoe" not in client.get_cookie("cvtube-browser").value.lower()
    assert isinstance(make("Cy"), User)
