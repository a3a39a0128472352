// A link to give away: copied, or handed to whatever the phone sends things with. Without scripts,
// the address stands in a field that can be selected.

import { pageElement } from "../components/page-element.js";

export class ShareLink extends pageElement({
  inputs: { copied: String },
  parts: {
    address: HTMLInputElement,
    copyLink: HTMLButtonElement,
    sendLink: HTMLButtonElement,
    copyStatus: HTMLElement,
  },
}) {
  start() {
    const { address, copyLink, sendLink } = this.parts;
    this.on(address, "focus", () => address.select());
    copyLink.hidden = false;
    this.on(copyLink, "click", () => this.#copy());
    if (!("share" in navigator)) return;
    sendLink.hidden = false;
    // A person who changes their mind is no error.
    this.on(sendLink, "click", () => navigator.share({ url: address.value }).catch(() => {}));
  }

  async #copy() {
    const { address, copyStatus } = this.parts;
    address.select();
    try {
      await navigator.clipboard.writeText(address.value);
    } catch {
      document.execCommand("copy"); // without HTTPS a page may not write to the clipboard
    }
    copyStatus.textContent = this.inputs.copied;
  }
}

customElements.define("cv-share-link", ShareLink);
