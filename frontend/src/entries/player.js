// On every page with a film.
//
// The player weighs more than all the rest of the page: it comes once the film's picture and the
// words are there, or as soon as somebody does anything. Until then, and where it does not come,
// the page has the browser's own player.

const HANDS = ["pointerdown", "keydown", "touchstart"];

/** @type {Promise<void>} */
const wanted = new Promise((resolve) => {
  if (document.readyState === "complete") resolve();
  addEventListener("load", () => resolve(), { once: true });
  for (const kind of HANDS) addEventListener(kind, () => resolve(), { once: true, passive: true });
});

/** @param {HTMLElement} box */
async function start(box) {
  await wanted;
  const { startPlayer } = await import("../player/player.js");
  const plain = box.querySelector("video");
  const plays = plain !== null && !plain.paused;
  if (plain?.currentTime) box.dataset.start = String(plain.currentTime);
  startPlayer(box);
  const film = box.querySelector("film-video");
  // For what stands beside the player and goes along with it.
  box.dispatchEvent(new Event("filmready", { bubbles: true }));
  // What was begun in the browser's player goes on; that it may not is no fault.
  if (plays && film instanceof HTMLElement) await /** @type {any} */ (film).play().catch(() => {});
}

// Also those that come into the page later, with a region that is exchanged.
customElements.define(
  "film-box",
  class extends HTMLElement {
    connectedCallback() {
      void start(this);
    }
  },
);
