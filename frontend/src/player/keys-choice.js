// The tick with which somebody says where keys of a single letter work.

import { pageElement } from "../components/page-element.js";
import { everywhere, remember } from "./preferences.js";

export class KeysChoice extends pageElement({ parts: { keysEverywhere: HTMLInputElement } }) {
  start() {
    // A page with letters of its own asks for all of them.
    if (document.querySelector('input[data-option="keys"]')) return this.remove();
    const choice = this.parts.keysEverywhere;
    choice.checked = everywhere();
    this.on(choice, "change", () => remember("keys", choice.checked ? "page" : "player"));
  }
}

customElements.define("cv-keys-choice", KeysChoice);
