// A button beside each password that shows what is typed. It is hidden again when the form is
// sent, so that browsers offer to remember a password and not a plain text.

import { pageElement } from "../components/page-element.js";

export class PasswordReveal extends pageElement({ inputs: { show: String, hide: String } }) {
  start() {
    const input = this.querySelector("input[type=password]");
    if (input instanceof HTMLInputElement) this.#addButton(input);
  }

  /** @param {HTMLInputElement} input */
  #addButton(input) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link reveal";
    button.setAttribute("aria-controls", input.id);
    const show = (/** @type {boolean} */ visible) => {
      input.type = visible ? "text" : "password";
      button.textContent = visible ? this.inputs.hide : this.inputs.show;
    };
    show(false);
    this.on(button, "click", () => {
      show(input.type === "password");
      input.focus();
    });
    this.on(input.form, "submit", () => show(false));
    input.after(button);
  }
}

customElements.define("cv-password-reveal", PasswordReveal);
