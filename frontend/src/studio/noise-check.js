// Whether one is heard, and heard above what is around: first somebody speaks, then nobody does.

const HEARD = 0.4; // of the level meter: speech at arm's length is above it
const HEARD_LOOKS = 4; // not a single knock
const SILENT_LOOKS = 30;
const QUIET_LOOKS = 15;
const ABOVE_NOISE = 0.25; // 15 dB: with less between them, listening to it is work

/** What is to be done, or said of the sound: asked, silent, hush, noisy, good. */
export class NoiseCheck {
  #looks = 0;
  /** @type {number[]} levels of speech */
  #speech = [];
  /** @type {number[]} the newest levels since then */
  #since = [];

  /**
   * @param {number} level of the meter, five times a second
   * @returns {string}
   */
  judge(level) {
    this.#looks += 1;
    if (this.#speech.length < HEARD_LOOKS) {
      if (level > HEARD) this.#speech.push(level);
      return this.#looks > SILENT_LOOKS ? "silent" : "asked";
    }
    this.#since = [...this.#since, level].slice(-QUIET_LOOKS);
    if (this.#since.length < QUIET_LOOKS) return "hush";
    return this.#speechLevel - this.#noise < ABOVE_NOISE ? "noisy" : "good";
  }

  get #speechLevel() {
    return this.#speech.reduce((sum, level) => sum + level, 0) / this.#speech.length;
  }

  /** The quieter third tells what is there between words, should somebody go on speaking. */
  get #noise() {
    return [...this.#since].sort((one, other) => one - other)[Math.floor(QUIET_LOOKS / 3)];
  }
}
