"""Films really play: real media, a real Chromium, and the browser's own word for it."""

from __future__ import annotations

import re
import threading

import pytest
from flask import request
from playwright.sync_api import expect

from cvtube.videos import lifecycle, queries
from cvtube.videos.models import Clip, TranscriptCue
from tests.browse.media import LANDSCAPE, PORTRAIT, SQUARE
from tests.browser import FILM, PHONE, accessibility_problems, play, until

SHOWN_SPEED = "document.querySelector('media-playback-rate-menu').mediaPlaybackRate"
SHOWN_WHOLE = "document.querySelector('media-fullscreen-button').mediaIsFullscreen"
SHOWN_TIME = "document.querySelector('media-time-display').mediaCurrentTime"
PLAYS_ON = f"from => {FILM}.currentTime > from && !{FILM}.paused"
LANDSCAPE_S, PORTRAIT_S = LANDSCAPE.seconds, PORTRAIT.seconds

# The corner's colour in what is shown, by drawing the frame: [red, green, blue] from 0 to 255.
CORNER = """() => {
  const film = document.querySelector('film-video').nativeEl;
  const canvas = Object.assign(document.createElement('canvas'), {
    width: film.videoWidth, height: film.videoHeight });
  const pencil = canvas.getContext('2d');
  pencil.drawImage(film, 0, 0);
  const [x, y] = [film.videoWidth / 8, film.videoHeight / 8];
  return [...pencil.getImageData(x, y, 1, 1).data].slice(0, 3);
}"""

# As hls.js does after a decoding error.
MEND = f"""() => {{
  {FILM}.addEventListener('loadedmetadata', () => {{ window.mended = true; }}, {{ once: true }});
  {FILM}.api.recoverMediaError();
}}"""

# Sliders keep their focus inside.
NAME_OF_FOCUS = """() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element.getAttribute('aria-label') ?? '';
}"""


@pytest.fixture
def film(shoot, runtime):
    """Three parts from three cameras, with captions."""
    video = shoot(LANDSCAPE, PORTRAIT, SQUARE, titles=["Bonjour", "Ce que je sais", "Au revoir"])
    with runtime.transaction() as session:
        for number, clip in enumerate(session.query(Clip).order_by(Clip.created_at, Clip.id)):
            text = f"Phrase numéro {number}."
            session.add(
                TranscriptCue(
                    clip_id=clip.id, language="fr", start_ms=0, end_ms=2000, text=text, shown=True
                )
            )
    return video


@pytest.fixture
def watch(open_as, film):
    """The film's page, as Rae sees it, ready to play."""

    def visit(query="", **options):
        page = open_as("rae", f"/films/{film.id}{query}", **options)
        until(page, f"{FILM}?.readyState >= 1")
        page.evaluate(f"{FILM}.muted = true")
        return page

    return visit


def state(page):
    return page.evaluate(
        f"(({{currentTime, duration, videoWidth, videoHeight, paused, playbackRate}}) => "
        f"({{currentTime, duration, videoWidth, videoHeight, paused, playbackRate}}))({FILM})"
    )


def play_past(page, second):
    play(page)
    until(page, PLAYS_ON, arg=second)


def seek(page, second):
    """Jump there; a film that plays is elsewhere again by the next look at it."""
    arrived = page.evaluate(
        f"""second => new Promise(tell => {{
            {FILM}.addEventListener('seeked', () => tell({FILM}.currentTime), {{once: true}});
            {FILM}.currentTime = second;
        }})""",
        second,
    )
    assert abs(arrived - second) < 1.5
    until(page, f"{FILM}.readyState >= 2")


def is_red(colour):
    red, green, blue = colour
    return red > 180 and green < 90 and blue < 90


def test_a_film_plays_from_one_part_into_the_next(watch):
    page = watch()
    assert state(page)["duration"] == pytest.approx(18, abs=0.2)
    assert state(page)["paused"]  # nothing starts by itself
    play_past(page, 0.5)
    assert (state(page)["videoWidth"], state(page)["videoHeight"]) == (640, 360)
    assert is_red(page.evaluate(CORNER))

    seek(page, LANDSCAPE_S - 1)
    play_past(page, LANDSCAPE_S + 0.5)  # over the joint, without a hand
    until(page, f"{FILM}.videoHeight > {FILM}.videoWidth")
    assert is_red(page.evaluate(CORNER))  # upright

    seek(page, LANDSCAPE_S + PORTRAIT_S + 2)
    play(page)
    until(page, f"{FILM}.ended")
    assert state(page)["currentTime"] == pytest.approx(18, abs=0.2)

    seek(page, 2)  # and back over both joints
    play_past(page, 2.2)
    assert state(page)["videoWidth"] == 640


