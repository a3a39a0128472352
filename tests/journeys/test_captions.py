"""A machine's draft, a candidate's words, a moderator's look, and a recruiter who finds them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cvtube.browse import jobs
from cvtube.moderation.jobs import carry_out_decisions
from cvtube.videos import captions, lifecycle
from cvtube.videos.lifecycle import drafts
from cvtube.videos.sentences import Sentence
from cvtube.videos.timeline import Version
from tests import drafting, factories
from tests.browse import media
from tests.browse.conftest import clips  # noqa: F401 (fixtures)
from tests.browser import DESK, PHONE, accessibility_problems, until
from tests.journeys.site_under_test import send_to_moderators

DRAFT = (
    Sentence(500, 2500, "Bonjour, moi c'est Kamii.", (500, 1000, 1500, 2000)),
    Sentence(
        3000, 6000, "Je tiens la pet, avec se gide.", (3000, 3300, 3600, 4000, 4500, 5000, 5500)
    ),
)
PATIENCE_MS = 20_000
PLAYER = "document.querySelector('film-video')"
# media-chrome's own: see tests/browse/test_player.py
NOT_OURS = ("media-captions-button", "media-time-display")


@pytest.fixture
def settings(settings):
    """Of a site with an engine."""
    return settings.model_copy(update={"captions_engine": "faster-whisper"})


@pytest.fixture
def app(app):
    """With its protection against forged requests on, as in life."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app


@pytest.fixture
def film(people, runtime, clips, now):  # noqa: F811
    """A film of Ada's in a draft, with a machine's captions."""
    with runtime.transaction() as session:
        ada = session.merge(people.ada)
        video = factories.make_video(session, ada, now, chapter_titles=["Qui je suis"])
        clip = media.add_clip(
            session, runtime.storage, video.chapters[0], now,
            owner=ada, shape=media.LANDSCAPE, folder=clips["landscape"],
        )  # fmt: skip
        factories.agree_to_drafts(session, video, now)
        held = drafting.claim(session, clip.id, now)
        drafts.finish_draft(session, held, DRAFT, now, language="fr")
    return video, clip


def kept(runtime, clip, cut=Version.WORKING):
    with runtime.reading() as session:
        return [cue.text for cue in captions.cues_of(session, [clip.id], cut)]


def saved(page):
    status = page.locator("[data-status]")
    expect(status).to_have_text("Tout est enregistré.", timeout=PATIENCE_MS)


def problems(page):
    return [one for one in accessibility_problems(page) if not any(w in one for w in NOT_OURS)]


def test_a_corrected_word_is_found_and_read(open_as, film, people, runtime, clock):
    video, clip = film
    page = open_as("ada", f"/my-films/{video.id}", viewport=PHONE)
    page.get_by_role("link", name="Sous-titres").click()
    expect(page.get_by_text("Brouillon automatique")).to_be_visible()
    until(page, f"!!{PLAYER}?.duration")
    page.get_by_label("Phrase 1", exact=True).fill("Bonjour, moi c'est Camille.")
    page.get_by_label("Phrase 2", exact=True).fill("Je tiens la paie, avec Cegid.")
    page.keyboard.press("Tab")
    saved(page)  # leaving a field keeps it
    page.get_by_role("button", name="Oui, confirmer ces sous-titres").click()
    expect(page.get_by_text("Notre équipe les vérifiera avec votre film.")).to_be_visible()
    assert kept(runtime, clip) == ["Bonjour, moi c'est Camille.", "Je tiens la paie, avec Cegid."]
    page.locator("a.back-link").click()
    send_to_moderators(page)

    review = open_as("ben", f"/moderation/films/{video.id}")
    review.get_by_role("button", name="Vérifier ce film").click()
    expect(review.get_by_text("sous-titres confirmés par la personne")).to_be_attached()
    review.get_by_role("button", name="Accepter la partie en attente").click()
    expect(review.get_by_text("Film accepté").first).to_be_visible()  # said aloud, too
    clock.advance(seconds=10)
    carry_out_decisions()
    jobs.index_video(video.id)

    found = open_as("rae", "/search?q=cegid", viewport=DESK)
    found.locator(f"a[href^='/films/{video.id}']").first.click()
    expect(found.get_by_text("Je tiens la paie, avec Cegid.")).to_be_visible()
    until(found, f"!!{PLAYER}?.duration")
    track = f"[...{PLAYER}.textTracks].find(t => t.kind === 'captions')"
    found.locator("media-captions-button").click()
    until(found, f"[...({track}.cues || [])].map(c => c.text).join().includes('paie')")


