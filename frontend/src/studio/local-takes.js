// What this device knows better than the server: which parts have a take that is chosen here, or
// one that nobody else has yet. The page says so, and asks for the next part instead of for these.

import { pageElement } from "../components/page-element.js";
import { fill } from "../text/format.js";
import { isAheadOfServer, LocalPreview } from "./local-preview.js";
import { openStudio } from "./open-studio.js";
import { isRecovered, isUnsynced } from "./take-store/metadata.js";

/** @typedef {import("./take-store/metadata.js").TakeRecord} TakeRecord */

/** @param {string} selector */
const all = (selector) =>
  /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector));

export class LocalTakes extends pageElement({
  inputs: { owner: String, film: String, made: (text) => text.split(" ") },
}) {
  /** @type {import("./take-store/take-store.js").TakeStore} there once the studio is open */
  store = /** @type {any} */ (null);
  /** @type {Set<string>} chapters whose take is chosen here, and not in the page yet */
  #chosen = new Set();
  /** @type {Set<string>} those of them that the server had not heard of at the last look */
  #untold = new Set();

  async start() {
    const { store, syncQueue } = await openStudio(this, () => {});
    this.store = store;
    const { owner, film } = this.inputs;
    const preview = document.querySelector("cv-local-preview");
    if (preview instanceof LocalPreview) Object.assign(preview, { store, about: { owner, film } });
    const show = () => {
      this.show();
      if (preview instanceof LocalPreview) preview.show();
    };
    this.#watchRegions();
    show();
    this.on(store, "change", show);
    this.on(window, "online", () => syncQueue.retryNow());
  }

  #watchRegions() {
    const exchanged = new MutationObserver(() => {
      this.#chosen.clear(); // it is what the server knows by now
      this.show();
    });
    for (const region of all('[data-region="parts"], [data-region="next"]')) {
      exchanged.observe(region, { childList: true });
    }
  }

  async show() {
    const { owner, film, made } = this.inputs;
    const takes = (await this.store.of(owner)).filter((take) => take.film === film);
    const untold = new Set(takes.filter(isOnlyHere).map((take) => take.chapter));
    const heard = [...this.#untold].some((chapter) => !untold.has(chapter));
    this.#untold = untold;
    this.#chosen = new Set([...this.#chosen, ...untold].filter((it) => isChosen(takes, it)));
    if (heard) document.dispatchEvent(new CustomEvent("cvtube:changed")); // the page may be new
    const waits = (/** @type {TakeRecord} */ take) => !take.sent && !take.unwanted && !take.refusal;
    const waiting = new Set(takes.filter(waits).map((take) => take.chapter));
    for (const mark of all("[data-on-device]")) {
      const chapter = mark.dataset.onDevice ?? "";
      mark.hidden = !waiting.has(chapter) || this.#chosen.has(chapter);
    }
    const found = new Set(takes.filter(isRecovered).map((take) => take.chapter));
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
    for (const link of all("[data-local-preview-link]")) {
      const main = document.querySelector("[data-next]:not([hidden], [data-unless-here])");
      if (takes.some((take) => isAheadOfServer(take, made))) link.hidden = main !== null;
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

/** @param {TakeRecord} take */
const isWanted = (take) => take.choice !== null && take.ended && !take.unwanted && !take.refusal;

/** @param {TakeRecord} take */
const isOnlyHere = (take) => isWanted(take) && (!take.sent || isUnsynced(take));

/**
 * @param {TakeRecord[]} takes
 * @param {string} chapter
 */
const isChosen = (takes, chapter) =>
  takes.some((take) => take.chapter === chapter && isWanted(take));

customElements.define("cv-local-takes", LocalTakes);
