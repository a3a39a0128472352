// The QR code of an access card leads to its log-in page, with number and secret behind the "#"
// of the address: that part is never sent. It is put into the form and taken out of the address,
// so that neither the history nor somebody who looks at the screen keeps it.

import { pageElement } from "../components/page-element.js";

const CARD = /^#(\d{12})-([\w-]+)$/;

export class CardLogin extends pageElement({ parts: { cardRead: HTMLElement } }) {
  start() {
    // Scanned while the page is already open: only the part behind the "#" changes.
    this.on(window, "hashchange", () => this.#read());
    // Somebody types another card's number: the secret is not that card's.
    this.on(this.#field("number"), "input", () => this.#fill("secret", ""));
    this.#read();
  }

  #read() {
    const found = CARD.exec(location.hash);
    if (!found) return;
    history.replaceState(null, "", location.pathname + location.search);
    this.#fill("number", found[1].replace(/(.{4})(?=.)/g, "$1 "));
    this.#fill("secret", found[2]);
    this.parts.cardRead.hidden = false;
    this.#field("pin")?.focus();
  }

  /** @param {string} name */
  #field(name) {
    const found = this.querySelector("form")?.elements.namedItem(name);
    return found instanceof HTMLInputElement ? found : null;
  }

  /** @param {string} name @param {string} value */
  #fill(name, value) {
    const input = this.#field(name);
    if (input) input.value = value;
  }
}

customElements.define("cv-card-login", CardLogin);
