"""The site answers to its own names, and sends nobody to another one."""

from __future__ import annotations

import pytest

from cvtube.web import hosts

ENGLISH = {"Accept-Language": "en"}
PROGRAM = {**ENGLISH, "Accept": "application/json"}


EVIL = [
    "evil.example",
    "evil.example:8321",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example#localhost",
    "localhost@evil.example",
    "[::1",
    "",
]


@pytest.mark.parametrize("host", EVIL)
@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/films//x", "/static/../x"])
def test_a_name_that_is_not_ours_is_refused_before_anything_else(client, host, path):
    answer = client.get(path, headers={**PROGRAM, "Host": host})
    assert answer.status_code == 400
    assert answer.json["code"] == "host_unknown"
    assert "Location" not in answer.headers


def test_it_is_said_in_one_sentence(client):
    page = client.get("/", headers={**ENGLISH, "Host": "evil.example"})
    assert "This site has another web address. Check the one you typed." in page.text


def test_a_form_for_somebody_else_changes_nothing(client):
    answer = client.post("/language", data={"language": "en"}, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert 'lang="fr"' in client.get("/", headers={"Accept-Language": "fr"}).text


@pytest.mark.parametrize("host", ["10.1.2.3:8321", "evil.example", "[fe80::1]"])
def test_whether_it_is_well_can_be_asked_by_any_name(client, host):
    for path in ("/healthz", "/readyz"):
        assert client.get(path, headers={"Host": host}).json["status"] == "ok"
    assert client.get("/metrics", headers={**PROGRAM, "Host": host}).json["code"] == "not_found"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9000", "127.0.0.1:8321", "[::1]:8321"])
def test_on_this_machine_it_answers_to_the_machines_names(site, host):
    assert site().get("/", headers={"Host": host}).status_code == 200


def test_elsewhere_it_answers_to_the_names_it_was_given(site):
    grown_up = {
        "bind": "192.168.1.5",
        "public_url": "https://CV.example.org",
        "allowed_hosts": "www.cv.example.org  10.1.2.3:8321 exämple.org",
    }
    visit = site(**grown_up)
    for host in ("cv.example.org", "CV.EXAMPLE.ORG:443", "www.cv.example.org", "10.1.2.3",
                 "xn--exmple-cua.org"):  # fmt: skip
        assert visit.get("/", headers={"Host": host}).status_code == 200, host
    for host in ("localhost", "127.0.0.1", "example.org", "192.168.1.5", ""):
        assert visit.get("/", headers={"Host": host}).status_code == 400, host


def test_behind_a_proxy_it_is_the_name_that_the_proxy_was_asked_for(site):
    visit = site(public_url="https://cv.example.org", trusted_proxies=1)
    sent = {"Host": "127.0.0.1:8321", "X-Forwarded-Host": "cv.example.org"}
    assert visit.get("/", headers=sent).status_code == 200
    assert visit.get("/", headers={**sent, "X-Forwarded-Host": "evil.example"}).status_code == 400


def test_every_name_is_kept_without_port_and_in_lower_case(settings):
    own = settings.model_copy(update={"public_url": "https://CV.example.org:8443", "bind": "::"})
    assert hosts.host_names(own) == {"cv.example.org"}


@pytest.mark.parametrize(
    "path", ["/films//x", "//films/x", "//evil.example/x", "/l//x", "/login//"]
)
def test_two_slashes_are_no_address_and_lead_nowhere(client, path):
    sent = {"PATH_INFO": path}  # the client would read another host into it
    answer = client.get("/", headers=PROGRAM, environ_overrides=sent)
    assert (answer.status_code, answer.json["code"]) in [(404, "not_found"), (401, "log_in_first")]
    assert "Location" not in answer.headers
