// How long to wait between two looks at a page: short while something moves, longer in a window
// that nobody sees, and longer each time the server did not answer.

const SOON_MS = 1000;
const CALM_MS = 15_000;
const HIDDEN_TIMES = 15;
const LONGEST_MS = 60_000;

/**
 * @param {{moving: boolean, hidden: boolean, failures: number}} page failures in a row
 * @returns {number} milliseconds
 */
export function pollDelay({ moving, hidden, failures }) {
  const calm = moving ? SOON_MS : CALM_MS;
  return Math.min(calm * (hidden ? HIDDEN_TIMES : 1) * 2 ** failures, LONGEST_MS);
}
