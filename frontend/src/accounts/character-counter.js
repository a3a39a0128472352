// How many characters may still be typed; said aloud only when typing pauses.

import { pageElement } from "../components/page-element.js";

const PAUSE_MS = 900;

export class CharacterCounter extends pageElement({ inputs: { left: String } }) {
  start() {
    const text = this.querySelector("textarea");
    if (text && text.maxLength > 0) this.#count(text);
  }

  /** @param {HTMLTextAreaElement} text */
  #count(text) {
    const shown = document.createElement("p");
    shown.className = "hint";
    shown.setAttribute("aria-hidden", "true");
    const said = document.createElement("p");
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    let timer = 0;
    const words = () => this.inputs.left.replace("{n}", String(text.maxLength - text.value.length));
    shown.textContent = words();
    this.on(text, "input", () => {
      shown.textContent = words();
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        said.textContent = words();
      }, PAUSE_MS);
    });
    text.after(shown, said);
  }
}

customElements.define("cv-character-counter", CharacterCounter);
