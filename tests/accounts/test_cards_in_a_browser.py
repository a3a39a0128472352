"""Cards and hand-overs as people use them: with a camera, by keyboard, on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.accounts.cards import printed, scanned_png
from tests.accounts.test_in_a_browser import visit  # noqa: F401 (a fixture)
from tests.browser import DESK, PHONE, accessibility_problems

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture
def fatou(people):
    (card,) = printed(people.client("kim").post("/cards", data={"names": "Fatou"}).text)
    return card


def scan(page, site):
    """What a camera in front of the screen reads, on this site."""
    (address,) = scanned_png(page.locator(".qr").first.screenshot())
    return address.replace("http://localhost", site)


def test_an_adviser_makes_a_card_and_its_holder_scans_it(visit, site):  # noqa: F811
    kim = visit("kim", "/cards")
    kim.get_by_label("First names").fill("Fatou")
    kim.get_by_role("button", name="Make the cards").click()
    expect(kim.get_by_role("heading", name="Cards to print")).to_be_visible()
    pin = kim.locator(".access-card-pin").inner_text()

    address = scan(kim, site)
    sent = []
    fatou = visit("nobody", "/login", viewport=PHONE)
    fatou.on("request", lambda request: sent.append((request.url, request.headers)))
    fatou.goto(address)
    expect(fatou.get_by_text("We have read your card. Now type your PIN.")).to_be_visible()
    expect(fatou.get_by_label("PIN", exact=True)).to_be_focused()
    assert fatou.url == f"{site}/card"  # neither the history nor the screen keeps the secret
    fatou.keyboard.type(pin)
    fatou.keyboard.press("Enter")
    fatou.wait_for_url(f"{site}/my-films")
    secret = address.rpartition("-")[2]
    assert not [request for request in sent if secret in str(request)]


def test_number_and_pin_may_be_pasted(visit, site, fatou):  # noqa: F811
    page = visit("nobody", "/card")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    for label, text in (("Card number", fatou.number), ("PIN", fatou.pin)):
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        page.get_by_label(label, exact=True).focus()
        page.keyboard.press("Control+V")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/my-films")


def test_another_number_is_not_sent_with_the_scanned_cards_secret(visit, site, fatou):  # noqa: F811
    page = visit("nobody", f"/card#{fatou.number}-{fatou.secret}")
    secret = page.locator("[name=secret]")
    expect(secret).to_have_value(fatou.secret)
    page.get_by_label("Card number").press_sequentially("1")
    expect(secret).to_have_value("")


def test_the_desk_sees_the_phone_come_and_logs_it_out_again(visit, site):  # noqa: F811
    desk = visit("ada", "/account")
    desk.get_by_role("button", name="Continue on your phone").click()
    expect(desk.get_by_text("Open your phone’s camera. Point it at this square.")).to_be_visible()
    phone = visit("nobody", "/", viewport=PHONE)
    phone.goto(scan(desk, site))
    expect(phone.get_by_role("heading", name="Are you Ada?")).to_be_visible()
    assert accessibility_problems(phone) == []
    phone.get_by_role("button", name="Yes, it’s me").click()
    phone.wait_for_url(f"{site}/account")
    expect(desk.get_by_role("status").filter(has_text="Your phone is connected.")).to_be_visible()
    assert accessibility_problems(desk) == []
    desk.get_by_role("button", name="Sign out my phone").click()
    expect(desk.get_by_text("Your phone is signed out.")).to_be_visible()
    phone.goto(f"{site}/account")
    assert phone.url == f"{site}/login?next=/account"


def test_on_paper_are_two_cards_a_page_and_nothing_else(visit):  # noqa: F811
    page = visit("kim", "/cards", locale="fr-FR")
    page.get_by_label("Prénoms").fill("Ann\nBob\nCy\nDee\nEve")
    page.get_by_role("button", name="Faire les cartes").click()
    page.locator(".access-card").nth(4).wait_for()
    page.emulate_media(media="print")
    for screen_only in (".site-header", ".site-footer", ".not-on-paper"):
        expect(page.locator(screen_only)).to_be_hidden()
    codes = scanned_png(page.screenshot(full_page=True))
    assert len(codes) == 5
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == 3


@SIZES
@pytest.mark.parametrize("path", ["/cards", "/card", "/account", "/account/pin", "/hand-overs"])
def test_each_page_is_sound_and_fits(visit, people, site, fatou, path, size):  # noqa: F811
    if path == "/cards":
        page = visit("kim", path, viewport=size)
    else:
        page = visit("nobody", "/card", viewport=size, locale="fr-FR")
    if path in {"/account", "/account/pin", "/hand-overs"}:
        page.get_by_label("Numéro de carte").fill(fatou.number)
        page.get_by_label("Code PIN", exact=True).fill(fatou.pin)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url("**/my-films")
        page.goto(site + (path if path != "/hand-overs" else "/account"))
    if path == "/hand-overs":
        # Narrow screens do not offer it; windows at a desk may get narrow afterwards.
        page.set_viewport_size(DESK)
        page.get_by_role("button", name="Continuer sur mon téléphone").click()
        page.set_viewport_size(size)
        page.locator(".qr").wait_for()
    assert accessibility_problems(page) == []
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", ["/card", "/phone/x"])
def test_so_is_what_is_said_when_it_does_not_work(visit, path):  # noqa: F811
    page = visit("nobody", path, viewport=PHONE, color_scheme="dark")
    if path == "/card":
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_focused()
    assert accessibility_problems(page) == []
