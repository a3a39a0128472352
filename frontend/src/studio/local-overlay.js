// What this device knows better than the server: which parts have a take that is chosen here, or
// one that nobody else has yet. The page says so, and asks for the next part instead of for these.

import { fill } from "../upload/format.js";
import { isNews } from "./local-preview.js";
import { isFound, isUntold } from "./take-store/metadata.js";

/** @typedef {import("./take-store/metadata.js").Note} Note */

/** @param {string} selector */
const all = (selector) =>
  /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector));

export class Kept {
  /** @type {Set<string>} chapters whose take is chosen here, and not in the page yet */
  #chosen = new Set();
  /** @type {Set<string>} those of them that the server had not heard of at the last look */
  #untold = new Set();

  /**
   * @param {{owner: string, film: string, made: string}} about
   * @param {import("./take-store/take-store.js").Shelf} shelf
   */
  constructor(about, shelf) {
    this.about = about;
    this.shelf = shelf;
    const parts = document.querySelector('[data-region="parts"]');
    const next = document.querySelector('[data-region="next"]');
    const exchanged = new MutationObserver(() => {
      this.#chosen.clear(); // it is what the server knows by now
      this.show();
    });
    for (const region of [parts, next]) if (region) exchanged.observe(region, { childList: true });
  }

  async show() {
    const { owner, film, made } = this.about;
    const notes = (await this.shelf.of(owner)).filter((note) => note.film === film);
    const untold = new Set(notes.filter(isOnlyHere).map((note) => note.chapter));
    const heard = [...this.#untold].some((chapter) => !untold.has(chapter));
    this.#untold = untold;
    this.#chosen = new Set([...this.#chosen, ...untold].filter((it) => isChosen(notes, it)));
    if (heard) document.dispatchEvent(new CustomEvent("cvtube:changed")); // the page may be new
    const waits = (/** @type {Note} */ note) => !note.sent && !note.unwanted && !note.refusal;
    const waiting = new Set(notes.filter(waits).map((note) => note.chapter));
    for (const mark of all("[data-on-device]")) {
      const chapter = mark.dataset.onDevice ?? "";
      mark.hidden = !waiting.has(chapter) || this.#chosen.has(chapter);
    }
    const found = new Set(notes.filter(isFound).map((note) => note.chapter));
    for (const mark of all("[data-found-here]")) {
      mark.hidden = !found.has(mark.dataset.foundHere ?? "");
    }
    for (const mark of all("[data-chosen-here]")) {
      mark.hidden = !this.#chosen.has(mark.dataset.chosenHere ?? "");
    }
    for (const mark of all("[data-unless-here]")) {
      mark.hidden = this.#chosen.has(mark.dataset.unlessHere ?? "");
    }
    this.#ask();
    this.#count();
    const ready = made.split(" ");
    for (const link of all("[data-premiere-link]")) {
      const main = document.querySelector("[data-next]:not([hidden], [data-unless-here])");
      if (notes.some((note) => isNews(note, ready))) link.hidden = main !== null;
    }
  }

  /** The one thing to do next is the first that is still to be done. */
  #ask() {
    const ways = [...all("[data-next]")];
    const next = ways.find((way) => !this.#chosen.has(way.dataset.unlessHere ?? ""));
    for (const way of ways) way.hidden = way !== next;
  }

  #count() {
    const done = document.querySelector("[data-done]");
    if (!(done instanceof HTMLElement)) return;
    const lines = [...all("[data-region=parts] [data-unless-here]")];
    const filmed = lines.filter((line) => !("todo" in line.dataset) || line.hidden);
    done.textContent = fill(done.dataset.words, { done: String(filmed.length) });
  }
}

/** @param {Note} note */
const isWanted = (note) => note.choice !== null && note.ended && !note.unwanted && !note.refusal;

/** @param {Note} note */
const isOnlyHere = (note) => isWanted(note) && (!note.sent || isUntold(note));

/**
 * @param {Note[]} notes
 * @param {string} chapter
 */
const isChosen = (notes, chapter) =>
  notes.some((note) => note.chapter === chapter && isWanted(note));
