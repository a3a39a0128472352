// How fast bytes go, over the last seconds: steady enough to be read, quick enough to be true.

const WINDOW_S = 10;

export class Speedometer {
  /** @type {{at: number, bytes: number}[]} */
  #marks = [];

  /**
   * So many bytes are sent by now; fewer than before when a request broke.
   * @param {number} bytes
   * @param {number} at seconds
   */
  mark(bytes, at) {
    if (this.#marks.some((mark) => mark.bytes > bytes)) this.#marks = [];
    this.#marks.push({ at, bytes });
    while (this.#marks.length > 2 && this.#marks[1].at < at - WINDOW_S) this.#marks.shift();
  }

  /** Nothing goes for the moment. */
  stop() {
    this.#marks = [];
  }

  /** Bytes per second; 0 while nobody can say. */
  get speed() {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (!first || !last || last.at - first.at < 1) return 0;
    return (last.bytes - first.bytes) / (last.at - first.at);
  }
}
