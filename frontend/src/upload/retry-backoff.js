// When to try again. For ever: a tunnel is longer than any list of delays.

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
// The server stores what came of a broken request. To ask where it stands before it has done so
// would send that part twice.
const SETTLE_MS = 1000;

export class RetryBackoff {
  #tries = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {(() => void) | undefined} */
  #action;
  #settledAt = 0;

  constructor() {
    globalThis.addEventListener?.("online", () => this.runNow());
  }

  /**
   * Do it later; each time in a row a little later, never all devices at the same moment.
   * @param {() => void} action
   * @param {number} [leastMs]
   */
  schedule(action, leastMs = 0) {
    this.cancel();
    const wait = Math.min(FIRST_MS * 2 ** this.#tries, LONGEST_MS);
    this.#tries += 1;
    this.#action = action;
    this.#timer = setTimeout(
      () => this.runNow(),
      Math.max(leastMs, wait * (0.75 + Math.random() / 4)),
    );
  }

  /** Do it now, if something waits: the network is back, or somebody pressed a button. */
  runNow() {
    const action = this.#action;
    const wait = this.#settledAt - performance.now();
    clearTimeout(this.#timer);
    if (!action) return;
    if (wait > 0) {
      this.#timer = setTimeout(() => this.runNow(), wait);
      return;
    }
    this.cancel();
    action();
  }

  /** A request has broken just now. */
  noteFailure() {
    this.#settledAt = performance.now() + SETTLE_MS;
  }

  /** Do not do it at all. */
  cancel() {
    clearTimeout(this.#timer);
    this.#action = undefined;
  }

  /** Something worked. */
  reset() {
    this.#tries = 0;
  }
}
