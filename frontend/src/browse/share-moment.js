// The address of this very moment, to send to a colleague (who needs an account of their own).

import { pageElement } from "../components/page-element.js";
import { whenFilmIsReady } from "../player/film-ready.js";

export class ShareMoment extends pageElement({
  inputs: { copied: String, shown: String },
  parts: { share: HTMLButtonElement, shareAnswer: HTMLElement },
}) {
  async start() {
    const film = await whenFilmIsReady();
    this.parts.share.hidden = false;
    this.on(this.parts.share, "click", () => this.#share(film.currentTime));
  }

  /** @param {number} second */
  async #share(second) {
    const address = new URL(location.href);
    address.searchParams.set("t", String(Math.floor(second)));
    history.replaceState(history.state, "", address);
    let said = this.inputs.shown;
    try {
      await navigator.clipboard.writeText(address.href);
      said = this.inputs.copied;
    } catch {
      // Without HTTPS a page may not use the clipboard: the address bar has it.
    }
    this.parts.shareAnswer.textContent = said;
  }
}

customElements.define("cv-share-moment", ShareMoment);
