// How many bytes to send in one request. A request that breaks costs what it had not finished,
// one that is too small costs a round trip: about three seconds each is a fair price for both.

const KIB = 1024;
export const SMALLEST = 256 * KIB;
export const LARGEST = 8 * KIB * KIB;
const AIM_S = 3;
const BOLDEST = 4; // times the last one: one quick request says little about the next minute

export class ChunkSize {
  /** The first part is small: whoever chose a wrong file hears it at once. */
  bytes = SMALLEST;

  /**
   * A request went through.
   * @param {number} sent bytes
   * @param {number} seconds
   */
  succeeded(sent, seconds) {
    const fair = (sent / Math.max(seconds, 0.001)) * AIM_S;
    this.#set(Math.min(fair, this.bytes * BOLDEST));
  }

  /** A request broke. */
  failed() {
    this.#set(this.bytes / 2);
  }

  /** @param {number} bytes */
  #set(bytes) {
    const rounded = Math.round(bytes / SMALLEST) * SMALLEST;
    this.bytes = Math.min(Math.max(rounded, SMALLEST), LARGEST);
  }
}
