// When to try again. For ever: a tunnel is longer than any list of delays.

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
// The server stores what came of a broken request. To ask where it stands before it has done so
// would send that part twice.
const SETTLE_MS = 1000;

export class Patience {
  #tries = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {(() => void) | undefined} */
  #action;
  #settledAt = 0;

  constructor() {
    globalThis.addEventListener?.("online", () => this.hurry());
  }

  /**
   * Do it later; each time in a row a little later, never all devices at the same moment.
   * @param {() => void} action
   * @param {number} [leastMs]
   */
  later(action, leastMs = 0) {
    this.forget();
    const wait = Math.min(FIRST_MS * 2 ** this.#tries, LONGEST_MS);
    this.#tries += 1;
    this.#action = action;
    this.#timer = setTimeout(
      () => this.hurry(),
      Math.max(leastMs, wait * (0.75 + Math.random() / 4)),
    );
  }

  /** Do it now, if something waits: the network is back, or somebody pressed a button. */
  hurry() {
    const action = this.#action;
    const wait = this.#settledAt - performance.now();
    clearTimeout(this.#timer);
    if (!action) return;
    if (wait > 0) {
      this.#timer = setTimeout(() => this.hurry(), wait);
      return;
    }
    this.forget();
    action();
  }

  /** A request has broken just now. */
  broke() {
    this.#settledAt = performance.now() + SETTLE_MS;
  }

  /** Do not do it at all. */
  forget() {
    clearTimeout(this.#timer);
    this.#action = undefined;
  }

  /** Something worked. */
  restore() {
    this.#tries = 0;
  }
}
