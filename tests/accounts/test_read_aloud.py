"""The pages that emails, codes and mistakes lead to can be read aloud like all others."""

from __future__ import annotations

from tests.accounts.test_authentication import CANDIDATE


def is_read(client, path) -> bool:
    return "data-read-aloud" in client.get(path, headers={"Accept": "text/html"}).text


def test_what_an_email_leads_to_can_be_read_aloud(client, mailbox):
    client.post("/signup", data=CANDIDATE)
    assert is_read(client, "/look-in-your-mailbox")
    link = mailbox.link()
    assert is_read(client, link)
    client.post(link)
    assert is_read(client, link)  # it no longer works, and says so
    client.post(
        "/account/address", data={"current": CANDIDATE["password"], "email": "z@example.org"}
    )
    assert is_read(client, mailbox.link())
    client.post("/forgotten-password", data=CANDIDATE)
    assert is_read(client, mailbox.link())


def test_so_can_what_a_code_leads_to_and_what_is_not_there(client, people):
    ada = people.client("ada")
    assert is_read(ada, ada.post("/hand-overs", data={"next": "/account"}).location)
    assert is_read(client, "/phone/x")
    assert is_read(client, "/nothing/here")
