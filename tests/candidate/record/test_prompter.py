"""One's own words over the picture: they roll while one speaks, and wait while one pauses."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cvtube.candidate.prepare.models import Script
from cvtube.videos.models import Chapter
from tests.browser import until

TOPIC = "hello"
WORDS = "Bonjour, je m’appelle Ada et je suis soudeuse. " * 12
AT = "() => document.querySelector('[data-prompter]').scrollTop"


@pytest.fixture
def chapter(chapter, runtime, now):
    with runtime.transaction() as session:
        session.get_one(Chapter, chapter.id).topic = TOPIC
        script = Script(video_id=chapter.video_id, topic=TOPIC, text=WORDS.strip(), changed_at=now)
        session.add(script)
    return chapter


def test_the_words_roll_while_one_films_and_stand_still_in_a_pause(filming):
    page = filming.page
    filming.wait_for_state("ready")
    words = page.get_by_role("region", name="Mon texte")
    expect(words).to_be_visible()
    assert page.evaluate(AT) == 0
    filming.start()
    until(page, f"() => ({AT})() > 10")
    filming.button("Mettre en pause").click()
    filming.wait_for_state("paused")
    stood = page.evaluate(AT)
    page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    assert page.evaluate(AT) == stood
    filming.button("Continuer").click()
    until(page, f"(stood) => ({AT})() > stood", stood)


def test_the_words_can_be_put_elsewhere_or_away(filming):
    page = filming.page
    filming.wait_for_state("ready")
    words = page.get_by_role("region", name="Mon texte")
    filming.button("Réglages").click()
    page.get_by_label("Place du texte").select_option("bottom")
    expect(words).to_have_attribute("data-at", "bottom")
    page.get_by_label("Montrer mon texte").uncheck()
    expect(page.locator("[data-prompter]")).to_be_hidden()
