"""What a French screen says when it is asked to read itself aloud."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tools.spoken.texts import wanted

# What was really played to its end; faster than in life, so that a test need not listen long.
LISTEN = """
window.heard = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  const over = () => { if (this.currentTime > 0.2) window.heard.push(this.src); };
  this.addEventListener('ended', over, { once: true, capture: true }); // before the next begins
  this.playbackRate = window.pace ?? 16;
  return play.call(this);
};
"""

LONGEST_MS = 30_000  # of a screen with much to read


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="Écouter")


def read_all(page: Page) -> list[str]:
    """What was heard as a recording, when the screen is read to its end."""
    button(page).click()
    expect(button(page)).to_have_attribute("aria-pressed", "true")
    expect(button(page)).to_have_attribute("aria-pressed", "false", timeout=LONGEST_MS)
    assert page.locator(".is-read").count() == 0
    texts = {name: text for text, name in wanted("fr").items()}
    return [texts[urlsplit(one).path.rpartition("/")[2]] for one in page.evaluate("window.heard")]
