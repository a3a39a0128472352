"""The whole film at once: from the device that filmed it, until the server has made it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cvtube.videos import lifecycle
from cvtube.videos.models import Chapter, Clip, Stage, Video
from tests.browse.media import LANDSCAPE, SQUARE, add_clip
from tests.browser import SMALL, accessibility_problems, fits, until
from tests.candidate.record.filming import Filming
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
    first.unfold("trim")
    first.button("Commencer plus tard").click(click_count=2)
    choose(first)
    second = Filming(ada_context, runtime, wire, film.chapters[1], first.page)
    second.take(2)
    choose(second)
    second.wait_until_sent(2)
    return second


def choose(filming: Filming) -> None:
    filming.button("Garder cet essai").click()
    filming.wait_for_state("chosen")


def open_review(filmed: Filming, film: Video) -> Page:
    filmed.page.goto(f"{filmed.wire.url}/studio/films/{film.id}/review")
    return filmed.page


def play_to_the_end(page: Page, parts: int) -> list[tuple[str, str, float]]:
    """Each part as it begins: its name, what plays it, and at which second of that."""
    expect(page.locator("[data-plays][aria-current=true]")).to_be_visible()
    page.evaluate(
        """() => {
            window.played = [];
            const box = document.querySelector('cv-local-preview');
            const look = ({target}) => {
                const name = box.querySelector('[aria-current=true]').textContent;
                if (target.hidden || window.played.some(([known]) => known === name)) return;
                window.played.push([name, target.localName, target.currentTime]);
            };
            for (const kind of ['playing', 'timeupdate'])
                box.addEventListener(kind, look, {capture: true});
            const screen = box.querySelector('.local-preview-film:not([hidden])');
            screen.muted = true;
            screen.play();
        }"""
    )
    until(page, "(parts) => window.played.length === parts", parts)
    return page.evaluate("window.played")


def takes_in(film: Video, session) -> list[Clip]:
    """Those the server knows to be in the film."""
    takes = select(Clip).join(Chapter, Chapter.next_clip_id == Clip.id)
    return list(session.scalars(takes.where(Chapter.video_id == film.id)))


def test_the_parts_play_one_after_the_other_each_as_it_is_cut_until_the_server_has_them(
    filmed, film, runtime
):
    page = open_review(filmed, film)
    expect(page.get_by_text("Voici votre film pour le moment.")).to_be_visible()
    expect(page.get_by_text("Une partie n’est pas encore prête.")).to_be_hidden()
    assert accessibility_problems(page) == []
    until(page, "() => document.querySelector('video').currentTime >= 1")
    (one, _, at), (other, _, _) = play_to_the_end(page, 2)
    assert [one, other] == PARTS
    assert at >= 0.95
    # After the last part the film stands at its beginning again.
    expect(page.get_by_role("button", name="Bonjour", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    page.get_by_role("button", name="Au revoir", exact=True).click()
    expect(page.get_by_role("button", name="Au revoir", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    until(page, "() => document.querySelector('video').currentTime > 0.5")

    # They stay on the device until the server can play them.
    def chosen() -> None:
        with runtime.reading() as session:
            assert len(takes_in(film, session)) == len(PARTS)

    wait_for(chosen)
    page.goto(f"{filmed.wire.url}/studio/films/{film.id}")
    expect(page.get_by_role("link", name="Regarder mon film")).to_be_visible()
    expect(open_review(filmed, film).locator("cv-local-preview")).to_be_visible()
    with runtime.transaction() as session:
        for take in takes_in(film, session):
            take.stage, take.ready_at, take.duration_ms = Stage.READY, runtime.now(), 2000
    page = open_review(filmed, film)
    expect(page.locator("[data-server-film]")).to_be_visible()
    expect(page.locator("cv-local-preview")).to_be_hidden()
    page.evaluate(COUNT)
    until(page, "() => window.kept === 0")


@pytest.fixture
def mixed(ada_context, runtime, wire, now, people, clips) -> tuple[Filming, Video]:
    """The first and the last of four parts are filmed here; the server has the two between."""
    with runtime.transaction() as session:
        ada = session.merge(people.ada)
        film = lifecycle.start_video(session, ada, now, chapter_titles=["Un", "Deux", "Trois", "4"])
        for chapter, shape in zip(film.chapters[1:], (LANDSCAPE, SQUARE), strict=False):
            add_clip(
                session, runtime.storage, chapter, now,
                owner=ada, shape=shape, folder=clips[shape.name],
            )  # fmt: skip
    filming = Filming(ada_context, runtime, wire, film.chapters[0])
    filming.take(2)
    choose(filming)
    last = Filming(ada_context, runtime, wire, film.chapters[3], filming.page)
    last.take(2)
    choose(last)
    last.wait_until_sent(2)
    return last, film


def test_what_the_server_has_plays_between_what_the_device_has(mixed):
    filmed, film = mixed
    page = open_review(filmed, film)
    expect(page.get_by_role("button", name="Deux", exact=True)).to_be_enabled()
    one, two, three, four = play_to_the_end(page, 4)
    assert (one[:2], four[:2]) == (["Un", "video"], ["4", "video"])
    assert (two[:2], three[:2]) == (["Deux", "film-video"], ["Trois", "film-video"])
    assert two[2] < 1
    assert three[2] == pytest.approx(LANDSCAPE.seconds, abs=0.6)
    page.get_by_role("button", name="Trois", exact=True).click()
    shown = page.locator("film-video")
    expect(shown).to_be_visible()
    until(page, "document.querySelector('film-video').currentTime > 8")
    shown.evaluate("(film) => film.pause()")
    page.set_viewport_size(SMALL)
    assert fits(page)
    assert accessibility_problems(page) == []

    # Where the server cannot be reached, the device goes on alone.
    page = open_review(filmed, film)
    expect(page.get_by_role("button", name="Trois", exact=True)).to_be_enabled()
    filmed.context.set_offline(True)
    expect(page.get_by_role("button", name="Trois", exact=True)).to_be_disabled()
    assert [part[0] for part in play_to_the_end(page, 2)] == ["Un", "4"]
    filmed.context.set_offline(False)
    expect(page.get_by_role("button", name="Trois", exact=True)).to_be_enabled()
    # A network that only seems to be there is found out.
    page.route("**/made/*.m3u8", lambda route: route.abort())
    assert [part[0] for part in play_to_the_end(page, 2)] == ["Un", "4"]
    expect(page.get_by_role("button", name="Deux", exact=True)).to_be_disabled()


def test_there_is_nothing_to_watch_before_anything_is_filmed(ada_context, wire, film):
    page = ada_context.new_page()
    page.goto(f"{wire.url}/studio/films/{film.id}")
    expect(page.get_by_role("link", name="Continuer : Bonjour")).to_be_visible()
    expect(page.locator("[data-local-preview-link]")).to_be_hidden()
