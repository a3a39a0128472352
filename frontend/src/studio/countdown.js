// Three, two, one. It can be called off until the end.

const STEP_MS = 1000;

export class Countdown {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
  }

  /**
   * @param {() => void} then
   * @param {number} [from]
   */
  start(then, from = 3) {
    if (from === 0) {
      this.cancel();
      then();
      return;
    }
    this.box.textContent = String(from);
    this.#timer = setTimeout(() => this.start(then, from - 1), STEP_MS);
  }

  cancel() {
    clearTimeout(this.#timer);
    this.box.textContent = "";
  }
}
