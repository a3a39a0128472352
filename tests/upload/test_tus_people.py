"""An upload is its owner's; to everybody else it does not exist."""

from __future__ import annotations

import re

import pytest

from cvtube.accounts import account_states
from cvtube.accounts.account_states import Act
from cvtube.accounts.models import User
from cvtube.accounts.suspension import SuspensionReason
from tests.upload.tus import BYTES, Tus, code, film, original, upload_of

STRANGERS = ("cy", "rae", "uma", "ben", "adm")


@pytest.mark.parametrize("name", STRANGERS)
def test_the_upload_of_another_does_not_exist(tus, people, runtime, name):
    path = tus.create(9000, film(5000)).headers["Location"]
    stranger = Tus(people.client(name))
    assert stranger.head(path).status_code == 404
    assert code(stranger.patch(path, 5000, b"x")) == (404, "not_found")
    assert code(stranger.delete(path)) == (404, "not_found")
    assert original(runtime, path) == film(5000)


def test_a_visitor_is_asked_to_log_in_and_the_upload_waits(tus, people, runtime):
    path = tus.create(9000, film(5000)).headers["Location"]
    visitor = Tus(people.client("nobody"))
    assert visitor.head(path).status_code == 401
    assert code(visitor.patch(path, 5000, b"x")) == (401, "log_in_first")
    assert code(visitor.delete(path)) == (401, "log_in_first")
    assert code(visitor.create(5)) == (401, "log_in_first")
    assert upload_of(runtime, path).received == 5000


def test_somebody_suspended_is_told_so_and_goes_on_from_there_once_it_is_over(tus, people, runtime):
    path = tus.create(9000, film(5000)).headers["Location"]
    suspended = (403, "account_suspended")

    def change(verb, reason):
        with runtime.transaction() as session:
            ada = session.get_one(User, people.ada.id)
            verb(session, ada, runtime.now(), Act(None, reason))

    change(account_states.suspend, SuspensionReason.SECURITY)
    assert tus.head(path).status_code == 403
    assert code(tus.patch(path, 5000, film(9000)[5000:])) == suspended
    assert code(tus.create(5)) == suspended
    assert code(tus.delete(path)) == suspended
    change(account_states.reopen, SuspensionReason.CHECKED)
    again = Tus(people.client("ada"))
    assert again.head(path).headers["Upload-Offset"] == "5000"
    assert again.patch(path, 5000, film(9000)[5000:]).status_code == 204
    assert original(runtime, path) == film(9000)


@pytest.mark.parametrize(
    ("name", "status"), [("ada", 201), ("cy", 201), ("rae", 404), ("ben", 404)]
)
def test_candidates_send_films_and_others_do_not(people, name, status):
    assert Tus(people.client(name)).create(9000).status_code == status


def test_other_sites_cannot_send_in_somebody_s_name(app, people, runtime):
    app.config["WTF_CSRF_ENABLED"] = True
    tus = Tus(people.client("ada"))
    page = tus.client.get("/my-films").text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page).group(1)

    assert code(tus.create(9000)) == (400, "form_expired")
    path = tus.create(9000, x_csrftoken=token).headers["Location"]
    assert code(tus.patch(path, 0, film(9000))) == (400, "form_expired")
    assert upload_of(runtime, path).received == 0
    assert tus.patch(path, 0, film(9000), x_csrftoken=token).status_code == 204
    assert code(tus.delete(path)) == (400, "form_expired")
    assert tus.head(path).status_code == 200  # reading needs none
    assert tus.delete(path, x_csrftoken=token).status_code == 204


def test_no_form_s_address_takes_in_whatever_is_sent(app, people):
    """Forgery protection reads forms, and would put a file of any size on the disk for it."""
    app.config["WTF_CSRF_ENABLED"] = True
    tus = Tus(people.client("ada"))
    for path in ("/uploads", "/language"):
        headers = {"Tus-Resumable": "1.0.0", "Content-Type": "multipart/form-data; boundary=x"}
        answer = tus.client.post(path, headers=headers, data=bytes(2_000_000))
        assert code(answer) == (413, "request_too_big")
    answer = tus.create(5_000_000, film(2_000_000), content_type=BYTES + "; v=1")
    assert code(answer) == (400, "form_expired")
