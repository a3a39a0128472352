// A button that prints the page; without a script, the browser's own menu does.

import { pageElement } from "../components/page-element.js";

export class PrintButton extends pageElement({ parts: { print: HTMLButtonElement } }) {
  start() {
    const { print: button } = this.parts;
    button.hidden = false;
    this.on(button, "click", () => print());
  }
}

customElements.define("cv-print-button", PrintButton);
