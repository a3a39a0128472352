// The whole film before the server has made it: the chosen takes of this device, one after the
// other, each from where it is cut to where it is cut. The browser's own controls play them.

import { part } from "./parts.js";
import { isUntold } from "./shelf/notes.js";

/** @typedef {import("./shelf/notes.js").Note} Note */

/**
 * Whether the film has a take that the server has made nothing of yet.
 * @param {Note} note
 * @param {string} made the chapters that the server can play, as their newest takes have them
 */
export const isNews = (note, made) =>
  note.choice !== null &&
  !note.unwanted &&
  !note.refusal &&
  note.ended &&
  (isUntold(note) || !note.sent || !made.split(" ").includes(note.chapter));

export class Premiere {
  /** @type {Map<string, Note>} by chapter */
  #takes = new Map();
  #chapter = ""; // what is on the screen, or about to be
  /** @type {import("./shelf/notes.js").Choice | null} what of it is wanted, once it is there */
  #choice = null;
  #moving = false; // from one chapter to another
  #address = "";

  /**
   * @param {HTMLElement} box
   * @param {{owner: string, film: string}} about
   * @param {import("./shelf/shelf.js").Shelf} shelf
   */
  constructor(box, about, shelf) {
    this.box = box;
    this.about = about;
    this.shelf = shelf;
    this.video = /** @type {HTMLVideoElement} */ (part(box, "premiere-film"));
    this.buttons = /** @type {HTMLButtonElement[]} */ ([...box.querySelectorAll("[data-plays]")]);
    for (const button of this.buttons) {
      button.addEventListener("click", () => this.#play(button.dataset.plays ?? ""));
    }
    this.server = /** @type {HTMLElement} */ (document.querySelector('[data-region="film"]'));
    new MutationObserver(() => this.show()).observe(this.server, { childList: true });
    const { video } = this;
    video.addEventListener("ended", () => this.#next());
    video.addEventListener("pause", () => this.show()); // the server may have made it meanwhile
    video.addEventListener("timeupdate", () => {
      const over = this.#choice && video.currentTime * 1000 >= this.#choice.endMs;
      if (over && !video.paused) this.#next();
    });
    video.addEventListener("play", () => {
      const from = this.#choice?.startMs ?? 0;
      if (video.currentTime * 1000 < from - 100) video.currentTime = from / 1000;
    });
    addEventListener("pagehide", () => URL.revokeObjectURL(this.#address));
  }

  /** As the device and the server have it now. What is being played is played to its end. */
  async show() {
    if (this.#moving || !(this.video.paused || this.video.ended)) return;
    const made = part(this.server, "server-film").dataset.made ?? "";
    const notes = await this.shelf.of(this.about.owner);
    const news = notes.filter((note) => note.film === this.about.film && isNews(note, made));
    this.#takes = new Map(news.map((note) => [note.chapter, note]));
    for (const button of this.buttons) {
      button.disabled = !this.#takes.has(button.dataset.plays ?? "");
    }
    this.box.hidden = news.length === 0;
    this.server.hidden = news.length > 0;
    const first = this.#order[0];
    if (first && !this.#takes.has(this.#chapter)) await this.#load(first);
  }

  /** The chapters that can be played here, as the film has them. */
  get #order() {
    const all = this.buttons.map((button) => button.dataset.plays ?? "");
    return all.filter((chapter) => this.#takes.has(chapter));
  }

  /** @param {string} chapter */
  async #load(chapter) {
    const note = this.#takes.get(chapter);
    if (!note?.choice) return;
    this.#chapter = chapter;
    this.#choice = null;
    for (const button of this.buttons) {
      if (button.dataset.plays === chapter) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    const film = await this.shelf.whole(note);
    if (this.#chapter !== chapter) return; // another was asked for meanwhile
    URL.revokeObjectURL(this.#address);
    this.#address = URL.createObjectURL(film);
    this.#choice = note.choice;
    this.video.src = `${this.#address}#t=${note.choice.startMs / 1000}`;
  }

  /** @param {string} chapter */
  async #play(chapter) {
    this.#moving = true;
    this.video.pause();
    await this.#load(chapter);
    await this.video.play().catch(() => {}); // its own button is still there
    this.#moving = false;
  }

  /** On to the next part; after the last, the film stands at its beginning again. */
  async #next() {
    const order = this.#order;
    const next = order[order.indexOf(this.#chapter) + 1];
    if (next) return this.#play(next);
    this.#moving = true;
    this.video.pause();
    await this.#load(order[0] ?? "");
    this.#moving = false;
    await this.show();
  }
}
