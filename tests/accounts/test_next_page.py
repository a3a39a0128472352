"""Whoever follows a link and has no account yet comes to what they wanted, once they may see it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from cvtube.accounts.models import User
from tests.accounts.test_authentication import CANDIDATE, RECRUITER

FILM = f"/films/{'A' * 26}?t=18"
STUDIO = "/studio/check"


def wanted(address: str) -> list[str]:
    return parse_qs(urlsplit(address).query).get("next", [])


def sign_up(client, path, form, to):
    return client.post(path, query_string={"next": to}, data=form)


@pytest.mark.parametrize(
    "page", ["/login", "/card", "/signup", "/signup/recruiter", "/forgotten-password"]
)
def test_every_way_in_leads_to_the_others_with_it(client, page):
    text = client.get(page, query_string={"next": FILM}).text.replace("&amp;", "&")
    links = re.findall(
        r'href="(/(?:login|card|signup|signup/recruiter|forgotten-password)(?:\?[^"]*)?)"', text
    )
    assert len(links) >= 2
    assert [link for link in links if wanted(link) != [FILM]] == []


def test_a_candidate_comes_to_the_page_they_opened(client, mailbox):
    sign_up(client, "/signup", CANDIDATE, STUDIO)
    assert wanted(mailbox.link()) == [STUDIO]
    assert client.post(mailbox.link()).location == STUDIO


def test_a_candidate_is_not_led_to_a_page_for_recruiters(client, mailbox):
    sign_up(client, "/signup", CANDIDATE, FILM)
    assert client.post(mailbox.link()).location == "/profile"


def test_in_another_browser_it_opens_behind_the_password(app, client, mailbox):
    sign_up(client, "/signup", CANDIDATE, STUDIO)
    elsewhere = app.test_client()
    login = elsewhere.post(mailbox.link()).location
    assert (urlsplit(login).path, wanted(login)) == ("/login", [STUDIO])
    assert elsewhere.post(login, data=CANDIDATE).location == STUDIO


def test_so_does_who_already_has_an_account(app, client, mailbox):
    sign_up(client, "/signup", CANDIDATE, STUDIO)
    client.post(mailbox.link())
    sign_up(app.test_client(), "/signup", CANDIDATE, STUDIO)
    assert wanted(mailbox.link()) == [STUDIO]


def test_a_forgotten_password_does_not_lose_it(client, mailbox):
    sign_up(client, "/signup", CANDIDATE, STUDIO)
    client.post(mailbox.link())
    sign_up(client, "/forgotten-password", CANDIDATE, STUDIO)
    assert client.post(mailbox.link(), data={"password": "un autre moulin"}).location == STUDIO


def test_a_recruiter_gets_the_video_with_the_news_of_the_verification(
    client, mailbox, people, runtime
):
    sign_up(client, "/signup/recruiter", RECRUITER, FILM)
    assert client.post(mailbox.link()).location == "/organisation"
    assert "Notre e-mail vous mènera à la page" in client.get("/organisation").text
    with runtime.reading() as session:
        rec = session.scalars(select(User).where(User.email == RECRUITER["email"])).one()
    people.client("ben").post(f"/moderation/recruiters/{rec.id}/verification")
    assert f"http://localhost{FILM}" in mailbox.newest().body
    with runtime.reading() as session:
        assert session.get_one(User, rec.id).wanted_path is None
    assert client.get(FILM).status_code == 404  # it opens nothing by itself


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example", "/\\evil.example", "/" + "a" * 200]
)
def test_nothing_but_a_path_of_this_site_is_carried(client, mailbox, away):
    sign_up(client, "/signup", CANDIDATE, away)
    assert wanted(mailbox.link()) == []
    assert client.post(mailbox.link(), query_string={"next": away}).location == "/profile"
