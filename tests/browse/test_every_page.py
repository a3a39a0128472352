"""What is true of each page of the site, whoever opens it: all that a film gives rise to, too."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import urldefrag, urlsplit

import pytest
from sqlalchemy import select

from cvtube.videos import lifecycle
from cvtube.videos.models import Chapter, Video
from tests.browse.media import LANDSCAPE
from tests.personas import NAMES

BROWSER = {"Accept": "text/html", "Accept-Language": "en"}
# What a page loads by itself; links and forms may name the site.
LOADED = re.compile(r'\s(?:src|poster|srcset|data-[a-z-]+)="(https?:[^"]+)"')
WITHOUT_A_NETWORK = "/studio/offline"
START, FILM_WANTED = "/", "/login?next=/films/" + "A" * 26
PUBLIC_PAGES = (
    START, "/login", FILM_WANTED, "/login?next=/account", "/card", "/signup",
    "/signup/recruiter", "/forgotten-password", "/nothing/here", "/l/" + "A" * 22,
)  # fmt: skip


@pytest.fixture
def film(runtime, people, shoot):
    """Ada's film, which is everywhere a film can be: on-line, and behind a link."""
    video = shoot(LANDSCAPE, owner=people.ada)
    with runtime.transaction() as session:
        known = session.get_one(Video, video.id)
        lifecycle.make_link(session, known, runtime.now(), actor=people.ada)
        part = session.scalars(select(Chapter).where(Chapter.video_id == video.id)).one()
        return SimpleNamespace(
            video_id=video.id, chapter_id=part.id, clip_id=part.live_clip_id, key=known.link_key
        )


def addresses(app, film):
    """Every address that is read, with the film's own ids where one is asked for."""
    known = vars(film)
    adapter = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= set(known):
            values = {name: known[name] for name in rule.arguments}
            yield adapter.build(rule.endpoint, values, method="GET")


def pages(app, people, film, name):
    """The pages the person gets to see, each with its text."""
    client = people.client(name)
    for path in sorted(set(addresses(app, film))):
        answer = client.get(path, headers=BROWSER)
        assert answer.status_code < 500, path
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield path, answer.text


@pytest.mark.parametrize("name", ["nobody", "ada", "rae", "adm"])
def test_what_is_hidden_is_not_seen_and_pictures_have_no_host(app, people, film, open_as, name):
    seen = dict(pages(app, people, film, name))
    assert len(seen) > 5
    hosts = {path: found for path, text in seen.items() if (found := LOADED.findall(text))}
    assert hosts == {}
    page, hidden, shown = open_as(name, START), 0, {}
    for path in seen:
        page.goto(path, wait_until="domcontentloaded")
        states = page.evaluate(
            "[...document.querySelectorAll('[hidden]')].map((one) => [one.cloneNode().outerHTML,"
            " getComputedStyle(one).display, getComputedStyle(one).visibility])"
        )
        hidden += len(states)
        # (The player's menus keep their place while they are not seen.)
        if wrong := [tag for tag, *how in states if how[0] != "none" and how[1] != "hidden"]:
            shown[path] = wrong
    assert shown == {}
    assert hidden > 0


def test_every_page_of_a_candidate_can_be_read_aloud(app, people, film):
    silent = {
        path
        for path, text in pages(app, people, film, "ada")
        if "<h1" in text and "data-read-aloud" not in text
    }
    # The browser reads nothing of a film aloud; a film speaks for itself.
    assert silent == {f"/films/{film.video_id}", f"/l/{film.key}", WITHOUT_A_NETWORK}


@pytest.mark.parametrize("name", ["ada", "rae", "adm"])
def test_without_scripts_no_button_is_dead(app, people, film, open_as, name):
    page, dead = open_as(name, START, java_script_enabled=False), {}
    for path in dict(pages(app, people, film, name)):
        page.goto(path, wait_until="domcontentloaded")
        found = page.evaluate(
            "[...document.querySelectorAll('button[type=button]')]"
            ".filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 120))"
        )
        if found:
            dead[path] = found
    assert dead == {}


# -- where links lead ------------------------------------------------------------------------


class Links(HTMLParser):
    """Where the links of a page lead, and what they say."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "a" and (address := dict(attrs).get("href")):
            self._open = urldefrag(address).url

    def handle_data(self, data):
        if self._open and data.strip():
            self.found.setdefault(data.strip(), self._open)

    def handle_endtag(self, tag):
        if tag == "a":
            self._open = ""


@pytest.mark.parametrize("name", [*NAMES, "kim"])
def test_every_link_of_a_public_page_leads_to_a_page_for_whoever_follows_it(people, name):
    client, led = people.client(name), set()
    for path in PUBLIC_PAGES:
        text = client.get(path, headers=BROWSER, follow_redirects=True).text
        for words, address in Links(text).found.items():
            if address.startswith("/") and address not in led:
                led.add(address)
                answer = client.get(address, headers=BROWSER, follow_redirects=True)
                assert answer.status_code == 200, (path, words, address)
    assert len(led) > 3


@pytest.mark.parametrize(
    ("path", "words", "form"),
    [
        (START, "Make my video", "/signup"),
        (START, "Register my organisation", "/signup/recruiter"),
        ("/login", "I am a recruiter", "/signup/recruiter"),
        (FILM_WANTED, "Create a recruiter account", "/signup/recruiter"),
        ("/signup", "I am a recruiter", "/signup/recruiter"),
        ("/signup/recruiter", "I am looking for work", "/signup"),
    ],
)
def test_each_visitor_finds_the_form_that_is_theirs(client, path, words, form):
    found = Links(client.get(path, headers=BROWSER).text).found[words]
    assert urlsplit(found).path == form


def test_a_films_address_says_why_one_is_asked_who_one_is(client):
    sent = client.get("/films/" + "A" * 26 + "?t=18", headers=BROWSER)
    assert sent.location.startswith("/login?next=/films/")
    assert "Only verified recruiters" in client.get(sent.location, headers=BROWSER).text
    for other in ("/account", "/my-films/new"):
        text = client.get(f"/login?next={other}", headers=BROWSER).text
        assert "Your page will open next." in text
    for nowhere in (
        "/login",
        "/login?next=/",
        "/login?next=/nothing",
        "/login?next=//evil.example",
    ):
        text = client.get(nowhere, headers=BROWSER).text
        assert "verified recruiters" not in text
        assert "open next" not in text
    again = client.post(FILM_WANTED, data={"email": "x"}, headers=BROWSER)
    assert (again.status_code, "Only verified recruiters" in again.text) == (422, True)
    assert urlsplit(sent.location).query.endswith("t%3D18")
