"""Names are what people are called; mails must not carry somebody else's links in them."""

from __future__ import annotations

import pytest

from cvtube.accounts.names import refuse_address
from cvtube.errors import Refused

FORM = {"email": "zoe@example.org", "password": "un vieux moulin bleu", "given_name": "Zoé"}
PROGRAM = {"Accept": "application/json"}
PRIZE = "https://evil.example/prize YOU WON"


@pytest.mark.parametrize(
    "name",
    ["Zoé", "Jean-Pierre", "J. Martin", "J.Martin", "J.R.R. Tolkien", "O’Neil", "St. John", "M. Li",
     "Anne-Sophie d’Aix", "Nguyễn Văn An", "Łukasz", "محمد", "李小龙", "Dr. h.c. Ada",
     ""],
)  # fmt: skip
def test_what_people_are_called_is_a_name(name):
    refuse_address(name)


@pytest.mark.parametrize(
    "name",
    [PRIZE, "Zoé evil.example", "www.evil", "EVIL.EXAMPLE", "t.co/x", "x.com", "evil。example",
     "evil．example", "http://1", "192.0.2.1", "me@evil", "éve.fr", "go to bit.ly/abc", "a-b.co"],
)  # fmt: skip
def test_what_a_mail_program_would_make_a_link_of_is_none(name):
    with pytest.raises(Refused, match="name_not_valid"):
        refuse_address(name)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/signup", "given_name"),
        ("/signup", "family_name"),
        ("/signup/recruiter", "given_name"),
    ],
)
def test_nobody_gets_a_mail_with_such_a_name_in_it(client, runtime, path, field):
    form = {**FORM, "organisation": "Durand", "charter": "y", field: PRIZE}
    answer = client.post(path, data=form, headers=PROGRAM)
    assert (answer.status_code, answer.json["code"]) == (422, "name_not_valid")


@pytest.mark.parametrize(
    ("who", "path", "form"),
    [
        ("ada", "/account", {"given_name": PRIZE}),
        ("kim", "/cards", {"names": f"Fatou\r\n{PRIZE}"}),
    ],
)
def test_nor_can_it_be_taken_later(people, who, path, form):
    answer = people.client(who).post(path, data=form, headers=PROGRAM)
    assert (answer.status_code, answer.json["code"]) == (422, "name_not_valid")


def test_an_organisation_may_be_called_like_its_site(people):
    answer = people.client("uma").post("/organisation", data={"organisation": "Booking.com"})
    assert answer.status_code == 303
