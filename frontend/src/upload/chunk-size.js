// How many bytes to send in one request. A request that breaks costs what it had not finished,
// one that is too small costs a round trip: about three seconds each is a fair price for both.

const KIB = 1024;
export const SMALLEST = 256 * KIB;
export const LARGEST = 8 * KIB * KIB;
const AIM_S = 3;
const BOLDEST = 4; // times the last one: one quick request says little about the next minute

export class Pace {
  /** The first part is small: whoever chose a wrong file hears it at once. */
  size = SMALLEST;

  /**
   * A request went through.
   * @param {number} bytes
   * @param {number} seconds
   */
  went(bytes, seconds) {
    const fair = (bytes / Math.max(seconds, 0.001)) * AIM_S;
    this.#set(Math.min(fair, this.size * BOLDEST));
  }

  /** A request broke. */
  failed() {
    this.#set(this.size / 2);
  }

  /** @param {number} bytes */
  #set(bytes) {
    const rounded = Math.round(bytes / SMALLEST) * SMALLEST;
    this.size = Math.min(Math.max(rounded, SMALLEST), LARGEST);
  }
}
