// A film that is still being recorded, as the upload library reads it: asked for more than there
// is, it waits until there is more, or until nothing more comes.

const LEAST = 256 * 1024; // bytes worth a request of their own
const LONGEST_MS = 2000; // what is there goes after so long, however little it is

/**
 * @typedef {object} GrowingBytes
 * @property {() => number} size bytes there are by now
 * @property {() => boolean} ended nothing more comes
 * @property {(start: number, end: number) => Promise<Blob>} read
 * @property {(grown: () => void) => void} watch call this whenever one of them has changed
 */

export class StreamingSource {
  /** For the library: not known before the end. */
  size = Number.NaN;
  #asked = 0;
  /** @type {() => void} */
  #look = () => {};

  /** @param {GrowingBytes} source */
  constructor(source) {
    this.source = source;
    source.watch(() => this.#look());
  }

  /**
   * @param {number} start
   * @param {number} end
   * @returns {Promise<{value: Blob, done: boolean}>}
   */
  async slice(start, end) {
    this.#asked += 1;
    const asked = this.#asked;
    await this.#enough(start);
    // Aborted meanwhile: the library would send it all the same, beside its next try.
    if (asked !== this.#asked) return new Promise(() => {});
    const ended = this.source.ended(); // asked before the size: what comes in between is not lost
    const to = Math.min(end, this.source.size());
    const value = await this.source.read(start, to);
    // Less than was written would be sent as the whole.
    if (value.size !== Math.max(0, to - start)) throw new TypeError("bytes are missing");
    if (asked !== this.#asked) return new Promise(() => {});
    return { value, done: ended && to === this.source.size() };
  }

  /** Whoever has asked is gone. */
  cancel() {
    this.#asked += 1;
  }

  close() {}

  /**
   * @param {number} start
   * @returns {Promise<void>}
   */
  #enough(start) {
    const since = performance.now();
    return new Promise((resolve) => {
      const look = () => {
        const there = this.source.size() - start;
        const late = performance.now() - since >= LONGEST_MS;
        if (this.source.ended() || there >= LEAST || (there > 0 && late)) resolve();
      };
      this.#look = look;
      look();
    });
  }
}
