"""Each screen on a small phone: nothing to scroll to, nothing axe-core finds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from cvtube.videos import lifecycle
from cvtube.videos.models import Clip, Visibility
from tests.browser import DESK, PHONE, SMALL, accessibility_problems, fits

SEEN_WORDS = """(button) => [...button.childNodes].some((node) =>
  node.textContent.trim() && !node.classList?.contains('visually-hidden'))"""
EMPTY_PLAYER = "label-content-name-mismatch: ['media-time-display']"  # there are no bytes here


def problems(page: Page) -> list[str]:
    return [one for one in accessibility_problems(page) if not one.startswith(EMPTY_PLAYER)]


def small(browse, language: str) -> Page:
    return browse("/my-films", viewport=SMALL, has_touch=True, locale=language)


def look(page: Page, path: str, language: str) -> None:
    page.goto(path)
    assert fits(page), f"{path} must be scrolled in {language}"
    if language == "fr":
        assert problems(page) == [], path
    # One big button, and never two.
    expect(page.locator(".studio-foot .button.big:visible, [data-main]:visible")).to_have_count(1)


@pytest.fixture(params=["fr", "en"])
def language(request, filming) -> str:
    filming.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = request.param
    filming.be(occupation_code="A1203", skills=["élaguer", "tailler les rosiers"])
    filming.start()
    return request.param


def test_the_phone_is_offered_on_a_desk_alone(filming, browse):
    page = browse(f"/studio/films/{filming.film_id}", viewport=DESK)
    offer = page.get_by_role("button", name="Continuer sur mon téléphone")
    expect(offer).to_be_visible()
    page.set_viewport_size(SMALL)
    expect(offer).to_be_hidden()


def test_preparing_fits_a_small_phone(filming, browse, language):
    page, film = small(browse, language), filming.film_id
    hello, can, proof, *_ = filming.chapters
    for path in (
        f"/studio/films/{film}",
        f"/studio/films/{film}/parts",
        f"/studio/chapters/{hello.id}",
        f"/studio/chapters/{can.id}/questions/skills",
        f"/studio/chapters/{can.id}/questions/quality",
        f"/studio/chapters/{can.id}/removal",
        f"/studio/chapters/{can.id}/script",
    ):
        look(page, path, language)
    private = "J’ai 45 ans, j’ai deux enfants, je suis RQTH. 06 12 34 56 78, ada@example.org. "
    filming.post(f"/chapters/{proof.id}/script", text=private * 3)
    for path in (
        f"/studio/chapters/{proof.id}/script",
        f"/studio/chapters/{proof.id}",
        f"/studio/chapters/{proof.id}/recording",
    ):
        look(page, path, language)


def test_one_sees_what_one_types_on_a_small_phone(filming, browse, language):
    hello = filming.chapters[0]
    page = small(browse, language)
    for name in ("name", "job"):
        page.goto(f"/studio/chapters/{hello.id}/questions/{name}")
        assert page.locator("#typed").bounding_box()["width"] > 200


def test_a_question_with_many_answers_fits_a_small_phone(filming, browse, language):
    filming.be(skills=["élaguer", "tailler les rosiers", "conduire un tracteur", "semer"])
    filming.start()
    can = filming.chapters[1]
    look(small(browse, language), f"/studio/chapters/{can.id}/questions/skills", language)


def test_filming_and_sending_fit_a_small_phone(filming, browse, language):
    page, film, can = small(browse, language), filming.film_id, filming.chapters[1]
    filming.take(1)
    filming.take(1, ready=True)
    filming.take(0, chosen=True)
    filming.take(2)
    look(page, f"/studio/chapters/{can.id}", language)
    look(page, f"/studio/films/{film}", language)
    filming.all_ready()
    sending = [f"/sending?to={one}" for one in ("recruiters", "private_link")]
    for path in ("", "/review", "/audience", *sending, "/consents"):
        look(page, f"/studio/films/{film}{path}", language)
    points = {"to": "recruiters", "consent": ["show", "moderate", "alone", "discreet"]}
    filming.browser.post(f"/my-films/{film}/publication", data=points)
    for path in ("", "/audience", sending[1], "/link", "/consents"):
        look(page, f"/studio/films/{film}{path}", language)
    filming.post(f"/films/{film}/link", consent="link")
    for path in ("/link", "/consents"):
        look(page, f"/studio/films/{film}{path}", language)


def test_a_part_to_be_redone_keeps_its_button_in_sight(filming, browse, language, runtime):
    filming.all_ready()
    points = {"to": "recruiters", "consent": ["show", "moderate", "alone", "discreet"]}
    filming.browser.post(f"/my-films/{filming.film_id}/publication", data=points)
    with runtime.transaction() as session:
        clip = session.get_one(Clip, filming.chapters[1].live_clip_id)
        lifecycle.ask_for_changes(
            session, clip, runtime.now(), actor=filming.people.ben, reason="too_long", words="Long."
        )
    page, path = small(browse, language), f"/studio/chapters/{filming.chapters[1].id}"
    for big in ("a", "button"):  # film it again; then take what was filmed
        page.goto(path)
        expect(page.locator(f".studio-foot {big}.button.big:visible")).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]
        assert problems(page) == []
        filming.take(1)


def test_every_step_is_one_press_of_the_big_button(filming, browse, app):
    """From the list of films to a script, by thumb, against forgery as in life."""
    app.config["WTF_CSRF_ENABLED"] = True
    page = browse("/my-films", viewport=SMALL, has_touch=True)
    big = page.locator(".studio-foot .button.big:visible, [data-main]:visible")

    def go_on(where: str) -> None:
        big.tap()
        page.wait_for_url(where)  # loaded: a page that is not there yet hears no thumb

    page.get_by_role("button", name="Filmer partie par partie").tap()
    page.wait_for_url("**/studio/films/*")
    go_on("**/studio/chapters/*")
    expect(page.locator("h1")).to_have_text("Bonjour")
    go_on("**/questions/name")
    page.get_by_label("Ada", exact=True).tap()
    go_on("**/questions/job")
    page.get_by_role("combobox", name="Avec vos mots").fill("jardinière")
    big.tap()  # several jobs are called so: which of them is asked first
    page.get_by_text("Garder ce que j’ai écrit").tap()
    go_on("**/questions/since")
    page.get_by_label("cinq ans").tap()
    go_on("**/script")
    expect(page.get_by_role("textbox")).to_have_value(
        "Bonjour, je m’appelle Ada.\nJe cherche un poste de jardinière.\n"
        "Je fais ce métier depuis cinq ans."
    )
    big.tap()
    expect(big).to_have_text("Filmer cette partie")


def test_sending_by_keyboard_alone(filming, browse):
    filming.all_ready()
    page = browse(f"/studio/films/{filming.film_id}/audience")
    page.locator("input[name=to]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sending?to=recruiters")
    page.keyboard.press("Tab")
    for _ in range(30):
        kind = page.evaluate("document.activeElement.type")
        if kind == "checkbox":
            page.keyboard.press("Space")
        if kind == "submit":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/my-films/{filming.film_id}")
    assert filming.film.visibility is Visibility.RECRUITERS


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_picture_is_chosen_among_many_by_keyboard_with_the_big_button_in_sight(
    filming, browse, language
):
    filming.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    filming.start()
    filming.all_ready(stills=3)
    page = browse(f"/studio/films/{filming.film_id}/poster", viewport=SMALL, locale=language)
    assert page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]
    assert problems(page) == []
    big = page.locator(".studio-foot .button.big")
    expect(big).to_be_in_viewport(ratio=1)
    names = {"fr": "Partie 2 : Ce que je sais faire, image 1 sur 3",
             "en": "Part 2: What I can do, picture 1 of 3"}  # fmt: skip
    page.get_by_role("radio").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("radio", name=names[language].replace(" :", "\u00a0:"))
    expect(chosen).to_be_focused()
    expect(chosen).to_be_checked()
    expect(chosen).to_be_in_viewport(ratio=1)
    expect(big).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/review")
    assert filming.film.poster_chapter_id == filming.chapters[1].id


# The last line is seen whole: what follows is not seen at all, under the text's edge either.
WHOLE_LINES = """(one) => {
  const style = getComputedStyle(one);
  const lines = one.clientHeight / parseFloat(style.lineHeight);
  return [parseFloat(style.paddingBottom), Math.abs(lines - Math.round(lines)) < 0.05];
}"""


def test_a_long_text_ends_with_a_whole_line(filming, browse):
    filming.start()
    chapter = filming.chapters[0].id
    filming.post(f"/chapters/{chapter}/script", text="Bonjour, je cherche un poste. " * 20)
    for size in (SMALL, PHONE, DESK):
        page = browse(f"/studio/chapters/{chapter}", viewport=size)
        assert page.locator(".script-short").evaluate(WHOLE_LINES) == [0, True], size


def test_the_bar_is_as_wide_as_the_sheet_below(filming, browse):
    filming.start()
    page = browse(f"/studio/films/{filming.film_id}", viewport=DESK)
    for path in ("", "/parts", "/review"):
        page.goto(f"/studio/films/{filming.film_id}{path}")
        bar, sheet = (page.locator(one).bounding_box() for one in (".studio-bar", ".studio-screen"))
        assert (bar["x"], bar["width"]) == (sheet["x"], sheet["width"]), path


def test_the_overview_follows_the_encoder_by_itself(filming, browse):
    page = browse(f"/studio/films/{filming.film_id}", viewport=SMALL)
    line = page.locator(".part-list li").first
    expect(line).to_contain_text("À filmer")
    filming.take(0, ready=True)
    page.reload()
    expect(line).to_contain_text("Prêt")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_button_is_a_picture_alone(filming, browse, language):
    filming.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    filming.start()
    filming.take(1)
    page, can = small(browse, language), filming.chapters[1]
    for path in (
        f"/studio/films/{filming.film_id}/parts",
        f"/studio/chapters/{can.id}",
        f"/studio/chapters/{can.id}/recording",
        "/studio/check",
    ):
        page.goto(path)
        for button in page.locator("main :is(button, a.small-square, a.rec-round):visible").all():
            assert button.evaluate(SEEN_WORDS), (path, button.inner_html())