def test_the_picture_size_can_be_chosen_and_changes_while_playing(watch):
    page = watch()
    play_past(page, 0.2)
    heights = page.evaluate(f"[...{FILM}.videoRenditions].map(r => r.height)")
    assert sorted(heights) == [120, 360]
    smallest = page.evaluate(f"[...{FILM}.videoRenditions].findIndex(r => r.height === 120)")
    page.evaluate(f"index => {{ {FILM}.videoRenditions.selectedIndex = index }}", smallest)
    until(page, f"{FILM}.videoHeight === 120")
    play_past(page, state(page)["currentTime"] + 0.3)


def test_an_upright_film_stands_upright_and_whole(open_as, shoot):
    video = shoot(PORTRAIT)
    for options in ({}, {"viewport": PHONE}):
        page = open_as("rae", f"/films/{video.id}", **options)
        until(page, f"{FILM}?.readyState >= 2")
        box = page.locator("media-controller").bounding_box()
        assert box["width"] / box["height"] == pytest.approx(360 / 640, rel=0.1)
        assert box["height"] <= 0.82 * page.viewport_size["height"]
        assert page.evaluate(f"getComputedStyle({FILM}.nativeEl).objectFit") == "contain"


# -- by hand -------------------------------------------------------------------------------


def test_everything_can_be_done_with_the_keyboard(watch):
    """As on YouTube: wherever on the page the focus is."""
    page = watch(viewport={"width": 1440, "height": 900})
    page.keyboard.press("k")
    until(page, PLAYS_ON, arg=0.1)
    page.keyboard.press(" ")
    until(page, f"{FILM}.paused")
    assert page.evaluate("scrollY") == 0  # the space bar did not scroll
    page.keyboard.press("0")
    until(page, f"{FILM}.currentTime < 0.5")
    page.keyboard.press("ArrowRight")
    until(page, f"{FILM}.currentTime > 4")
    page.keyboard.press("ArrowLeft")
    until(page, f"{FILM}.currentTime < 1")
    page.keyboard.press("l")
    until(page, f"{FILM}.currentTime > 6")  # to the end, where that is nearer
    page.keyboard.press("5")
    until(page, f"Math.abs({FILM}.currentTime - {FILM}.duration / 2) < 0.1")
    before = state(page)["currentTime"]
    page.keyboard.press(".")
    until(page, f"from => {FILM}.currentTime > from", arg=before)
    page.keyboard.press(",")
    until(page, f"from => Math.abs({FILM}.currentTime - from) < 0.01", arg=before)
    page.keyboard.press("j")
    until(page, f"{FILM}.currentTime < 3")
    page.keyboard.press("m")
    until(page, f"!{FILM}.muted")
    page.keyboard.press("m")
    until(page, f"{FILM}.muted")
    page.keyboard.press(">")
    until(page, f"{SHOWN_SPEED} === 1.25")
    page.keyboard.press("<")
    until(page, f"{FILM}.playbackRate === 1")
    page.keyboard.press("c")
    shown = "t => t.mode === 'showing' && t.kind === 'captions'"
    until(page, f"[...{FILM}.textTracks].some({shown})")
    wide = "document.querySelector('.player').getBoundingClientRect().width"
    narrow = page.evaluate(wide)
    page.keyboard.press("t")
    until(page, f"before => {wide} > before", arg=narrow)
    page.keyboard.press("f")
    until(page, SHOWN_WHOLE)
    page.keyboard.press("f")
    until(page, "document.fullscreenElement === null")


def test_the_keys_are_listed_by_a_key_and_named_by_the_player(watch):
    page = watch(locale="en")
    name = page.locator("media-controller").get_attribute("aria-label")
    assert name == "Video player. Press ? for its keyboard shortcuts."
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(listed.get_by_text("play or pause")).to_be_visible()
    page.keyboard.press("k")  # a list that is read does not play
    listed.get_by_label("Use these shortcuts on the whole page").uncheck()
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("k")
    page.keyboard.press("?")
    expect(listed).to_be_hidden()
    assert state(page)["paused"]
    page.locator("media-controller").focus()
    page.keyboard.press("k")
    until(page, PLAYS_ON, arg=0.1)


