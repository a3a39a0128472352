"""A take is cut on a strip of its pictures, and its cut stays with it."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from cvtube.videos.models import Clip, Stage
from tests.browser import accessibility_problems, until
from tests.services import wait_for

# How many different colours the strip shows where a picture stands: an empty one has one.
COLOURS = """(share) => {
  const canvas = document.querySelector("[data-strip]");
  const side = 24;
  const x = Math.min(canvas.width - side, Math.round(canvas.width * share));
  const { data } = canvas.getContext("2d").getImageData(x, 4, side, side);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4) found.add(data.slice(at, at + 4).join());
  return found.size;
}"""
ALL_PICTURES = """() => {
  const canvas = document.querySelector("[data-strip]");
  return Number(canvas.dataset.pictures) === Math.round(canvas.clientWidth / 48);
}"""


def ends(filming) -> tuple[int, int]:
    """Where the handles stand, also where they are folded away."""
    handles = (filming.page.locator(f"[data-trim-{end}]") for end in ("from", "to"))
    start, end = (int(handle.input_value()) for handle in handles)
    return start, end


def clips(runtime) -> list[Clip]:
    with runtime.reading() as session:
        return list(session.scalars(select(Clip).order_by(Clip.created_at, Clip.id)))


def test_a_cut_survives_another_take_a_reload_and_a_change_of_mind(filming, runtime):
    filming.take(3)
    filming.unfold("trim")
    filming.button("Commencer plus tard").click()
    filming.button("Finir plus tôt").click()
    first = ends(filming)
    assert first[0] == 500
    filming.button("Recommencer").click()
    filming.take(1.2)
    assert ends(filming)[0] == 0  # the other take is whole

    def told() -> None:
        assert (clips(runtime)[0].trim_start_ms, clips(runtime)[0].trim_end_ms) == first

    wait_for(told)  # wherever it is chosen
    filming.look_at("Essai 1")
    # It is read from the device first, and the other one was "looking", too.
    expect(filming.page.locator("[data-trim-from]")).to_have_value(str(first[0]))
    assert ends(filming) == first
    filming.page.reload()
    filming.wait_for_state("ready")
    filming.look_at("Essai 1")
    filming.wait_for_state("looking")
    assert ends(filming) == first
    filming.button("Garder cet essai").click()
    filming.wait_for_state("chosen")

    def chosen() -> None:
        clip, other = clips(runtime)
        assert (clip.stage, other.stage) == (Stage.UPLOADED, Stage.KEPT)
        assert (clip.trim_start_ms, clip.trim_end_ms) == first

    wait_for(chosen)
    filming.unfold("trim")
    filming.button("Commencer plus tard").click()
    filming.wait_for_state("looking")  # chosen otherwise than it is cut now
    filming.page.reload()
    filming.wait_for_state("looking")
    assert ends(filming) == (1000, first[1])
    filming.unfold("trim")
    filming.button("Commencer plus tôt").click()
    filming.wait_for_state("chosen")  # as it was chosen


def test_what_is_cut_off_is_seen_on_a_strip_of_the_takes_pictures(filming):
    page = filming.page
    filming.take(3)
    strip = page.locator("[data-strip]")
    expect(strip).to_have_attribute("data-pictures", "0")
    filming.unfold("trim")
    until(page, ALL_PICTURES)
    for share in (0.02, 0.5, 0.92):
        assert page.evaluate(COLOURS, share) > 1, share
    start = page.get_by_role("slider", name="Commencer ici")
    start.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert ends(filming)[0] == 500
    expect(start).to_have_attribute("aria-valuetext", "0,5\u00a0seconde")
    shown = page.locator("[data-playback]").evaluate("(film) => film.currentTime")
    assert abs(shown - 0.5) < 0.2  # the picture goes with the handle
    assert accessibility_problems(page) == []
    filming.button("Recommencer").click()
    expect(strip).to_have_attribute("data-pictures", "0")


def test_a_take_without_a_picture_is_cut_as_well(filming):
    filming.wait_for_state("ready")
    page = filming.page
    filming.button("Réglages").click()
    page.get_by_label("Filmer mon image").uncheck()
    filming.button("Fermer").click()
    filming.take(2)
    filming.unfold("trim")
    filming.button("Commencer plus tard").click()
    assert ends(filming)[0] == 500
