"""The administrators' pages on a phone, on a desk, and without a script."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import expect

from cvtube.accounts.models import User
from tests.browser import DESK, PHONE, accessibility_problems


@pytest.fixture
def visit(open_as):
    """Opens a page in English, as the administrator."""
    return partial(open_as, "adm", locale="en-GB")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_fit_and_can_be_read_by_everybody(visit, people, viewport):
    ada = people.ada
    assert people.rae.organisation_id
    for path in ("/admin/people", f"/admin/people/{ada.id}", "/admin/organisations"):
        page = visit(path, viewport=viewport)
        for summary in page.locator("summary").all():
            summary.click()
        assert accessibility_problems(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, path


def test_an_account_is_suspended_without_a_script(visit, people, runtime):
    assert people.ada.given_name == "Ada"
    page = visit("/admin/people", java_script_enabled=False)
    page.get_by_label("Name, email address or card number").fill("ada@example.org")
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.get_by_role("link", name="Ada Test").click()
    page.get_by_text("Suspend the account").first.click()
    form = page.locator("form[action$='/suspension']")
    form.get_by_label("Reason").select_option("rules")
    form.get_by_label("Your message to the person").fill("Ring us.")
    form.get_by_role("button").click()
    expect(page.get_by_text("The account is suspended.")).to_be_visible()
    with runtime.reading() as session:
        assert session.get_one(User, people.ada.id).suspension_words == "Ring us."