def test_sentences_are_heard_split_joined_and_deleted_beside_the_film(open_as, film, runtime):
    video, clip = film
    page = open_as("ada", f"/my-films/{video.id}/captions/{clip.id}", viewport=PHONE)
    until(page, f"!!{PLAYER}?.duration")
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    # Hearing one: it is marked while it is heard, and the film stops behind it.
    page.get_by_role("link", name="Écouter la phrase 2").click()
    until(page, "document.querySelectorAll('.sentence')[1].hasAttribute('aria-current')")
    until(page, f"{PLAYER}.paused && {PLAYER}.currentTime >= 6", patience_s=40)
    # Enter parts a sentence where the caret is, by the keyboard alone.
    second = page.get_by_label("Phrase 2", exact=True)
    second.focus()
    second.evaluate("e => e.setSelectionRange(15, 15)")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Phrase 3", exact=True)).to_be_focused()
    assert kept(runtime, clip)[1:] == ["Je tiens la", "pet, avec se gide."]
    page.keyboard.type("Pour la ")
    page.locator(".sentence").nth(1).get_by_text("Modifier").click()
    page.get_by_role("button", name="Réunir avec la suivante").first.click()
    expect(page.locator(".sentence")).to_have_count(2)
    assert kept(runtime, clip)[1] == "Je tiens la Pour la pet, avec se gide."
    page.locator(".sentence").nth(0).get_by_text("Modifier").click()
    page.get_by_role("button", name="Supprimer").first.click()
    expect(page.locator(".sentence")).to_have_count(1)
    assert len(kept(runtime, clip)) == 1
    page.evaluate(f"{PLAYER}.currentTime = 0.4")
    until(page, f"Math.abs({PLAYER}.currentTime - 0.4) < 0.1")
    page.get_by_role("button", name="Ajouter une phrase ici").click()
    expect(page.get_by_label("Phrase 1", exact=True)).to_be_focused()
    page.keyboard.type("Bonjour.")
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    saved(page)
    assert kept(runtime, clip)[0] == "Bonjour."
    assert problems(page) == []


def test_without_a_network_nothing_typed_is_lost(open_as, film, runtime):
    video, clip = film
    page = open_as("ada", f"/my-films/{video.id}/captions/{clip.id}")
    until(page, f"!!{PLAYER}?.duration")
    page.context.set_offline(True)
    page.get_by_label("Phrase 1", exact=True).fill("Dans le tunnel.")
    page.get_by_label("Phrase 2", exact=True).focus()
    waiting = "Pas encore enregistré. Nous réessayons."
    expect(page.locator("[data-status]")).to_have_text(waiting, timeout=PATIENCE_MS)
    page.context.set_offline(False)
    saved(page)
    assert kept(runtime, clip)[0] == "Dans le tunnel."


def test_without_scripts_it_is_a_plain_form(open_as, film, runtime):
    video, clip = film
    path = f"/my-films/{video.id}/captions/{clip.id}"
    page = open_as("ada", path, viewport=PHONE, java_script_enabled=False)
    page.get_by_label("Phrase 1", exact=True).fill("Bonjour,\nmoi c'est Camille.")
    page.get_by_role("button", name="Enregistrer", exact=True).last.click()
    expect(page.get_by_text("Tout est enregistré.")).to_be_visible()
    assert kept(runtime, clip)[:2] == ["Bonjour,", "moi c'est Camille."]


def test_the_page_shows_the_draft_as_soon_as_it_is_there(open_as, film, runtime, now):
    video, clip = film
    with runtime.transaction() as session:
        session.delete(captions.track_of(session, clip.id))
        lifecycle.write_captions(session, clip.id, [], "fr")
        held = drafting.claim(session, clip.id, now)
    page = open_as("ada", f"/my-films/{video.id}/captions/{clip.id}")
    expect(page.get_by_text("Vos sous-titres automatiques sont en préparation.")).to_be_visible()
    with runtime.transaction() as session:
        drafts.finish_draft(session, held, DRAFT, now, language="fr")
    expect(page.get_by_text("Brouillon automatique")).to_be_visible(timeout=PATIENCE_MS)


def test_a_machine_listens_once_it_may_and_stops_when_it_may_not(open_as, film, runtime, now):
    video, clip = film
    page = open_as("ada", f"/my-films/{video.id}/captions/{clip.id}", viewport=PHONE)
    page.get_by_text("Retirer mon accord", exact=True).click()  # asks first
    page.get_by_role("button", name="Retirer mon accord et supprimer les brouillons").click()
    expect(page.get_by_text("Les sous-titres automatiques sont arrêtés.")).to_be_visible()
    assert kept(runtime, clip) == []
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="Oui, préparer mes sous-titres").click()
    expect(page.get_by_text("Vos sous-titres automatiques sont en préparation.")).to_be_visible()
    with runtime.transaction() as session:
        held = drafting.claim(session, clip.id, now)
        drafts.finish_draft(session, held, DRAFT, now, language="fr")
    expect(page.get_by_text("Brouillon automatique")).to_be_visible(timeout=PATIENCE_MS)
    assert problems(page) == []
