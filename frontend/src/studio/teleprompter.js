// The words to say, over the camera, rolling at the speaker's pace.

const WORDS_PER_MINUTE = [70, 90, 110, 130, 150];
const SIZES = ["1.1rem", "1.35rem", "1.7rem", "2.1rem", "2.6rem"];

export class Teleprompter {
  #rolling = false;
  #at = 0; // pixels, with their fractions: scrollTop has none
  #last = 0;

  /**
   * @param {HTMLElement} box
   * @param {import("./preferences.js").Preferences} preferences
   */
  constructor(box, preferences) {
    this.box = box;
    this.preferences = preferences;
    this.words = (box.textContent ?? "").trim().split(/\s+/).filter(Boolean).length;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    box.addEventListener("pointerdown", () => {
      this.#at = box.scrollTop;
    });
    preferences.addEventListener("change", () => this.show());
    this.show();
  }

  show() {
    const { prompter, size, place } = this.preferences;
    this.box.hidden = !prompter || this.words === 0;
    this.box.style.fontSize = SIZES[size];
    this.box.dataset.at = place;
  }

  /** From the first word. */
  rewind() {
    this.#at = 0;
    this.box.scrollTop = 0;
  }

  roll() {
    if (this.#rolling) return;
    this.#rolling = true;
    this.#last = performance.now();
    requestAnimationFrame((now) => this.#step(now));
  }

  stop() {
    this.#rolling = false;
  }

  /** @param {number} now */
  #step(now) {
    if (!this.#rolling) return;
    const { box } = this;
    const far = box.scrollHeight - box.clientHeight;
    const minutes = this.words / WORDS_PER_MINUTE[this.preferences.speed];
    // Somebody has moved it by hand: go on from there.
    if (Math.abs(box.scrollTop - this.#at) > 40) this.#at = box.scrollTop;
    this.#at = Math.min(far, this.#at + ((now - this.#last) / 60_000) * (far / minutes));
    this.#last = now;
    const line = Number.parseFloat(getComputedStyle(box).lineHeight) || 30;
    box.scrollTop = this.still.matches ? Math.floor(this.#at / line) * line : this.#at;
    requestAnimationFrame((then) => this.#step(then));
  }
}
