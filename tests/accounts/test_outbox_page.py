"""The local mailbox is open where it can do no harm, and to nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cvtube.app import create_app
from cvtube.mail import outbox
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
        return sites[kind].client(name).get(path)

    return visit


def who_sees_it(visit, **changes):
    answers = {name: visit(name, **changes).status_code for name in NAMES}
    assert set(answers.values()) <= {200, 404}
    return {name for name, status in answers.items() if status == 200}


def test_in_a_demonstration_it_is_for_everybody(visit):
    assert who_sees_it(visit, demo=True) == set(NAMES)


def test_elsewhere_it_is_for_administrators(visit):
    assert who_sees_it(visit) == {"adm"}


def test_with_a_mail_server_there_is_none(visit):
    assert who_sees_it(visit, mail_url="smtp://localhost", demo=True) == set()


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
