"""The look before filming: about the picture and the sound, and what to do about them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, SMALL, accessibility_problems, log_in, open_context, until

# A dark camera: black pictures instead of the test picture.
DARK = """
const real = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = async function (wanted) {
  const stream = await real.call(this, wanted);
  const canvas = document.createElement('canvas');
  const brush = canvas.getContext('2d');
  setInterval(() => brush.fillRect(0, 0, canvas.width, canvas.height), 100);
  return new MediaStream([...canvas.captureStream(10).getTracks(), ...stream.getAudioTracks()]);
};
"""
# The microphone is covered.
SILENT = "AnalyserNode.prototype.getFloatTimeDomainData = (samples) => samples.fill(0);"
# Somebody vacuums: it is always as loud as speech.
NOISY = "AnalyserNode.prototype.getFloatTimeDomainData = (samples) => samples.fill(0.05);"

# The first camera is asked for and does not answer; whatever is asked about it later is refused.
SLOW_TO_REFUSE = """
const real = MediaDevices.prototype.getUserMedia;
let calls = 0;
MediaDevices.prototype.getUserMedia = function (wanted) {
  calls += 1;
  const busy = new DOMException('', 'NotReadableError');
  if (calls === 2) return real.call(this, wanted);
  if (calls > 2) return Promise.reject(busy);
  return new Promise((_, refuse) => { globalThis.refuseFirst = () => refuse(busy); });
};
"""

# A camera held upright: its picture is tall.
TALL = """
const real = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = async function (wanted) {
  const stream = await real.call(this, wanted);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [720, 1280];
  const brush = canvas.getContext('2d');
  setInterval(() => brush.fillRect(0, 0, 720, 1280), 100);
  return new MediaStream([...canvas.captureStream(10).getTracks(), ...stream.getAudioTracks()]);
};
"""
# How the oval stands on the picture, and the picture in its frame.
GUIDE = """() => {
  const film = document.querySelector('[data-self]');
  const box = film.getBoundingClientRect();
  const frame = film.parentElement.getBoundingClientRect();
  const scale = Math.min(box.width / film.videoWidth, box.height / film.videoHeight);
  const oval = document.querySelector('.rec-guide ellipse').getBoundingClientRect();
  return {
    whole: box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1,
    wide: oval.width / (film.videoWidth * scale),
    high: oval.height / (film.videoHeight * scale),
  };
}"""
NO_CAMERA = """
MediaDevices.prototype.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'));
"""


@pytest.fixture
def check(chromium, live, people, wire):
    contexts = []

    def open_it(script: str = "", viewport=PHONE):
        context = open_context(chromium, viewport=viewport, permissions=["camera", "microphone"])
        contexts.append(context)
        log_in(context, people, "ada", wire.url)
        page = context.new_page()
        page.add_init_script(script)
        page.goto(f"{wire.url}/studio/check?next=/my-films/new")
        return page

    yield open_it
    for context in contexts:
        context.close()


def test_when_all_is_well_it_says_so_and_leads_on(check):
    page = check()
    for words in (
        "L’image est assez claire",
        "Le son est bon",
        "Le réseau marche",
        "Il y a assez de place.",
    ):
        expect(page.get_by_text(words)).to_be_visible(timeout=20_000)
    assert accessibility_problems(page) == []
    page.get_by_role("link", name="Continuer").click()
    expect(page).to_have_url(re.compile("/my-films/new$"))


def test_a_dark_picture_a_covered_microphone_and_no_network_are_told_with_what_helps(check):
    page = check(DARK + SILENT)
    expect(page.get_by_text("Tournez-vous vers la fenêtre")).to_be_visible()
    expect(page.get_by_text("Parlez plus fort")).to_be_visible(timeout=15_000)
    page.context.set_offline(True)
    expect(page.get_by_text("l’envoi se fera après")).to_be_visible()
    assert accessibility_problems(page) == []


def test_a_noisy_room_is_told_from_a_quiet_one(check):
    page = check(NOISY)
    expect(page.get_by_text("Il y a du bruit autour de vous.")).to_be_visible(timeout=15_000)
    page.evaluate(f"() => {{ {SILENT} }}")  # somebody switches it off
    expect(page.get_by_text("Le son est bon")).to_be_visible(timeout=15_000)


def test_a_look_at_the_picture_does_not_switch_it_on_for_good(check):
    page = check("localStorage['cvtube-studio'] = JSON.stringify({picture: false});")
    expect(page.get_by_text("L’image est assez claire")).to_be_visible(timeout=20_000)
    assert page.evaluate("JSON.parse(localStorage.getItem('cvtube-studio')).picture") is False


def test_the_arrow_leads_back_to_the_part_it_was_asked_for(people, chapter):
    browser = people.client("ada")
    page = browser.get(f"/studio/check?next=/studio/chapters/{chapter.id}/recording").text
    assert f'href="/studio/chapters/{chapter.id}"' in page
    assert "Revenir à cette partie" in page
    for other in ("", "?next=/my-films/new", "?next=/studio/films"):
        page = browser.get(f"/studio/check{other}").text
        assert "Revenir à mes films" in page
        assert 'class="rec-round" href="/my-films"' in page


def test_the_room_that_is_free_is_said_in_words(check):
    page = check()
    expect(page.locator("[data-free]")).to_have_text(re.compile(r"\d\s\S+ libres$"))


def test_it_leads_nowhere_but_to_this_site(people):
    page = people.client("ada").get("/studio/check?next=https://elsewhere.example.org")
    assert 'href="https:' not in page.text


def test_a_camera_given_up_for_another_does_not_turn_that_one_off_when_it_fails(check):
    page = check(SLOW_TO_REFUSE)
    page.wait_for_function("'refuseFirst' in globalThis")
    page.locator("select[name=camera]").dispatch_event("change")
    expect(page.locator("cv-device-check")).to_have_attribute("data-state", "on")
    # One task later: everything that follows from the refusal has followed.
    page.evaluate("refuseFirst(); new Promise((done) => setTimeout(done))")
    expect(page.locator("cv-device-check")).to_have_attribute("data-state", "on")
    expect(page.locator("[data-problem]:visible")).to_have_count(0)


@pytest.mark.parametrize("viewport", [SMALL, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("script", "wide"), [("", 0.19), (TALL, 0.59)], ids=["broad", "tall"])
def test_the_picture_is_shown_whole_and_the_oval_is_as_large_as_a_face_on_it(
    check, viewport, script, wide
):
    page = check(script, viewport)
    until(page, "document.querySelector('[data-self]').videoWidth > 0")
    expect(page.locator("cv-device-check")).to_have_attribute("data-state", "on")
    found = page.evaluate(GUIDE)
    assert found["whole"]
    assert found["wide"] == pytest.approx(wide, abs=0.03)
    assert found["high"] == pytest.approx(0.42, abs=0.03)


def test_without_a_camera_the_way_on_is_a_phone_or_the_next_page(check):
    page = check(NO_CAMERA, DESK)
    notice = page.locator("[data-problem=camera_missing]")
    expect(notice.get_by_role("link", name="Continuer")).to_have_attribute("href", "/my-films/new")
    notice.get_by_role("button", name="Filmer avec mon téléphone").click()
    page.wait_for_url("**/hand-overs/*")


def test_every_label_of_the_page_belongs_to_something(people):
    """A label for what is not there is a button that does nothing."""
    page = people.client("ada").get("/studio/check").text
    wanted = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    assert wanted
    assert wanted <= set(re.findall(r' id="([^"]+)"', page))
