// What of a take is wanted: from when to when, in milliseconds.

const SHORTEST_MS = 1000; // the server takes nothing shorter

/** @typedef {{startMs: number, endMs: number}} Trim */

/**
 * A trim whose start was moved: it never comes so close to the end that too little is left.
 * @param {Trim} trim
 * @param {number} lengthMs of the take
 * @returns {Trim}
 */
export function clampStart({ startMs, endMs }, lengthMs) {
  return { startMs: Math.min(startMs, endMs - shortest(lengthMs)), endMs };
}

/**
 * The same for its end.
 * @param {Trim} trim
 * @param {number} lengthMs
 * @returns {Trim}
 */
export function clampEnd({ startMs, endMs }, lengthMs) {
  return { startMs, endMs: Math.max(endMs, startMs + shortest(lengthMs)) };
}

/**
 * A handle moves in steps, of which the last may be too short to be reached: within it, the end
 * is meant.
 * @param {number} ms where the handle stands
 * @param {number} stepMs
 * @param {number} lengthMs
 */
export const snapToEnd = (ms, stepMs, lengthMs) => (ms > lengthMs - stepMs ? lengthMs : ms);

/**
 * @param {Trim | null | undefined} one
 * @param {Trim | null | undefined} other
 */
export const isSame = (one, other) =>
  one?.startMs === other?.startMs && one?.endMs === other?.endMs;

/** @param {number} lengthMs */
const shortest = (lengthMs) => Math.min(SHORTEST_MS, lengthMs);
