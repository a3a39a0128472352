"""The whole film at once: from the device that filmed it, until the server has made it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cvtube.videos import lifecycle
from cvtube.videos.models import Chapter, Clip, Stage, Video
from tests.browser import accessibility_problems, until
from tests.recorder.filming import Filming
from tests.services import wait_for

# How many takes this device still has.
COUNT = """() => {
    indexedDB.open('cvtube-studio').onsuccess = ({target}) => setInterval(() => {
        const notes = target.result.transaction('notes').objectStore('notes');
        notes.count().onsuccess = (event) => { window.kept = event.target.result; };
    }, 100);
}"""
PARTS = ["Bonjour", "Au revoir"]


@pytest.fixture
def film(people, runtime, now) -> Video:
    with runtime.transaction() as session:
        ada = session.merge(people.ada)
        return lifecycle.start_video(session, ada, now, chapter_titles=PARTS)


@pytest.fixture
def filmed(ada_context, runtime, wire, film) -> Filming:
    """Both parts are filmed and chosen, the first without its first second. Nobody transcodes."""
    first = Filming(ada_context, runtime, wire, film.chapters[0])
    first.take(3)
    first.button("Débuter plus tard").click(click_count=2)
    first.button("Prendre celle-ci").click()
    first.wait_for_state("chosen")
    second = Filming(ada_context, runtime, wire, film.chapters[1], first.page)
    second.take(2)
    second.button("Prendre celle-ci").click()
    second.wait_for_state("chosen")
    second.wait_until_sent(2)
    return second


def open_review(filmed: Filming, film: Video) -> Page:
    filmed.page.goto(f"{filmed.wire.url}/studio/films/{film.id}/review")
    return filmed.page


def takes_in(film: Video, session) -> list[Clip]:
    """Those the server knows to be in the film."""
    takes = select(Clip).join(Chapter, Chapter.next_clip_id == Clip.id)
    return list(session.scalars(takes.where(Chapter.video_id == film.id)))


def test_the_parts_play_one_after_the_other_each_as_it_is_cut(filmed, film):
    page = open_review(filmed, film)
    expect(page.get_by_text("Voici votre film, gardé sur cet appareil.")).to_be_visible()
    expect(page.get_by_text("Une partie n’est pas encore prête.")).to_be_hidden()
    assert accessibility_problems(page) == []
    until(page, "() => document.querySelector('video').currentTime >= 1")
    page.evaluate(
        """() => {
            window.played = [];
            const video = document.querySelector('video');
            video.muted = true;
            video.addEventListener('playing', () => window.played.push(
                [document.querySelector('[aria-current=true]').textContent, video.currentTime]));
            video.play();
        }"""
    )
    until(page, "() => window.played.length === 2")
    (one, at), (other, _) = page.evaluate("window.played")
    assert [one, other] == PARTS
    assert at >= 0.95
    # After the last part the film stands at its beginning again.
    expect(page.get_by_role("button", name="Bonjour", exact=True)).to_have_attribute(
        "aria-current", "true"
    )


def test_a_part_is_looked_at_by_its_name(filmed, film):
    page = open_review(filmed, film)
    page.get_by_role("button", name="Au revoir", exact=True).click()
    expect(page.get_by_role("button", name="Au revoir", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    until(page, "() => document.querySelector('video').currentTime > 0.5")


def test_there_is_nothing_to_watch_before_anything_is_filmed(ada_context, wire, film):
    page = ada_context.new_page()
    page.goto(f"{wire.url}/studio/films/{film.id}")
    expect(page.get_by_role("link", name="Continuer : Bonjour")).to_be_visible()
    expect(page.locator("[data-premiere-link]")).to_be_hidden()


def test_takes_stay_until_the_server_has_made_them(filmed, film, runtime):
    def chosen() -> None:
        with runtime.reading() as session:
            assert len(takes_in(film, session)) == len(PARTS)

    wait_for(chosen)
    address = f"{filmed.wire.url}/studio/films/{film.id}"
    filmed.page.goto(address)
    expect(filmed.page.get_by_role("link", name="Regarder mon film")).to_be_visible()
    expect(open_review(filmed, film).locator("[data-premiere]")).to_be_visible()

    with runtime.transaction() as session:
        for take in takes_in(film, session):
            take.stage, take.ready_at, take.duration_ms = Stage.READY, runtime.now(), 2000
    page = open_review(filmed, film)
    expect(page.locator("[data-server-film]")).to_be_visible()
    expect(page.locator("[data-premiere]")).to_be_hidden()
    page.evaluate(COUNT)
    until(page, "() => window.kept === 0")
