"""The pages as people use them: by keyboard, by thumb, without a script, without good eyes."""

from __future__ import annotations

import re
from functools import partial

import pytest
from playwright.sync_api import Locator, Page, expect

from cvtube.accounts.models import CandidateProfile
from tests.browser import PHONE, accessibility_problems

PASSWORD = "un vieux moulin bleu"


@pytest.fixture
def visit(open_as):
    """Opens a page of the site in English, as somebody."""
    return partial(open_as, locale="en-GB")


@pytest.fixture
def kept(people, runtime):
    def kept():
        with runtime.reading() as session:
            return session.get(CandidateProfile, people.ada.id)

    return kept


def suggestions(page: Page) -> Locator:
    return page.locator("[role=listbox]:not([hidden]) [role=option]")


class TestCombobox:
    """As the ARIA Authoring Practices Guide describes it, and screen readers expect it."""

    def test_a_job_and_a_town_are_chosen_by_keyboard_alone(self, visit, kept):
        page = visit("ada", "/profile")
        job = page.get_by_role("combobox", name="Job you are looking for")
        expect(job).to_have_attribute("aria-expanded", "false")
        job.focus()
        page.keyboard.type("boulang")
        expect(job).to_have_attribute("aria-expanded", "true")
        options = suggestions(page)
        expect(options.first).to_have_text("Baker")
        expect(page.get_by_role("status").filter(has_text="suggestions")).to_have_count(1)

        page.keyboard.press("ArrowDown")
        expect(options.first).to_have_attribute("aria-selected", "true")
        active = job.get_attribute("aria-activedescendant")
        assert active == options.first.get_attribute("id")
        page.keyboard.press("ArrowUp")  # round the end of the list
        expect(options.last).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(job).to_have_value("Baker")
        expect(job).to_have_attribute("aria-expanded", "false")
        expect(job).to_be_focused()
        assert page.url.endswith("/profile")  # choosing sends nothing
        assert page.locator("[name=occupation_code]").input_value() == "D1102"

        page.get_by_role("combobox", name="Your town").focus()
        page.keyboard.type("33000")
        expect(options.first).to_have_text("Bordeaux (33)")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        expect(page.get_by_label("How far can you travel?")).to_be_focused()
        page.get_by_role("button", name="Save my profile").press("Enter")
        expect(page.get_by_text("Your profile is saved.")).to_be_visible()
        assert (kept().occupation_code, kept().place_code) == ("D1102", "33063")

    def test_escape_closes_first_and_empties_then(self, visit):
        page = visit("ada", "/profile")
        job = page.get_by_role("combobox", name="Job you are looking for")
        job.press_sequentially("soud")
        expect(suggestions(page).first).to_be_visible()
        job.press("Escape")
        expect(suggestions(page).first).to_be_hidden()
        expect(job).to_have_value("soud")
        job.press("Escape")
        expect(job).to_have_value("")

    def test_an_arrow_opens_it_again_and_typing_forgets_the_choice(self, visit):
        page = visit("ada", "/profile")
        job = page.get_by_role("combobox", name="Job you are looking for")
        job.press_sequentially("pizza")
        page.get_by_role("option", name="Pizza chef").click()
        code = page.locator("[name=occupation_code]")
        assert code.input_value() == "G1604"
        job.press("ArrowDown")
        expect(suggestions(page).first).to_have_attribute("aria-selected", "true")
        job.press("ArrowLeft")  # back in the text: nothing is chosen by Enter now
        expect(suggestions(page).first).to_have_attribute("aria-selected", "false")
        job.press("End")
        job.press("Backspace")
        assert code.input_value() == ""

    def test_nothing_found_is_said_and_a_lost_network_is_no_error(self, visit, site):
        page = visit("ada", "/profile")
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        job = page.get_by_role("combobox", name="Job you are looking for")
        job.press_sequentially("xyzzyx")
        expect(page.get_by_role("status").filter(has_text="Nothing found")).to_have_count(1)
        page.route("**/occupations**", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            job.fill("bouch")
        expect(job).to_have_attribute("aria-expanded", "false")
        assert errors == []

    def test_what_is_tapped_below_stays_where_it_is_when_nothing_was_found(self, visit):
        page = visit("ada", "/profile", viewport=PHONE)
        page.get_by_role("combobox", name="Job you are looking for").press_sequentially("zzzz")
        expect(page.locator(".suggestions-none").first).to_be_visible()
        below = page.locator("[name=experience]").first
        before = below.bounding_box()
        below.click()  # pressed and released: what moves in between is not ticked
        assert below.bounding_box() == before
        expect(below).to_be_checked()

    def test_escape_keeps_a_word_that_we_do_not_know(self, visit):
        page = visit("ada", "/profile")
        job = page.get_by_role("combobox", name="Job you are looking for")
        job.press_sequentially("unicorn trainer")
        expect(page.locator(".suggestions-none").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(job).to_have_value("unicorn trainer")

    def test_a_finger_chooses_on_a_phone(self, visit, kept):
        page = visit("ada", "/profile", viewport=PHONE, has_touch=True)
        job = page.get_by_role("combobox", name="Job you are looking for")
        job.tap()
        job.press_sequentially("coiffeuse")
        option = page.get_by_role("option", name="Hairdresser", exact=True)
        box = option.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        option.tap()
        expect(job).to_have_value("Hairdresser")


def test_without_a_script_the_page_asks_which_one_is_meant(visit, kept):
    page = visit("ada", "/profile", java_script_enabled=False)
    page.get_by_label("Job you are looking for").fill("femme de ménage")
    page.get_by_label("Later").check()
    page.get_by_label("From this day").fill("2026-06-01")
    page.get_by_role("button", name="Save my profile").click()
    expect(page.get_by_role("alert")).to_contain_text("Which of these jobs do you mean?")
    page.get_by_label("Cleaner", exact=True).check()
    page.get_by_role("button", name="Save my profile").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    assert kept().occupation_code == "K2205"
    assert kept().available_from.isoformat() == "2026-06-01"


def test_the_day_is_asked_for_only_of_who_starts_later(visit):
    page = visit("ada", "/profile")
    day = page.get_by_label("From this day")
    expect(day).to_be_hidden()
    page.get_by_label("Later").check()
    expect(day).to_be_visible()
    page.get_by_label("Straight away").check()
    expect(day).to_be_hidden()


def test_a_password_can_be_looked_at_and_is_hidden_again_when_sent(visit):
    page = visit("nobody", "/signup")
    password = page.get_by_label("Password", exact=True)
    password.fill("short")
    page.get_by_role("button", name="Show the password").click()
    expect(password).to_have_attribute("type", "text")
    expect(password).to_be_focused()
    page.evaluate(
        "() => document.forms[0].addEventListener('submit', (e) => { e.preventDefault(); })"
    )
    page.locator("form.card button.big").click()
    expect(password).to_have_attribute("type", "password")


def test_what_is_wrong_is_read_first_and_leads_to_the_field(visit):
    page = visit("nobody", "/signup")
    page.get_by_label("First name").fill("Zoé")
    page.get_by_role("button", name="Create my account").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    alert.get_by_role("link", name=re.compile("email address is not complete")).click()
    email = page.get_by_label("Email address")
    expect(email).to_be_focused()
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_have_accessible_description(re.compile("not complete"))
    expect(page.get_by_label("First name")).to_have_value("Zoé")


def test_the_counter_counts(visit):
    page = visit("ada", "/profile")
    page.get_by_label("A few words about you").press_sequentially("Bonjour")
    expect(page.get_by_text("593 characters left").first).to_be_visible()


def test_somebody_signs_up_by_keyboard_and_reads_the_mail(visit, site, mailbox):
    page = visit("nobody", "/signup", viewport=PHONE, locale="fr-FR")
    page.get_by_label("Prénom").focus()
    for text in ("Zoé", "Durand", "zoe@example.org", PASSWORD):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Regardez vos e-mails")).to_be_visible()
    page.goto(site + mailbox.link())
    page.get_by_role("button", name="Confirmer mon adresse e-mail").press("Enter")
    expect(page.get_by_text("Votre adresse est confirmée.")).to_be_visible()
    assert page.url == f"{site}/profile"


PAGES = [
    ("nobody", "/login"),
    ("nobody", "/signup"),
    ("nobody", "/signup/recruiter"),
    ("nobody", "/forgotten-password"),
    ("nobody", "/confirm/x"),
    ("ada", "/profile"),
    ("ada", "/account"),
    ("ada", "/account/password"),
    ("ada", "/account/address"),
    ("ada", "/account/deletion"),
    ("uma", "/organisation"),
    ("rae", "/organisation"),
    ("adm", "/outbox"),
]


@pytest.mark.parametrize(("name", "path"), PAGES, ids=[f"{name}{path}" for name, path in PAGES])
def test_each_page_is_sound_and_fits(visit, mailbox, client, name, path):
    client.post(
        "/signup", data={"given_name": "Zoé", "email": "z@example.org", "password": PASSWORD}
    )
    page = visit(name, path)
    assert accessibility_problems(page) == []
    assert page.locator("h1").count() == 1
    # 1280 pixels at 400 % zoom are 320 (WCAG 1.4.10); French is the longer language.
    page = visit(name, path, viewport={"width": 320, "height": 640}, locale="fr-FR")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", ["/signup/recruiter", "/profile", "/account/password"])
def test_so_is_each_page_with_mistakes(visit, path):
    page = visit("nobody" if "signup" in path else "ada", path, color_scheme="dark")
    page.locator("main form:not(.languages) button:not(.reveal)").last.click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert accessibility_problems(page) == []
