// On every page with a film.
import { startPlayer } from "../player/player.js";

// Also those that come into the page later, with a region that is exchanged.
customElements.define(
  "film-box",
  class extends HTMLElement {
    connectedCallback() {
      startPlayer(this);
    }
  },
);
