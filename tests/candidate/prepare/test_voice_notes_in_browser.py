"""An answer is spoken into a real Chromium, whose microphone beeps, and heard again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from cvtube.candidate.prepare import voice_note_storage
from cvtube.videos.voice_notes import VoiceNote
from tests.browser import SMALL, fits, until
from tests.candidate.prepare.test_voice_notes import address_of, say
from tests.candidate.test_in_browser import look, problems, small


@pytest.fixture
def question(filming, browse, app):
    """Opens the screen with the most answers to tap, on a small phone, guarded as in life."""
    app.config["WTF_CSRF_ENABLED"] = True
    filming.be(occupation_code="A1203", skills=["élaguer", "tailler les rosiers"])
    path = f"/studio/chapters/{filming.chapters[1].id}/questions/skills"

    def open_question(script: str = "", **options: object) -> Page:
        page = browse("/my-films", viewport=SMALL, permissions=["microphone"], **options)
        page.context.add_init_script(script)
        page.goto(path)
        return page

    return open_question


# Buttons of the row that lie on one another, or whose words are wider than they are.
SPILT = """() => {
  const all = [...document.querySelectorAll(".voice-controls button")];
  const seen = all.filter((one) => one.offsetParent);
  const boxes = seen.map((one) => one.getBoundingClientRect());
  const lies = (n) => n > 0 && boxes[n - 1].right > boxes[n].left;
  const spilt = seen.filter((one, n) => lies(n) || one.scrollWidth > one.clientWidth);
  return spilt.map((one) => one.textContent.trim());
}"""


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def status(page: Page) -> Locator:
    """What a screen reader is told."""
    return page.locator(".voice-status[role=status]")


def speak(page: Page) -> None:
    """For a second by the clock on the screen."""
    button(page, "Répondre à voix haute").click()
    expect(page.get_by_role("timer")).to_have_text("0:01")


def hear(page: Page) -> None:
    """From the button to the end, with sound that really goes by."""
    hear_it = button(page, "Écouter ma note")
    hear_it.click()
    expect(hear_it).to_have_attribute("aria-pressed", "true")
    until(page, "() => document.querySelector('.hear + audio').currentTime > 0.5")
    expect(hear_it).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("document.querySelector('.hear + audio').ended")


def kept(runtime) -> list[int]:
    with runtime.reading() as session:
        return list(session.scalars(select(VoiceNote.size)))


def test_an_answer_is_said_heard_kept_and_removed(question, runtime):
    page = question()
    speak(page)
    expect(status(page)).to_have_text("Enregistrement…", use_inner_text=True)
    assert fits(page)
    button(page, "Arrêter").click()
    hear(page)
    assert fits(page)
    assert page.evaluate(SPILT) == []
    assert problems(page) == []
    page.reload()
    hear(page)
    (size,) = kept(runtime)
    assert size > 1000
    remove(page)
    expect(button(page, "Répondre à voix haute")).to_be_visible()
    assert kept(runtime) == []
    page.reload()
    expect(button(page, "Répondre à voix haute")).to_be_visible()


def remove(page: Page) -> None:
    """Asked first; the way out that is offered first keeps it."""
    button(page, "Enlever ma note").click()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    button(page, "Enlever ma note").click()
    assert problems(page) == []
    page.locator("dialog[open] [value=yes]").click()


def press_on(page: Page, name: str) -> None:
    """Reach the button by Tab and press it."""
    page.keyboard.press("Tab")
    for _ in range(30):
        if page.evaluate("document.activeElement.textContent.trim()").endswith(name):
            return page.keyboard.press("Enter")
        page.keyboard.press("Tab")
    raise AssertionError(name)


def test_by_keyboard_alone_the_focus_is_where_one_goes_on(question, runtime):
    page = question()
    expect(button(page, "Répondre à voix haute")).to_be_visible()
    press_on(page, "Répondre à voix haute")
    expect(button(page, "Arrêter")).to_be_focused()
    expect(page.get_by_role("timer")).to_have_text("0:01")
    page.keyboard.press("Enter")
    expect(button(page, "Écouter ma note")).to_be_focused()
    page.keyboard.press("Space")
    until(page, "() => document.querySelector('.hear + audio').currentTime > 0")
    press_on(page, "Enlever ma note")
    expect(page.locator("dialog[open] [value=no]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(button(page, "Répondre à voix haute")).to_be_focused()
    assert kept(runtime) == []


def test_next_takes_along_what_is_being_said_and_the_film_page_plays_it_only_before(
    question, filming, runtime
):
    page = question()
    speak(page)
    button(page, "Continuer").click()
    page.wait_for_url("**/questions/quality")
    assert len(kept(runtime)) == 1

    part = f"/studio/chapters/{filming.chapters[1].id}"
    for screen in ("", "/script"):
        page.goto(f"{part}{screen}")
        assert fits(page)
        assert problems(page) == []
        expect(page.get_by_text("Pour vous seulement, pas pour le film.")).to_be_visible()
    page.locator(".hear").click()
    until(page, "() => document.querySelector('.hear + audio').currentTime > 0")

    page.context.grant_permissions(["camera", "microphone"])
    page.goto(f"{part}/recording")
    expect(page.locator("cv-recorder[data-state=ready]")).to_be_visible()
    assert fits(page)
    hear_it = button(page, "Écouter ma note")
    hear_it.click()
    until(page, "() => document.querySelector('.hear + audio').currentTime > 0")
    button(page, "Commencer à filmer").click()
    expect(hear_it).to_be_hidden()
    assert page.evaluate("document.querySelector('.hear + audio').paused")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_screen_with_notes_fits_a_small_phone(filming, browse, language):
    hello, when = filming.chapters[0], filming.chapters[4]
    for number, questions in ((0, ("name", "job", "since")), (4, ("start", "place", "moving"))):
        for question in questions:
            answer = say(filming, address_of(filming, number, question))
            assert answer.status_code == 204, question
    filming.post(f"/chapters/{hello.id}/questions/name", typed="Ada")
    filming.post(f"/chapters/{when.id}/script", text="Demain, partout. " * 20)
    page = small(browse, language)
    for part in (hello, when):
        for screen in ("", "/script", "/recording"):
            look(page, f"/studio/chapters/{part.id}{screen}", language)


def test_without_a_network_what_was_said_waits_for_another_try(question, runtime):
    page = question()
    page.route("**/note", lambda route: route.abort())
    speak(page)
    button(page, "Arrêter").click()
    expect(page.get_by_role("alert")).to_contain_text("CV Tube ne répond pas.", use_inner_text=True)
    expect(status(page)).to_have_text("Votre note n’est pas encore gardée.", use_inner_text=True)
    assert fits(page)
    page.unroute("**/note")
    button(page, "Réessayer").click()
    expect(button(page, "Écouter ma note")).to_be_visible()
    expect(page.locator(".voice-problems > :visible")).to_have_count(0)
    assert len(kept(runtime)) == 1


def test_what_the_server_refuses_it_explains(question, runtime, monkeypatch):
    monkeypatch.setattr(voice_note_storage, "LARGEST", 100)
    page = question()
    speak(page)
    button(page, "Arrêter").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Cette note est trop longue.", use_inner_text=True
    )
    remove(page)
    expect(button(page, "Répondre à voix haute")).to_be_visible()


def test_it_stops_by_itself(question, runtime, monkeypatch):
    monkeypatch.setattr(voice_note_storage, "LONGEST_S", 1)
    page = question()
    button(page, "Répondre à voix haute").click()
    expect(button(page, "Écouter ma note")).to_be_visible()
    assert len(kept(runtime)) == 1


REFUSED = """
navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException('', 'NotAllowedError');
};
"""
NO_MICROPHONE = "navigator.mediaDevices.enumerateDevices = async () => [];"
NO_RECORDER = "delete window.MediaRecorder;"


def test_a_refused_microphone_says_what_to_do(question):
    page = question(REFUSED)
    button(page, "Répondre à voix haute").click()
    expect(page.get_by_role("alert")).to_contain_text("Autorisez le micro", use_inner_text=True)
    assert fits(page)
    expect(button(page, "Répondre à voix haute")).to_be_focused()


@pytest.mark.parametrize("missing", [NO_MICROPHONE, NO_RECORDER])
def test_where_nothing_can_be_said_no_button_says_so(question, missing):
    page = question(f"{missing} addEventListener('load', () => setTimeout(() => window.late = 1));")
    until(
        page,
        "() => window.late === 1 && document.querySelector('cv-voice-recorder').dataset.state",
    )
    expect(button(page, "Répondre à voix haute")).to_be_hidden()
    page.get_by_label("Ou avec vos mots").fill("greffer")
    button(page, "Continuer").click()
    page.wait_for_url("**/questions/quality")


def test_without_scripts_the_browser_plays_it(question):
    page = question()
    speak(page)
    button(page, "Arrêter").click()
    expect(button(page, "Écouter ma note")).to_be_visible()
    plain = question(java_script_enabled=False)
    expect(plain.locator("audio[controls]")).to_be_visible()
    expect(plain.locator("cv-voice-recorder button:visible")).to_have_count(0)
