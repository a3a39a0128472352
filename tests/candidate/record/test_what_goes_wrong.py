"""Each mishap of a device: one clear sentence with its code, and nothing half-done."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from cvtube.candidate.record.problems import PROBLEMS
from cvtube.videos import lifecycle
from cvtube.videos.models import Video
from tests.browser import DESK, PHONE, accessibility_problems, log_in, open_context, until
from tests.candidate.record.filming import Filming
from tests.spoken_pages import LISTEN, read_all

# What browsers do, as the specification has it (https://www.w3.org/TR/mediacapture-streams/).
REFUSE = """
const real = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = function (wanted) {{
  if (wanted.{kind}) return Promise.reject(new DOMException('', '{name}'));
  return real.call(this, wanted);
}};
"""
# The browser asks, and nobody has answered yet.
ASKS = "MediaDevices.prototype.getUserMedia = () => new Promise(() => {});"
NOT_CHROMIUM = "Object.defineProperty(navigator, 'userAgentData', {value: undefined});"
NO_RECORDER = "delete globalThis.MediaRecorder;"
NO_STORAGE = "indexedDB.open = () => { throw new DOMException('', 'SecurityError'); };"
# Each window has its own: what the page holds stops as if somebody had pulled the plug.
HOLD = """
const real = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = async function (wanted) {
  const stream = await real.call(this, wanted);
  globalThis.held = stream;
  return stream;
};
"""
UNPLUG = """(kind) => {
  const track = held.getTracks().find((one) => one.kind === kind);
  track.stop();
  track.dispatchEvent(new Event('ended'));
}"""
MUTE = """(kind) => {
  held.getTracks().find((one) => one.kind === kind).dispatchEvent(new Event('mute'));
}"""
FULL_AFTER = """
const real = Worker.prototype.postMessage;
let appended = 0;
Worker.prototype.postMessage = function (message, ...rest) {
  if (message.verb === 'append' && (appended += 1) > 4) {
    const error = {name: 'QuotaExceededError', message: 'full'};
    const answer = new MessageEvent('message', {data: {call: message.call, error}});
    queueMicrotask(() => this.onmessage(answer));
    return;
  }
  real.call(this, message, ...rest);
};
"""
# As WebKitGTK does where its encoder is missing: it records, and hands out nothing.
NO_BYTES = """
const real = Object.getOwnPropertyDescriptor(MediaRecorder.prototype, 'ondataavailable').set;
Object.defineProperty(MediaRecorder.prototype, 'ondataavailable', {
  set(given) { real.call(this, () => given({data: new Blob()})); },
});
"""
LIMIT_OF_2_S = """
addEventListener('DOMContentLoaded', () => {
  document.querySelector('cv-recorder').dataset.limitS = '2';
});
"""
NO_FILES = "globalThis.Worker = function () { throw new Error(); };"
WRONG_CLOCK = "Date.now = () => 0;"


@pytest.fixture
def odd(chromium, live, people, wire, runtime, chapter):
    """The recorder in a browser in which something is not as it should be."""
    contexts = []

    def open_it(script: str, viewport=PHONE) -> Filming:
        context = open_context(chromium, viewport=viewport, permissions=["camera", "microphone"])
        contexts.append(context)
        log_in(context, people, "ada", wire.url)
        page = context.new_page()
        page.add_init_script(script)
        return Filming(context, runtime, wire, chapter, page)

    yield open_it
    for context in contexts:
        context.close()


def expect_problem(filming: Filming, code: str) -> None:
    shown = filming.page.locator(f'[data-problem="{code}"]')
    expect(shown).to_be_visible()
    expect(filming.page.locator("[data-problem]:visible")).to_have_count(1)


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("video", "NotAllowedError", "camera_refused"),
        ("audio", "NotAllowedError", "microphone_refused"),
        ("video", "NotFoundError", "camera_missing"),
        ("audio", "NotFoundError", "microphone_missing"),
        ("video", "NotReadableError", "camera_busy"),
        ("audio", "NotReadableError", "microphone_busy"),
    ],
)
def test_a_device_that_cannot_be_used_is_named_and_the_way_out_is_shown(odd, kind, name, code):
    filming = odd(REFUSE.format(kind=kind, name=name))
    expect_problem(filming, code)
    filming.wait_for_state("off")
    expect(filming.page.get_by_text(f"Code de l’erreur : {code}")).to_be_visible()
    expect(filming.page.locator(".rec-kept-before:visible")).to_have_count(0)  # nothing yet
    assert accessibility_problems(filming.page) == []
    assert filming.complaints == []


def test_whoever_has_a_take_hears_that_it_is_kept(odd):
    filming = odd("")
    filming.take(1.2)
    filming.wait_until_sent()
    filming.page.add_init_script(REFUSE.format(kind="video", name="NotReadableError"))
    filming.page.reload()
    expect_problem(filming, "camera_busy")
    kept = filming.page.get_by_text("Ce que vous avez filmé avant est gardé.")
    expect(kept.locator("visible=true")).to_have_count(1)


# What each browser tells of itself; the machine's own is a Chromium at a desk.
BROWSERS = {
    "chrome": "",
    "android": "Object.defineProperty(navigator, 'userAgentData', {value: {mobile: true}});",
    "iphone": NOT_CHROMIUM + "CSS.supports = (name) => name === '-webkit-touch-callout';",
    "firefox": NOT_CHROMIUM + "CSS.supports = (name) => name === '-moz-appearance';"
    "window.mozInnerScreenX = 0;",
    "other": NOT_CHROMIUM,
}
WAYS = {
    "chrome": "Appuyez sur l’icône à gauche de l’adresse. Autorisez",
    "android": "puis sur « Autorisations »",
    "iphone": "Appuyez sur le symbole",
    "firefox": "Appuyez sur la caméra barrée",
    "other": "Regardez en haut, près de l’adresse",
}


@pytest.mark.parametrize("kind", BROWSERS)
def test_a_no_is_taken_back_where_this_browser_has_it(odd, kind):
    filming = odd(BROWSERS[kind] + REFUSE.format(kind="video", name="NotAllowedError"))
    expect_problem(filming, "camera_refused")
    shown = filming.page.locator("[data-problem=camera_refused] [data-browser]:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text(WAYS[kind])


@pytest.mark.parametrize("kind", BROWSERS)
def test_the_browsers_own_question_is_drawn_as_it_looks_there(odd, kind):
    filming = odd(BROWSERS[kind] + ASKS)
    filming.wait_for_state("asking")
    drawing = filming.page.locator(".rec-drawing > svg:visible")
    expect(drawing).to_have_count(1)
    expect(drawing).to_have_attribute("data-browser", "other" if kind == "chrome" else kind)
    moving = "() => getComputedStyle(document.querySelector('{}')).animationName".format(
        "svg:not([hidden]) > .drawn-hand"
    )
    assert filming.page.evaluate(moving) == "reach"
    filming.page.emulate_media(reduced_motion="reduce")
    assert filming.page.evaluate(moving) == "none"


def test_a_browser_that_cannot_film_leads_to_the_phones_own_camera(odd, tmp_path):
    filming = odd(NO_RECORDER)
    expect_problem(filming, "no_recorder")
    filming.wait_for_state("unable")
    assert accessibility_problems(filming.page) == []
    film = tmp_path / "camera.mp4"
    film.write_bytes(b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(600_000))
    filming.page.locator("#rec-file").set_input_files(film)
    assert filming.wait_until_sent() == [film.read_bytes()]


NO_CAMERA = REFUSE.format(kind="video", name="NotFoundError")


@pytest.mark.parametrize(
    ("script", "code"), [(NO_CAMERA, "camera_missing"), (NO_RECORDER, "no_recorder")]
)
def test_a_desk_that_cannot_film_hands_over_to_the_phone_at_one_press(odd, script, code):
    filming = odd(script, DESK)
    expect_problem(filming, code)
    notice = filming.page.locator(f'[data-problem="{code}"]')
    expect(notice.get_by_text("Ouvrir l’appareil photo")).to_be_hidden()
    expect(notice.get_by_text("Choisir une vidéo")).to_be_visible()
    assert accessibility_problems(filming.page) == []
    notice.get_by_role("button", name="Filmer avec mon téléphone").click()
    filming.page.wait_for_url("**/hand-overs/*")
    expect(filming.page.locator(".qr-frame .qr")).to_be_visible()


def test_a_phone_that_cannot_film_is_not_sent_to_another_one(odd):
    filming = odd(NO_CAMERA)
    expect_problem(filming, "camera_missing")
    notice = filming.page.locator('[data-problem="camera_missing"]')
    expect(notice.get_by_text("Ouvrir l’appareil photo")).to_be_visible()
    expect(filming.page.locator(".to-phone:visible")).to_have_count(0)


def test_a_film_that_does_not_fit_leaves_everything_as_it_was(odd, tmp_path):
    filming = odd(FULL_AFTER.replace("> 4", "> 0"))
    filming.wait_for_state("ready")
    film = tmp_path / "camera.mp4"
    film.write_bytes(b"\0\0\0\x20ftypisom" + bytes(600_000))
    filming.page.locator("#rec-film").set_input_files(film)
    expect_problem(filming, "file_too_large")
    filming.wait_for_state("ready")
    expect(filming.page.locator("[data-take-list] li")).to_have_count(0)


def test_a_take_the_server_does_not_want_is_kept_as_a_file(odd, tmp_path):
    filming = odd(NO_RECORDER)
    filming.wait_for_state("unable")
    film = tmp_path / "letter.mp4"
    film.write_bytes(b"Dear Sir or Madam, " * 2000)
    filming.page.locator("#rec-film").set_input_files(film)
    filming.wait_for_state("refused")
    shown = filming.page.locator("[data-refusal]")
    expect(shown).to_contain_text("Code de l’erreur")
    expect(shown.locator("[data-refusal-code]")).to_have_text("is_a_text")
    expect(filming.button("Garder cet essai")).to_be_hidden()
    assert accessibility_problems(filming.page) == []
    with filming.page.expect_download() as kept:
        filming.button("Enregistrer la vidéo sur l’appareil").click()
    assert Path(kept.value.path()).read_bytes() == film.read_bytes()


def test_what_is_wrong_and_what_helps_is_read_aloud(odd):
    filming = odd(NO_RECORDER + LISTEN)
    expect_problem(filming, "no_recorder")
    heard = read_all(filming.page)
    wrong = heard.index("Cet appareil ne peut pas filmer ici.")
    assert heard[wrong + 2] == "Ouvrir l’appareil photo du téléphone"
    assert "Choisir une vidéo déjà faite" not in heard  # behind a summary that nobody has opened


@pytest.mark.parametrize(("kind", "code"), [("video", "camera_lost"), ("audio", "microphone_lost")])
def test_a_device_that_is_unplugged_ends_the_take_and_what_was_filmed_is_sent(odd, kind, code):
    filming = odd(HOLD)
    filming.start()
    filming.film_for(2)
    filming.page.evaluate(UNPLUG, kind)
    filming.wait_for_state("looking")
    expect_problem(filming, code)
    assert len(filming.wait_until_sent()[0]) > 10_000


def test_a_camera_that_goes_while_one_counts_does_not_film_when_it_comes_back(odd):
    filming = odd(HOLD)
    filming.wait_for_state("ready")
    filming.page.clock.install()
    filming.button("Commencer à filmer").click()
    filming.wait_for_state("counting")
    filming.page.evaluate(UNPLUG, "video")
    expect_problem(filming, "camera_lost")
    filming.button("Réessayer").click()
    filming.wait_for_state("ready")
    filming.page.clock.run_for(5000)
    filming.wait_for_state("ready")


def test_the_settings_call_the_countdown_off(filming):
    filming.wait_for_state("ready")
    filming.page.clock.install()
    filming.button("Commencer à filmer").click()
    filming.wait_for_state("counting")
    filming.button("Réglages").click()
    filming.page.clock.run_for(5000)
    expect(filming.page.locator("[data-settings]")).to_be_visible()
    filming.wait_for_state("ready")


def test_a_call_that_takes_the_microphone_pauses_the_take(odd):
    filming = odd(HOLD)
    filming.start()
    filming.film_for(1)
    filming.page.evaluate(MUTE, "audio")
    filming.wait_for_state("paused")
    expect_problem(filming, "microphone_muted")
    filming.button("Continuer").click()
    filming.wait_for_state("recording")
    expect(filming.page.locator("[data-problem]:visible")).to_have_count(0)
    filming.film_for(2)
    filming.stop()
    filming.wait_until_sent()


def test_a_device_that_is_full_ends_the_take_and_keeps_what_there_is(odd):
    filming = odd(FULL_AFTER)
    filming.start()
    filming.wait_for_state("looking")
    expect_problem(filming, "device_full")
    filming.wait_until_sent()


def test_a_browser_that_keeps_nothing_says_so_and_still_sends(odd):
    filming = odd(NO_STORAGE)
    expect_problem(filming, "device_forbidden")
    filming.take()
    filming.wait_until_sent()


def test_the_other_storage_keeps_takes_where_there_are_no_files(odd):
    filming = odd(NO_FILES)
    filming.take()
    filming.wait_until_sent()

    filming.page.evaluate(
        """() => {
                indexedDB.open('cvtube-studio').onsuccess = ({target}) => {
                    const pieces = target.result.transaction('pieces').objectStore('pieces');
                    pieces.count().onsuccess = (event) => { window.kept = event.target.result; };
                };
            }"""
    )
    until(filming.page, "window.kept > 1")


def test_a_clock_that_is_wrong_does_no_harm(odd):
    filming = odd(WRONG_CLOCK)
    filming.take(1.2)
    filming.wait_until_sent()


def test_a_take_of_a_moment_is_not_kept(filming):
    filming.start()
    filming.button("Terminer").click()
    filming.wait_for_state("ready")
    expect_problem(filming, "take_too_short")
    until(filming.page, "() => document.querySelector('[data-takes]').hidden")


def test_a_browser_that_films_nothing_is_found_out(odd):
    filming = odd(NO_BYTES)
    filming.start()
    filming.wait_for_state("off")  # by itself: nobody speaks to the end in vain
    expect_problem(filming, "recorder_empty")
    until(filming.page, "() => document.querySelector('[data-takes]').hidden")


def test_an_empty_take_is_not_said_to_be_kept(odd):
    filming = odd(NO_BYTES)
    filming.start()
    filming.film_for(1.2)
    filming.button("Terminer").click()
    filming.wait_for_state("off")
    expect_problem(filming, "recorder_empty")
    until(filming.page, "() => document.querySelector('[data-takes]').hidden")


def test_a_film_that_is_deleted_meanwhile_leaves_the_take_on_the_device(filming, people, runtime):
    filming.start()
    filming.wait_until_received(1)
    with runtime.transaction() as session:
        ada = session.merge(people.ada)
        video = session.get_one(Video, filming.chapter.video_id)
        lifecycle.delete_video(session, video, runtime.now(), actor=ada)
    filming.film_for(3)
    filming.button("Terminer").click()
    filming.wait_for_state("refused")  # it may be looked at for a moment before
    expect(filming.place("gone")).to_be_visible()
    with filming.page.expect_download() as download:
        filming.button("Enregistrer la vidéo sur l’appareil").click()
    assert download.value.suggested_filename == "cvtube.mp4"


def test_the_longest_take_ends_by_itself_and_is_kept(odd):
    filming = odd(LIMIT_OF_2_S)
    filming.start()
    filming.wait_for_state("looking")
    filming.wait_until_sent()


def test_every_problem_the_scripts_can_find_has_its_sentence():
    """The scripts name codes; the table has them all."""
    kinds = {f"{kind}_{what}" for kind in ("camera", "microphone")
             for what in ("refused", "missing", "busy", "lost", "muted")}  # fmt: skip
    assert kinds <= set(PROBLEMS)
