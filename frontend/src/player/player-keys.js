// The keys of a film, as people know them from YouTube, wherever on the page one does not type.
// They can be kept to the player alone (preferences.js).
// The arrows up and down, Home and End scroll the page unless one is in the player.

import { everywhere } from "./preferences.js";

const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2];
const STEP_S = 5;
const JUMP_S = 10;
const FRAME_S = 1 / 30; // films have 24 to 60 pictures a second; none is passed over by much
const VOLUME = 0.05;

const TEXT = "input:not([type=checkbox], [type=button], [type=submit]), textarea, select";
const PRESSED = "a[href], button, summary, input, [role=button], [role^=menuitem], [role=option]";
const SLIDERS = "input, select, [role=slider], [role=listbox], [role^=menu], [role=tab]";
const THEATRE = "data-theatre";

/**
 * @typedef {object} Place where a key was pressed
 * @property {HTMLElement} box the element with `data-player`
 * @property {HTMLMediaElement} film
 * @property {boolean} inside whether the focus is in the player, or the player is all there is
 */

/** @type {Record<string, (place: Place) => void>} */
const KEYS = {
  " ": ({ film }) => toggle(film),
  k: ({ film }) => toggle(film),
  j: ({ film }) => seek(film, film.currentTime - JUMP_S),
  l: ({ film }) => seek(film, film.currentTime + JUMP_S),
  arrowleft: ({ film }) => seek(film, film.currentTime - STEP_S),
  arrowright: ({ film }) => seek(film, film.currentTime + STEP_S),
  m: ({ film }) => {
    film.muted = !film.muted;
  },
  c: ({ box }) => ask(box, "mediatogglesubtitlesrequest"),
  f: ({ box }) => toggleFullscreen(box),
  i: ({ film }) => void togglePictureInPicture(film),
  t: () => toggleTheatre(),
  "?": ({ box }) => showKeys(box),
  ",": ({ film }) => film.paused && seek(film, film.currentTime - FRAME_S),
  ".": ({ film }) => film.paused && seek(film, film.currentTime + FRAME_S),
  "<": ({ film }) => changeSpeed(film, -1),
  ">": ({ film }) => changeSpeed(film, 1),
};

/** Keys that scroll the page while the focus is outside of the player. @type {typeof KEYS} */
const INSIDE = {
  arrowup: ({ film }) => changeVolume(film, VOLUME),
  arrowdown: ({ film }) => changeVolume(film, -VOLUME),
  home: ({ film }) => seek(film, 0),
  end: ({ film }) => seek(film, film.duration),
};

/**
 * Listens on the whole page for one film; a page has one.
 * @param {HTMLElement} box
 * @param {HTMLMediaElement} film
 */
export function listenToKeys(box, film) {
  offerToClose(box);
  document.addEventListener("keydown", (event) => {
    if (!box.isConnected || !isForFilm(event)) return;
    const inside = event.composedPath().includes(box) || document.fullscreenElement !== null;
    if (!inside && !everywhere()) return;
    const act = actionFor(event.key.toLowerCase(), inside);
    if (!act) return;
    event.preventDefault();
    act({ box, film, inside });
  });
  box.addEventListener("dblclick", (event) => {
    const [where] = event.composedPath();
    const onControl = where instanceof Element && where.closest("media-control-bar");
    if (!onControl) toggleFullscreen(box);
  });
}

/** @param {HTMLElement} box */
function offerToClose(box) {
  const list = box.querySelector("dialog[data-player-keys]");
  list?.querySelector("[data-close]")?.addEventListener("click", () => {
    if (list instanceof HTMLDialogElement) list.close();
  });
}

/** @param {string} key @param {boolean} inside */
function actionFor(key, inside) {
  if (/^\d$/.test(key)) {
    return (/** @type {Place} */ { film }) => seek(film, (film.duration * Number(key)) / 10);
  }
  return KEYS[key] ?? (inside ? INSIDE[key] : undefined);
}

/** Whether a key is nobody else's. @param {KeyboardEvent} event */
function isForFilm(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.isComposing || document.querySelector("dialog[open]")) return false;
  const [where] = event.composedPath();
  if (!(where instanceof HTMLElement)) return true;
  if (where.isContentEditable || where.matches(TEXT)) return false;
  if (event.key === " ") return !event.repeat && !where.closest(PRESSED) && !isControl(where);
  if (/^(Arrow|Home|End)/.test(event.key)) return !where.closest(SLIDERS);
  return true;
}

/** The library's own controls press themselves. @param {Element} where */
function isControl(where) {
  return where.tagName.startsWith("MEDIA-") && where.tagName !== "MEDIA-CONTROLLER";
}

/** @param {HTMLMediaElement} film */
function toggle(film) {
  if (film.paused) void film.play().catch(() => {});
  else film.pause();
}

/** @param {HTMLMediaElement} film @param {number} seconds */
function seek(film, seconds) {
  if (film.duration > 0) film.currentTime = Math.min(Math.max(seconds, 0), film.duration);
}

/** @param {HTMLMediaElement} film @param {number} step */
function changeVolume(film, step) {
  film.volume = Math.min(Math.max(film.volume + step, 0), 1);
  film.muted = film.volume === 0;
}

/** @param {HTMLMediaElement} film @param {1 | -1} way */
function changeSpeed(film, way) {
  const rates = way > 0 ? RATES : [...RATES].reverse();
  film.playbackRate = rates.find((rate) => way * (rate - film.playbackRate) > 0) ?? rates[5];
}

/** @param {HTMLElement} box */
function toggleFullscreen(box) {
  const way = document.fullscreenElement ? "exit" : "enter";
  ask(box, `media${way}fullscreenrequest`);
}

/** @param {HTMLMediaElement} film */
async function togglePictureInPicture(film) {
  const plain = /** @type {{nativeEl?: HTMLVideoElement}} */ (film).nativeEl;
  try {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await plain?.requestPictureInPicture();
  } catch {
    // This browser has none, or the film has no picture yet.
  }
}

function toggleTheatre() {
  document.querySelector("[data-may-theatre]")?.toggleAttribute(THEATRE);
}

/** @param {HTMLElement} box */
function showKeys(box) {
  const list = box.querySelector("dialog[data-player-keys]");
  if (!(list instanceof HTMLDialogElement)) return;
  list.showModal();
  list.scrollTo(0, 0); // the focus goes to what can be changed, which is below the keys
}

/** Asks the library's own way. @param {HTMLElement} box @param {string} what */
function ask(box, what) {
  const controller = box.querySelector("media-controller");
  controller?.dispatchEvent(new CustomEvent(what, { bubbles: true, composed: true }));
}
