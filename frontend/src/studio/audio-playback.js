// One's own voice notes, played by a button; one at a time. Without a script the page has the
// browser's own player instead.

import { pageElement } from "../components/page-element.js";

/** @type {(() => void) | null} ends what is heard now */
let hush = null;

/** Whatever is heard, not any more. */
export const stopPlayback = () => hush?.();

export class AudioPlayback extends pageElement({
  inputs: { addresses: (text) => text.trim().split(/\s+/), failed: String },
  parts: { hear: HTMLButtonElement },
}) {
  #audio = new Audio();
  #says = Object.assign(document.createElement("span"), { className: "hear-says" });

  start() {
    const button = this.parts.hear;
    this.#says.setAttribute("role", "status");
    button.after(this.#audio, this.#says);
    button.hidden = false;
    this.on(button, "click", () => {
      const on = button.getAttribute("aria-pressed") === "true";
      stopPlayback();
      if (!on) this.#play();
    });
    this.on(window, "pagehide", stopPlayback);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (!this.#audio.paused) stopPlayback();
  }

  #play() {
    this.#says.textContent = "";
    this.parts.hear.setAttribute("aria-pressed", "true");
    hush = () => this.#stop();
    this.#next(this.inputs.addresses);
  }

  #stop() {
    hush = null;
    this.#audio.pause();
    this.#audio.onended = this.#audio.onerror = null;
    this.parts.hear.setAttribute("aria-pressed", "false");
  }

  /** @param {string[]} addresses */
  #next([address, ...rest]) {
    if (!address) return this.#stop();
    const audio = this.#audio;
    audio.onended = () => this.#next(rest);
    audio.onerror = () => {
      this.#stop();
      this.#says.textContent = this.inputs.failed;
    };
    audio.src = address; // anew each time: it may have been said again
    audio.play().catch(() => {}); // what keeps it from playing is told by onerror
  }
}

customElements.define("cv-audio-playback", AudioPlayback);