def test_in_the_player_the_arrows_are_the_volume_and_elsewhere_they_scroll(watch):
    page = watch()
    page.evaluate("addEventListener('keydown', (e) => { window.taken = e.defaultPrevented; })")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("window.taken") is False
    assert page.evaluate(f"{FILM}.volume") == 1
    page.locator("media-controller").focus()
    page.keyboard.press("ArrowDown")
    until(page, f"Math.abs({FILM}.volume - 0.95) < 0.001")


def test_a_button_keeps_its_space_bar(watch):
    page = watch(locale="en")
    page.get_by_role("button", name="Copy a link to this moment").press(" ")
    expect(page.locator("[data-share-answer]")).not_to_be_empty()
    assert state(page)["paused"]


def test_a_double_click_is_the_full_screen(watch):
    page = watch()
    page.locator("film-video").dblclick(position={"x": 40, "y": 40})
    until(page, SHOWN_WHOLE)


# What is wider than the window, where the window then scrolls sideways.
BEYOND = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => `${one.tagName}.${one.className}`)"""


@pytest.mark.parametrize("size", [(740, 360), (360, 225), (320, 225)])
def test_a_turned_phone_and_400_percent_leave_the_controls_free(watch, size):
    page = watch(viewport={"width": size[0], "height": size[1]})
    assert page.evaluate(BEYOND) == []
    box = page.locator(".player").bounding_box()
    assert abs(box["x"] + box["width"] / 2 - size[0] / 2) < 12
    assert box["width"] <= size[0]
    button = page.locator(".player-bar media-play-button").bounding_box()
    assert button["y"] + button["height"] <= size[1]  # nobody has scrolled yet
    page.locator(".player-bar media-play-button").click()  # it lies under nothing
    until(page, PLAYS_ON, arg=0.1)


def test_keys_do_nothing_while_somebody_types(watch):
    page = watch()
    page.locator("#transcript-text").fill("k")
    page.locator("#transcript-text").press("m")
    assert state(page)["paused"]


def test_every_control_is_reached_by_tab_and_says_its_name(watch):
    page = watch()
    page.locator("media-controller").focus()
    names = []
    for _ in range(12):
        page.keyboard.press("Tab")
        names.append(page.evaluate(NAME_OF_FOCUS))
    for control in ("lire", "volume", "chercher dans le film", "réglages", "plein écran"):
        assert any(control in name for name in names), (control, names)


def test_speed_and_captions_are_remembered_for_the_next_film(watch):
    page = watch()
    page.evaluate(f"{FILM}.playbackRate = 1.5")
    page.locator("media-captions-button").click()
    until(page, "localStorage.getItem('cvtube-player-captions') === 'fr'")
    until(page, "localStorage.getItem('cvtube-player-speed') === '1.5'")
    page.reload()
    until(page, f"{FILM}?.playbackRate === 1.5")
    until(page, f"[...{FILM}.textTracks].find(t => t.kind === 'captions').mode === 'showing'")
    until(page, f"[...{FILM}.textTracks[0].cues].map(c => c.text).length === 3")


def test_a_mended_film_plays_on_at_the_chosen_speed(watch):
    page = watch()
    page.evaluate(f"{FILM}.playbackRate = 1.5")
    play_past(page, 0.5)
    page.evaluate(MEND)
    until(page, "window.mended")
    until(page, PLAYS_ON, arg=state(page)["currentTime"] + 0.5)  # without a hand
    assert state(page)["playbackRate"] == 1.5


def test_pictures_of_the_moment_and_the_part_show_where_one_points(watch):
    page = watch()
    line = page.locator("media-time-range").bounding_box()
    page.mouse.move(line["x"] + line["width"] * 0.6, line["y"] + line["height"] / 2)
    until(
        page,
        "document.querySelector('media-time-range').mediaPreviewImage?.includes('storyboard.jpg')",
    )
    chapter = "document.querySelector('media-time-range').getAttribute('mediapreviewchapter')"
    until(page, f"{chapter} === 'Ce que je sais'")


def test_a_film_starts_at_the_moment_of_its_address(watch):
    page = watch("?t=9")
    until(page, f"Math.abs({FILM}.currentTime - 9) < 0.5")
    until(page, f"{FILM}.videoHeight > {FILM}.videoWidth")


# -- beside it -----------------------------------------------------------------------------


def test_what_is_said_follows_the_film_and_leads_into_it(watch):
    page = watch()
    play_past(page, 0.3)
    current = page.locator("[data-transcript] [aria-current=true]")
    expect(current).to_contain_text("Phrase numéro")
    page.locator("[data-transcript] a").nth(1).click()
    until(page, f"{FILM}.currentTime >= 8 && !{FILM}.paused")
    expect(page.locator("ol[data-moments]").first.locator("[aria-current]")).to_contain_text(
        "Ce que je sais"
    )
    assert "t=" not in page.url  # without loading the page again


def test_what_is_said_can_be_searched(watch):
    page = watch()
    field = page.get_by_label("Chercher dans ce qui est dit")
    field.fill("PHRASE NUMERO 1")
    expect(page.locator("mark")).to_have_text("Phrase numéro 1")
    expect(page.get_by_text("Dit une fois.")).to_be_visible()
    field.fill("absent")
    expect(page.locator("mark")).to_have_count(0)
    expect(page.get_by_text("Aucun résultat.")).to_be_visible()


def test_a_moment_can_be_shared(watch):
    page = watch()
    seek(page, 11)
    page.get_by_role("button", name="Copier un lien vers ce moment").click()
    until(page, "location.search === '?t=11'")


# -- when something happens ----------------------------------------------------------------


class Storage:
    """Keeps the objects of one clip back, to refuse them once it is told to."""

    def __init__(self, clip_id: str) -> None:
        self._clip_id = clip_id
        self._answer: int | None = None
        self._decided = threading.Event()
        self.asked = threading.Event()

    def look(self):
        if self._clip_id not in request.path or not request.path.startswith("/objects/"):
            return None
        self.asked.set()
        if self._decided.is_set():
            return None
        self._decided.wait(30)
        return "no", self._answer

    def refuse_once(self, status: int) -> None:
        assert self.asked.wait(30)
        self._answer = status
        self._decided.set()


@pytest.fixture
def storage(app, last_clip, monkeypatch) -> Storage:
    made = Storage(last_clip)
    others = app.before_request_funcs.get(None, [])
    monkeypatch.setitem(app.before_request_funcs, None, [made.look, *others])
    return made


@pytest.fixture
def last_clip(film, runtime) -> str:
    with runtime.reading() as session:
        return queries.load_video(session, film.id).chapters[-1].live_clip_id


def test_after_addresses_ran_out_the_film_goes_on_at_the_same_second(storage, watch):
    page = watch()
    masters = []
    page.on("request", lambda r: r.url.endswith("master.m3u8") and masters.append(r.url))
    play_past(page, 0.5)
    seek_to = LANDSCAPE_S + PORTRAIT_S + 1
    page.evaluate(f"s => {{ {FILM}.currentTime = s }}", seek_to)
    storage.refuse_once(403)
    until(page, PLAYS_ON, arg=seek_to + 0.3)
    assert len(masters) == 1
    assert state(page)["currentTime"] < seek_to + 3


def test_a_film_that_was_taken_back_says_so(storage, watch, film, runtime):
    page = watch()
    page.evaluate(f"() => {{ {FILM}.currentTime = 15 }}")
    play(page)
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        lifecycle.withdraw(session, video, runtime.now(), actor=video.owner)
    storage.refuse_once(404)
    expect(page.get_by_text("Ce film n’est plus visible ici.")).to_be_visible()


def test_without_scripts_the_browser_plays_it_by_itself(open_as, film):
    page = open_as("rae", f"/films/{film.id}", java_script_enabled=False)
    video = page.locator("video")
    expect(video).to_be_visible()
    kinds = video.locator("source").evaluate_all("all => all.map(one => one.type)")
    assert kinds == ["application/vnd.apple.mpegurl", "video/mp4"]
    one_file = video.locator("source").nth(1).get_attribute("src")
    assert page.request.get(one_file).headers["content-type"] == "video/mp4"
    assert video.locator("track[kind=captions]").count() == 1


def test_the_page_is_accessible_in_light_and_dark(watch):
    for scheme in ("light", "dark"):
        page = watch(color_scheme=scheme)
        assert accessibility_problems(page) == []


def test_the_content_policy_is_kept(open_as, film):
    page = open_as("nobody", "/")
    complaints = []
    page.context.on("console", lambda m: complaints.append(m.text))
    page = open_as("rae", f"/films/{film.id}")
    page.on("console", lambda m: complaints.append(m.text))
    until(page, f"{FILM}?.readyState >= 2")
    assert [c for c in complaints if re.search("Content Security|Refused to", c)] == []
