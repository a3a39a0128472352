"""The screens read themselves aloud: with recordings, else with the browser's own voice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.cards import scanned_svg
from tests.browser import SMALL, open_context, until
from tests.spoken_pages import LISTEN, button, read_all

VOICE = """
window.spoken = [];
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => [{ lang: 'en-US' }, { lang: 'fr_FR' }],
  speak(said) {
    if (said.text) window.spoken.push(said.text);
    setTimeout(() => said.onend?.(), 5);
  },
  cancel() {},
}});
"""
MUTE = "delete window.speechSynthesis; delete Window.prototype.speechSynthesis;"
FOREIGN = VOICE.replace("fr_FR", "de-DE")


@pytest.fixture
def french(filming):
    """A film whose parts have French titles."""
    filming.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
    filming.start()
    return filming


@pytest.fixture
def listen(browse):
    """Opens a screen with the given voice of the browser, or none, as French people see it."""

    def open_screen(path: str, *scripts: str) -> Page:
        page = browse("/my-films")
        for script in (LISTEN, *scripts):
            page.add_init_script(script)
        page.goto(path)
        return page

    return open_screen


def test_the_line_that_is_played_is_marked_until_it_is_stopped(filming, listen):
    question = f"/studio/chapters/{filming.chapters[0].id}/questions/since"
    page = listen(question, "window.pace = 0.25;")
    button(page).click()
    heading = page.locator("h1.is-read")
    expect(heading).to_have_text("Depuis combien de temps faites-vous ce métier ?")
    button(page).click()
    expect(button(page)).to_have_attribute("aria-pressed", "false")
    expect(heading).to_have_count(0)
    # Pressed again, it begins anew, and comes to the next line.
    page.evaluate("window.pace = 8")
    button(page).click()
    until(page, "() => window.heard.length > 1")


def test_what_only_this_page_knows_is_said_by_the_browsers_own_voice(filming, listen):
    page = listen(f"/studio/chapters/{filming.chapters[0].id}/questions/name", VOICE)
    assert read_all(page) == [
        "Quel est votre prénom ?", "Ou avec vos mots :", "Répondre à voix haute",
        "Continuer", "Passer cette question",
    ]  # fmt: skip
    assert page.evaluate("window.spoken") == ["Ada"]


def test_a_list_is_said_piece_by_piece(french, listen):
    page = listen(f"/studio/films/{french.film_id}", VOICE)
    assert read_all(page)[:5] == [
        "Mon film",
        "Bonjour",
        "À filmer",
        "Ce que je sais faire",
        "À filmer",
    ]
    assert page.evaluate("window.spoken") == ["Continuer : Bonjour"]


@pytest.mark.parametrize("silence", [MUTE, FOREIGN], ids=["no voice", "no French voice"])
def test_without_a_voice_the_recordings_are_still_heard(filming, listen, silence):
    page = listen(f"/studio/chapters/{filming.chapters[0].id}/questions/name", silence)
    heard = read_all(page)
    assert (heard[0], heard[-1]) == ("Quel est votre prénom ?", "Passer cette question")
    assert not page.evaluate("window.spoken ?? []")


@pytest.mark.parametrize("missing", ["**/spoken/**/*.mp3", "**/spoken/**/index.json*"])
def test_where_recordings_do_not_arrive_the_browsers_own_voice_says_them(filming, listen, missing):
    page = listen(f"/studio/chapters/{filming.chapters[0].id}/questions/name", VOICE)
    page.route(missing, lambda route: route.abort())
    assert read_all(page) == []
    assert page.evaluate("window.spoken")[:2] == ["Quel est votre prénom ?", "Ada"]


def test_a_persons_own_words_are_said_and_hidden_ones_are_not(french, listen):
    chapter = french.chapters[0].id
    french.post(f"/chapters/{chapter}/script", text="Bonjour, je m’appelle Ada.")
    page = listen(f"/studio/chapters/{chapter}/script", VOICE)
    assert read_all(page)[0] == "Ce que je vais dire"
    assert page.evaluate("window.spoken")[0] == "Bonjour, je m’appelle Ada."
    page = listen(f"/studio/films/{french.film_id}/parts", VOICE)
    assert "Bonjour" in read_all(page)
    assert [said for said in page.evaluate("window.spoken") if "Bonjour" in said] == []


def test_nothing_is_fetched_before_the_button_is_pressed(filming, listen):
    page = listen("/my-films")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/studio/chapters/{filming.chapters[0].id}")
    expect(button(page)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [address for address in asked if "/spoken/" in address] == []
    button(page).click()
    until(page, "() => window.heard.length > 0")
    assert "/spoken/fr/index.json?of=" in next(one for one in asked if "/spoken/" in one)


@pytest.fixture
def stranger(chromium, site):
    """Opens a page as a French visitor whose browser has a voice."""
    context = open_context(chromium, base_url=site, viewport=SMALL)
    page = context.new_page()
    page.add_init_script(LISTEN + VOICE)

    def open_page(path: str) -> Page:
        page.goto(path)
        return page

    yield open_page
    context.close()


def said_by_anybody(page: Page) -> set[str]:
    """Recorded or not: what was just written is recorded last."""
    return {*read_all(page), *page.evaluate("window.spoken")}


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/", {"Filmez-vous avec votre téléphone. Nous vous aidons à chaque étape."}),
        ("/card", {"Se connecter avec ma carte", "Numéro de carte", "Se connecter"}),
        ("/login", {"Se connecter", "Se connecter avec ma carte"}),
        ("/signup", {"Créer mon compte", "Prénom"}),
    ],
)
def test_who_is_not_logged_in_yet_can_listen(stranger, path, texts):
    said = said_by_anybody(stranger(path))
    assert texts <= {text.partition(" Les recruteurs")[0] for text in said}


def test_so_can_a_candidate_outside_the_studio(french, listen):
    page = listen("/my-films", VOICE)
    making = {"Mes films", "Continuer mon film", "Déjà filmé : 0 sur 6"}
    assert {*making, "Filmer partie par partie"} <= said_by_anybody(page)
    page = listen(f"/my-films/{french.film_id}", VOICE)
    assert "Parties déjà filmées : 0 sur 6." in " ".join(said_by_anybody(page))
    page = listen("/account", VOICE)
    assert {"Mon compte", "Mon nom"} <= said_by_anybody(page)


def test_the_phone_reads_whom_it_takes_for_its_owner(french, stranger):
    answer = french.browser.post("/hand-overs", data={"next": "/my-films"})
    page = french.browser.get(answer.location).text
    (drawing,) = re.findall(r'(<svg[^>]*class="qr".*?</svg>)', page, re.DOTALL)
    address = re.search(r"/phone/[\w-]+", scanned_svg(drawing))
    said = said_by_anybody(stranger(address[0]))
    assert {"Vous êtes Ada ?", "Oui, continuer avec ce compte"} <= said


def test_pages_of_recruiters_and_moderators_have_no_such_button(people):
    for name, path in (("rae", "/account"), ("ben", "/account"), ("rae", "/organisation")):
        assert "data-read-aloud" not in people.client(name).get(path).text
