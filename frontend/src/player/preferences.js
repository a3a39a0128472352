// What a person chose once for all films: speed, captions on or off, keys. Kept in this browser
// only; a browser that keeps nothing plays all the same.

const PREFIX = "cvtube-player-";

/** @param {string} name @returns {string | null} */
export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Private windows may refuse; then it is chosen again next time.
  }
}

// -- keys of a single letter ------------------------------------------------------------------------
// They work wherever one is on a page, or only in the player: somebody who speaks to the computer, or
// slips easily, does without (WCAG 2.2, 2.1.4).

/** A page that asks this itself, for letters of its own, asks it for all of them. */
export function everywhere() {
  const asked = document.querySelector('input[data-option="keys"]');
  return asked instanceof HTMLInputElement ? asked.checked : recall("keys") !== "player";
}
