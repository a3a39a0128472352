"""Reviewing with a keyboard, on a phone, and by a screen reader's rules: in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cvtube.videos.models import Clip, Review
from tests.browser import DESK, PHONE, accessibility_problems

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def app(app):
    """With its protection against forged requests on, as in life."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app


@pytest.fixture
def films(studio, clock):
    """Two films that wait, the first for an hour longer."""
    first = studio.sent(titles=("Hello", "Proof"))
    clock.advance(hours=1)
    return first, studio.sent(studio.everybody[2])


def reviews(runtime, film):
    with runtime.reading() as session:
        return [session.get_one(Clip, clip_id).review for clip_id in film.clips]


def test_a_film_is_approved_with_three_keys(open_as, runtime, films, take_effect):
    page = open_as("ben", "/moderation")
    page.get_by_role("button", name="Vérifier le film suivant").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/moderation/films/{films[0].id}")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Accepter les 2 parties en attente")).to_be_focused()
    expect(page.get_by_role("status").last).to_have_text("Appuyez sur Entrée pour accepter.")
    assert reviews(runtime, films[0]) == [Review.PENDING] * 2  # a slip of the finger shows nobody
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/moderation/films/{films[1].id}")
    expect(page.get_by_text("Film accepté").first).to_be_visible()
    take_effect()
    assert reviews(runtime, films[0]) == [Review.APPROVED] * 2


def test_changes_are_asked_for_without_a_mouse(open_as, runtime, films, mails, take_effect):
    page = open_as("ben", "/moderation")
    page.get_by_role("button", name="Vérifier le film suivant").press("Enter")
    page.wait_for_url("**/films/*")
    page.keyboard.press("c")
    part = page.get_by_label("Quelle partie").first
    expect(part).to_be_focused()
    part.select_option(label="Proof")
    page.keyboard.press("Tab")
    reason = page.get_by_label("Motif").first
    expect(reason).to_be_focused()
    reason.select_option(value="sound")
    words = page.get_by_label("Votre message à la personne").first
    expect(words).to_have_value("À 0:00, on vous entend mal, parce que…")
    page.keyboard.press("Tab")
    expect(words).to_be_focused()
    # What is typed replaces the "…". Every letter of a decision is also a letter.
    page.keyboard.type(" une perceuse couvre car rn?")
    expect(words).to_have_value("À 0:00, on vous entend mal, parce que une perceuse couvre car rn?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Partie à refaire").first).to_be_visible()
    assert page.url.endswith(films[0].id)  # the other part still waits
    take_effect()
    assert reviews(runtime, films[0]) == [Review.PENDING, Review.NEEDS_CHANGES]
    assert "une perceuse" in mails()[0].body


def test_what_a_moderator_has_written_is_never_replaced(open_as, films):
    page = open_as("ben", "/moderation")
    page.get_by_role("button", name="Vérifier le film suivant").click()
    page.wait_for_url("**/films/*")
    page.keyboard.press("c")
    form = page.locator("details[open]")
    reason, words = form.get_by_label("Motif"), form.get_by_label("Votre message à la personne")
    reason.select_option(value="technical")
    expect(words).to_have_value("À 0:00, le film s’arrête ou se brouille, parce que…")
    reason.select_option(value="orientation")
    expect(words).to_have_value("À 0:00, l’image est…")
    words.click()
    page.keyboard.type(" penchée")
    expect(words).to_have_value("À 0:00, l’image est penchée")
    words.fill("À 0:07, vous avez la tête en bas.")
    reason.select_option(value="dark")
    expect(words).to_have_value("À 0:07, vous avez la tête en bas.")


def test_next_and_help_have_their_keys_and_all_keys_can_be_switched_off(open_as, films):
    page = open_as("ben", f"/moderation/films/{films[0].id}")
    page.keyboard.press("Shift+?")
    help_ = page.get_by_role("dialog", name="Raccourcis clavier")
    expect(help_).to_be_visible()
    page.keyboard.press("n")  # nothing happens behind an open dialog
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    page.keyboard.press("Control+a")
    page.keyboard.press("n")
    expect(page.get_by_text("Réservé pour vous")).to_be_visible()

    page.get_by_label("Raccourcis à une touche").uncheck()
    page.reload()
    expect(page.get_by_label("Raccourcis à une touche")).not_to_be_checked()
    page.locator("h1").click()
    page.keyboard.press("Shift+?")
    page.keyboard.press("c")
    expect(help_).to_be_hidden()
    expect(page.locator("details.ruling[open]")).to_have_count(0)


