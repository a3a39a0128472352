"""Every page about people × every person."""

from __future__ import annotations

import pytest

from tests.personas import NAMES

EVERYBODY = set(NAMES)
KNOWN = EVERYBODY - {"nobody"}
CANDIDATES = {"ada", "cy"}
RECRUITERS = {"rae", "uma"}

PAGES = {
    "/signup": EVERYBODY,
    "/signup/recruiter": EVERYBODY,
    "/forgotten-password": EVERYBODY,
    "/occupations": EVERYBODY,
    "/places": EVERYBODY,
    "/account": KNOWN,
    "/account/password": KNOWN,
    "/account/address": KNOWN,
    "/account/deletion": CANDIDATES | RECRUITERS,
    "/profile": CANDIDATES,
    "/organisation": RECRUITERS,
    "/outbox": {"adm"},
    "/admin/people": {"adm"},
    "/admin/organisations": {"adm"},
}
POSTS = {
    "/account": KNOWN,
    "/account/language": KNOWN,
    "/account/password": KNOWN,
    "/account/address": KNOWN,
    f"/account/log-ins/{'0' * 26}/end": set(),
    "/account/deletion": CANDIDATES | RECRUITERS,
    "/profile": CANDIDATES,
    "/organisation": RECRUITERS,
}
PROGRAM = {"Accept": "application/json"}


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_for_whom_they_are_for(people, name):
    browser = people.client(name)
    for path, who_may in PAGES.items():
        answer = browser.get(path)
        if name in who_may:
            assert answer.status_code == 200, path
        elif name == "nobody" and path != "/outbox":
            assert (answer.status_code, answer.location) == (303, f"/login?next={path}")
        else:
            assert answer.status_code == 404, path


@pytest.mark.parametrize("name", NAMES)
def test_so_are_the_buttons(people, name):
    browser = people.client(name)
    for path, who_may in POSTS.items():
        answer = browser.post(path, headers=PROGRAM)
        if name in who_may:
            assert answer.status_code == 422, path  # heard, and found empty
        elif name == "nobody":
            assert (answer.status_code, answer.json["code"]) == (401, "log_in_first")
        else:
            assert answer.status_code == 404, path


@pytest.mark.parametrize("name", NAMES)
def test_the_doors_let_the_known_through_and_ask_the_unknown(people, name):
    answer = people.client(name).get("/login")
    assert answer.status_code == (200 if name == "nobody" else 303)


@pytest.mark.parametrize("name", NAMES)
def test_a_mailed_link_asks_nobody_who_they_are(people, name):
    for path in ("/confirm/x", "/new-password/x", "/new-address/x"):
        assert people.client(name).get(path).status_code == 410


def test_the_menu_of_each_person_leads_to_pages_they_may_see(people):
    for name in KNOWN:
        page = people.client(name).get("/account").text
        for path, who_may in PAGES.items():
            if f'href="{path}"' in page:
                assert name in who_may, path
