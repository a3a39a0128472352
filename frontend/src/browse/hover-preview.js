// A look into a film before opening it: while one points at a card, or has it in focus, its
// small pictures pass by. Nothing moves for those who asked for less motion.

import { pageElement } from "../components/page-element.js";

const STEP_MS = 700;
const HESITATION_MS = 250; // passing over a wall must not load twenty sheets

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {{picture: HTMLElement, stop: () => void} | null} one at a time */
let shown = null;

/** The picture of a card; what one points at is the whole card. */
export class HoverPreview extends pageElement({
  inputs: { sheet: String, columns: Number, rows: Number, tiles: Number },
}) {
  start() {
    const film = this.closest(".film");
    if (!this.inputs.sheet) return;
    this.on(film, "pointerenter", ({ pointerType }) => pointerType === "mouse" && this.#show());
    this.on(film, "pointerleave", () => hide());
    this.on(film, "focusin", () => this.#show());
    this.on(film, "focusout", () => hide());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (shown?.picture === this) hide();
  }

  #show() {
    if (shown?.picture === this || still.matches) return;
    hide();
    shown = { picture: this, stop: walk(this, this.inputs) };
  }
}

function hide() {
  shown?.stop();
  shown = null;
}

/**
 * @param {HTMLElement} picture
 * @param {{sheet: string, columns: number, rows: number, tiles: number}} storyboard
 * @returns {() => void} ends it
 */
function walk(picture, { sheet, columns, rows, tiles }) {
  const view = document.createElement("div");
  view.className = "film-sheet";
  let timer = 0;
  const image = new Image();
  image.onload = () => {
    fit(view, picture, image, columns, rows);
    picture.append(view);
    let tile = 0;
    const step = () => {
      const column = tile % columns;
      const row = Math.floor(tile / columns);
      view.style.backgroundPosition = `-${column * view.clientWidth}px -${row * view.clientHeight}px`;
      tile = (tile + 1) % tiles;
    };
    step();
    timer = window.setInterval(step, STEP_MS);
  };
  timer = window.setTimeout(() => {
    image.src = sheet;
  }, HESITATION_MS);
  return () => {
    image.onload = null;
    clearTimeout(timer);
    clearInterval(timer);
    view.remove();
  };
}

/** One tile as large as the card's picture holds, whole.
 * @param {HTMLElement} view @param {HTMLElement} picture @param {HTMLImageElement} image
 * @param {number} columns @param {number} rows */
function fit(view, picture, image, columns, rows) {
  const [width, height] = [image.width / columns, image.height / rows];
  const scale = Math.min(picture.clientWidth / width, picture.clientHeight / height);
  const [shownWidth, shownHeight] = [Math.round(width * scale), Math.round(height * scale)];
  view.style.width = `${shownWidth}px`;
  view.style.height = `${shownHeight}px`;
  view.style.backgroundImage = `url("${image.src}")`;
  view.style.backgroundSize = `${shownWidth * columns}px ${shownHeight * rows}px`;
}

customElements.define("cv-hover-preview", HoverPreview);