def test_ten_seconds_run_down_and_one_key_undoes(open_as, runtime, films):
    page = open_as("ben", "/moderation")
    page.clock.install()
    page.get_by_role("button", name="Vérifier le film suivant").press("Enter")
    page.wait_for_url(f"**/moderation/films/{films[0].id}")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/moderation/films/{films[1].id}")
    bar = page.locator("[data-undo]")
    page.clock.run_for(200)  # what is there before a screen reader listens is not read out
    told = "Vous pouvez annuler pendant 10\u00a0secondes."
    expect(bar.get_by_role("status")).to_contain_text(told)
    left = page.locator("[data-undo-seconds]")
    before = int(left.inner_text())
    page.clock.run_for(3000)
    assert 0 < int(left.inner_text()) <= before - 3
    page.keyboard.press("u")
    page.wait_for_url(f"**/moderation/films/{films[0].id}")
    expect(page.get_by_text("Votre décision est annulée.")).to_be_visible()
    assert reviews(runtime, films[0]) == [Review.PENDING] * 2

    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/moderation/films/{films[1].id}")
    below = page.locator("h1").bounding_box()
    bar.get_by_role("button").focus()
    page.clock.run_for(11_000)
    expect(bar.get_by_role("button")).to_have_count(0)
    expect(bar).to_be_focused()  # what had the focus is gone: one is not thrown to the top
    expect(bar).to_contain_text("Film accepté")
    assert page.locator("h1").bounding_box() == below  # nothing moves under a film that plays


def test_from_a_decision_that_came_too_late_one_key_leads_on(open_as, runtime, films):
    page = open_as("ben", "/moderation")
    page.get_by_role("button", name="Vérifier le film suivant").press("Enter")
    page.wait_for_url(f"**/moderation/films/{films[0].id}")
    other = page.context.new_page()
    other.goto(page.url)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/moderation/films/{films[1].id}")
    other.keyboard.press("a")
    other.keyboard.press("Enter")
    expect(other.get_by_text("Vous avez déjà pris cette décision.")).to_be_visible()
    assert accessibility_problems(other) == []
    other.keyboard.press("n")
    other.wait_for_url(f"**/moderation/films/{films[1].id}")


def test_pictures_lead_to_their_second_and_the_film_starts_fast(open_as, people, films):
    page = open_as("ben", f"/moderation/films/{films[0].id}")
    page.get_by_role("button", name="Vérifier ce film").click()
    expect(page.get_by_text("Réservé pour vous")).to_be_visible()
    # Stands for the player, whose element behaves like a video's.
    page.evaluate(
        """() => {
          const film = document.createElement("video");
          let at = 0;
          Object.defineProperty(film, "currentTime", { get: () => at, set: (s) => { at = s; } });
          document.querySelector("cv-review").prepend(film);
        }"""
    )
    page.get_by_role("link", name="Aller à 0:14").click()
    assert page.evaluate("document.querySelector('video').currentTime") == 14
    expect(page.get_by_role("link", name="Aller à 0:14")).to_have_attribute("aria-current", "true")
    page.keyboard.press("c")  # it is about the part at which the film stands
    expect(page.get_by_label("Quelle partie").first).to_have_value(films[0].clips[1])
    page.get_by_label("Lire tout de suite, à la vitesse 1,5×").check()
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.5
    page.reload()
    expect(page.get_by_label("Lire tout de suite, à la vitesse 1,5×")).to_be_checked()
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.includes('review'))")
    assert kept == [f"cvtube-review-{people.ben.id}"]  # somebody else's on this device is theirs


def test_the_page_says_when_the_film_is_not_reserved_any_more(open_as, people, films, clock):
    page = open_as("ben", "/moderation")
    page.clock.install()
    page.get_by_role("button", name="Vérifier le film suivant").click()
    page.wait_for_url("**/films/*")
    notice = page.get_by_text("Ce film ne vous est plus réservé.")
    page.mouse.move(200, 200)
    with page.expect_response("**/lock") as answer:
        page.clock.fast_forward("04:01")
    assert answer.value.json()["seconds"] == 900
    expect(notice).to_be_hidden()

    clock.advance(minutes=16)  # the page was left alone, and Mo took the film
    people.client("mo").post("/moderation/next")
    page.clock.fast_forward("16:00")
    expect(notice).to_be_visible()


