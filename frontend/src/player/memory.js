// What a person chose once for all films: speed, and captions on or off. Kept in this browser
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
