"""The local mailbox is open where it can do no harm, and to nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cvtube.accounts import people
from cvtube.accounts.models import Role
from cvtube.app import create_app
from cvtube.mail import outbox
from cvtube.web.security import limiter
from tests import factories
from tests.personas import NAMES, Personas


@pytest.fixture
def visit(runtime):
    """Visits the page as somebody, under some settings."""
    sites = {}

    def visit(name, path="/outbox", **changes):
        kind = str(changes)
        if kind not in sites:
            settings = runtime.settings.model_copy(update=changes)
            sites[kind] = Personas(create_app(replace(runtime, settings=settings)), runtime)
        if name == "marie":
            sites[kind].marie = marie(runtime)
        return sites[kind].client(name).get(path)

    return visit


def who_sees_it(visit, **changes):
    answers = {name: visit(name, **changes).status_code for name in NAMES}
    assert set(answers.values()) <= {200, 404}
    return {name for name, status in answers.items() if status == 200}


@pytest.mark.parametrize("demo", [True, False])
def test_it_is_for_administrators_in_a_demonstration_too(visit, demo):
    assert who_sees_it(visit, demo=demo) == {"adm"}


def test_a_demonstrations_administrator_is_an_invented_person(visit, runtime):
    """Whoever else administers it reads nobody's mails."""
    assert visit("marie", demo=True).status_code == 404
    assert visit("marie").status_code == 200


@pytest.mark.both_databases
@pytest.mark.parametrize("demo", [True, False])
def test_an_administrator_whose_password_is_public_reads_no_real_persons_mail(
    visit, runtime, clock, demo
):
    """Asked at each request: also those of people who came after the start, and once it is over."""
    real = [
        "zoe@a-real-domain.fr",
        "zoe@notexample.org",
        "zoe@example.org.evil.fr",
        "root@localhost",
    ]
    invented = ["zoe@example.org", "zoe@mail.example.com", "zoe@shop.example"]
    assert visit("adm", demo=demo).status_code == 200
    for address in real + invented:
        write_to(runtime, clock, address)
    page = visit("adm", demo=demo).text
    assert [address for address in real + invented if f": {address} " in page] == invented
    if not demo:
        page = visit("marie").text
        assert all(f": {address} " in page for address in real + invented)


def test_with_a_mail_server_there_is_none(visit):
    assert who_sees_it(visit, mail_url="smtp://localhost", demo=True) == set()


def marie(runtime):
    """An administrator who is a real person."""
    address = "marie@a-real-domain.fr"
    with runtime.transaction() as session:
        known = people.find_user(session, address)
        made = known or factories.make_user(session, runtime.now(), name="Marie", role=Role.ADMIN)
        made.email = address
        return made


def write_to(runtime, clock, address):
    clock.advance(seconds=1)
    with runtime.transaction() as session:
        values = {"name": "Zoé", "link": "http://localhost/confirm/x"}
        outbox.post(session, clock(), address, "confirm_address", "en", **values)


def write(runtime, clock, n, name="Zoé"):
    for i in range(n):
        clock.advance(seconds=1)
        link = f"http://localhost/confirm/{i}"
        with runtime.transaction() as session:
            outbox.post(
                session, clock(), f"z{i}@example.org", "confirm_address", "en", name=name, link=link
            )


def test_mails_are_read_newest_first_page_by_page(visit, runtime, clock):
    write(runtime, clock, 32)
    page = visit("adm").text
    assert page.index("z31@example.org") < page.index("z30@example.org")
    assert "z1@example.org" not in page
    (rest,) = {part.partition('"')[0] for part in page.split('rel="next" href="')[1:]}
    older = visit("adm", rest.replace("&amp;", "&")).text
    assert "z1@example.org" in older
    assert "z0@example.org" in older
    assert 'rel="next"' not in older


def test_links_can_be_opened_and_nothing_else_is_markup(visit, runtime, clock):
    write(runtime, clock, 1, name="<script>alert(1)</script>")
    page = visit("adm").text
    assert '<a href="http://localhost/confirm/0"' in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("after", ["x", "2026-01-01~x", "9999-99-99T00:00:00+00:00~" + "0" * 26])
def test_a_place_we_never_wrote_is_a_bad_request(visit, after):
    assert visit("adm", f"/outbox?after={after}").status_code == 400


# -- what a visitor of the demo is told ------------------------------------------------------------


@pytest.fixture
def demo(runtime, monkeypatch):
    """A browser in a demonstration."""
    monkeypatch.setattr(limiter, "enabled", False)
    settings = runtime.settings.model_copy(update={"demo": True})
    app = create_app(replace(runtime, settings=settings))
    app.config.update(WTF_CSRF_ENABLED=False)
    return app.test_client()


ENGLISH = {"Accept-Language": "en"}
ZOE = {"given_name": "Zoé", "password": "un vieux moulin bleu"}


def test_somebody_new_is_told_where_the_mail_is(demo):
    answer = demo.post("/signup", data={**ZOE, "email": "zoe@example.org"})
    page = demo.get(answer.location, headers=ENGLISH).text
    assert "This is a demo: it sends no email." in page
    assert 'href="/login?next=/outbox"' in page


@pytest.mark.parametrize("path", ["/signup", "/signup/recruiter"])
def test_nobody_real_is_taken_into_a_demo_whose_mails_nobody_gets(demo, path):
    answer = demo.post(path, data={**ZOE, "email": "zoe@a-real-domain.fr"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "This is a demo. Use an email address that ends in @example.org." in answer.text


def test_elsewhere_any_address_is_taken(client):
    answer = client.post("/signup", data={**ZOE, "email": "zoe@a-real-domain.fr"})
    assert answer.status_code == 303
    assert "demo" not in client.get(answer.location, headers=ENGLISH).text