def test_everything_works_without_scripts(open_as, runtime, films, clock, take_effect):
    page = open_as("ben", "/moderation", java_script_enabled=False)
    page.get_by_role("button", name="Vérifier le film suivant").click()
    page.locator("summary", has_text="Refuser").click()
    form = page.locator("details[open]")
    form.get_by_label("Quelle partie").select_option(label="Hello")
    form.get_by_label("Motif").select_option(value="scam")
    form.get_by_label("Votre message à la personne").fill("À 0:03, vous demandez de l’argent.")
    form.get_by_role("button", name="Refuser cette partie").click()
    expect(page.get_by_text("Partie refusée").first).to_be_visible()
    clock.advance(seconds=1)
    page.get_by_role("button", name="Accepter la partie en attente").click()
    page.wait_for_url(f"**/moderation/films/{films[1].id}")
    page.get_by_role("button", name="Annuler cette décision").first.click()
    expect(page.get_by_text("Votre décision est annulée.")).to_be_visible()
    page.get_by_role("button", name="Accepter la partie en attente").click()
    page.wait_for_url(f"**/moderation/films/{films[1].id}")
    take_effect()
    assert reviews(runtime, films[0]) == [Review.REJECTED, Review.APPROVED]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_card_lies_over_another(open_as, films, viewport):
    """However far the page is scrolled, and with a form of the decision open."""
    page = open_as("ben", "/moderation", viewport=viewport)
    page.get_by_role("button", name="Vérifier le film suivant").click()
    page.wait_for_url("**/films/*")
    overlaps = """() => {
      const shown = [...document.querySelectorAll('.review-side .card')].map((card) => {
        const box = card.getBoundingClientRect();
        const side = card.closest('.review-side').getBoundingClientRect();
        return { top: Math.max(box.top, side.top), bottom: Math.min(box.bottom, side.bottom),
                 left: box.left, right: box.right };
      }).filter((box) => box.bottom > box.top);
      return shown.some((one, i) => shown.some((other, j) => i < j
        && one.top < other.bottom && other.top < one.bottom
        && one.left < other.right && other.left < one.right));
    }"""
    for open_form in (False, True):
        if open_form:
            page.keyboard.press("r")
        bottom = page.evaluate("document.documentElement.scrollHeight")
        for at in range(0, bottom, 150):
            page.evaluate("(at) => window.scrollTo(0, at)", at)
            assert not page.evaluate(overlaps), at


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_no_page_keeps_anybody_out(open_as, people, studio, films, viewport):
    """Every page as it comes, the film's also with its forms open and a mistake in one."""
    online = studio.approved()
    look = {"viewport": viewport, "color_scheme": "dark" if viewport is PHONE else "light"}
    page = open_as("adm", "/moderation", **look)

    def check() -> None:
        assert accessibility_problems(page) == []
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide)

    check()
    addresses = (
        "/moderation/recruiters", f"/moderation/recruiters/{people.uma.id}", "/moderation/events",
        "/film-rules", f"/moderation/films/{online.id}", f"/moderation/films/{online.id}/events",
    )  # fmt: skip
    for address in addresses:
        page.goto(address)
        check()
    page.goto("/moderation")
    page.get_by_role("button", name="Vérifier le film suivant").click()
    page.wait_for_url("**/films/*")
    page.keyboard.press("r")
    page.get_by_role("button", name="Refuser cette partie").click()
    expect(page.locator("details[open] .error").first).to_be_visible()
    check()


def test_a_statement_of_reasons_can_be_read_by_everybody(open_as, people, films, take_effect):
    people.client("ben")
    page = open_as("ben", f"/moderation/films/{films[1].id}")
    page.get_by_role("button", name="Vérifier ce film").click()
    page.locator("summary", has_text="Demander des corrections").click()
    page.get_by_label("Motif").first.select_option(value="dark")
    page.get_by_label("Votre message à la personne").first.fill("À 0:02, on ne voit rien.")
    page.get_by_role("button", name="Demander de refaire cette partie").click()
    page.wait_for_load_state()
    take_effect()
    candidate = open_as("cy", f"/decisions/{films[1].clips[0]}", viewport=PHONE)
    expect(candidate.get_by_role("heading", name="Pourquoi")).to_be_visible()
    assert accessibility_problems(candidate) == []
