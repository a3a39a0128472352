// The list of takes: how long each is, and where it is: on this device, on its way, or sent.

import { pageElement, showOne } from "../components/page-element.js";
import { clock, fill } from "../text/format.js";

/** @typedef {import("./take-store/metadata.js").TakeRecord} TakeRecord */

export class TakeList extends pageElement({
  inputs: { wordTake: String },
  parts: {
    takes: HTMLDetailsElement,
    takeList: HTMLElement,
    takeRow: HTMLTemplateElement,
    takeCount: HTMLElement,
  },
  events: ["takeopened", "takediscarded"],
}) {
  /** @type {TakeRecord | null} the one that is looked at */
  current = null;
  /** @type {import("./sync-queue.js").SyncQueue | null} which knows where each take is */
  syncQueue = null;

  /** @param {TakeRecord[]} takes of this chapter, oldest first */
  show(takes) {
    const shown = takes.filter((take) => take.ended && !take.unwanted);
    this.parts.takes.hidden = shown.length === 0;
    this.parts.takeCount.textContent = String(shown.length);
    const known = new Set(shown.map((take) => take.id));
    for (const row of [...this.parts.takeList.children])
      if (!known.has(row.id.slice(5))) row.remove();
    shown.forEach((take, index) => {
      const row = document.getElementById(`take-${take.id}`) ?? this.#make(take);
      this.#fill(row, take, index + 1);
    });
  }

  /** @param {TakeRecord} take */
  #make(take) {
    const row = /** @type {HTMLElement} */ (
      /** @type {DocumentFragment} */ (this.parts.takeRow.content.cloneNode(true)).firstElementChild
    );
    row.id = `take-${take.id}`;
    this.on(part(row, "look"), "click", () => this.emit("takeopened", take));
    this.on(part(row, "drop"), "click", () => this.emit("takediscarded", take));
    this.parts.takeList.append(row);
    return row;
  }

  /**
   * @param {HTMLElement} row
   * @param {TakeRecord} take
   * @param {number} number
   */
  #fill(row, take, number) {
    part(row, "take-name").textContent = fill(this.inputs.wordTake, {
      number: String(number),
    });
    const { startMs, endMs } = take.cut ?? take.choice ?? { startMs: 0, endMs: take.ms };
    part(row, "take-length").textContent = clock(endMs - startMs);
    part(row, "take-chosen").hidden = !take.choice;
    part(row, "drop").hidden = take.choice !== null && take.settled; // it is in the film
    part(row, "look").setAttribute("aria-current", String(this.current?.id === take.id));
    if (this.syncQueue) showPlace(row, take, this.syncQueue);
  }
}

/**
 * Say in words and with a picture where a take is.
 * @param {ParentNode} where
 * @param {TakeRecord} take
 * @param {import("./sync-queue.js").SyncQueue} syncQueue
 */
export function showPlace(where, take, syncQueue) {
  const state = take.refusal && (take.refusal === "upload_gone" ? "gone" : "refused");
  showOne(where, "placeOfTake", state || syncQueue.state(take));
  const sent = syncQueue.progress.get(take.id)?.sent ?? 0;
  for (const words of where.querySelectorAll("[data-percent-sent]")) {
    words.textContent = take.size ? `${Math.floor((100 * sent) / take.size)} %` : "";
  }
}

/**
 * Why the server does not take it, in its own words.
 * @param {HTMLElement} where
 * @param {TakeRecord} take
 */
export function showRefusal(where, take) {
  part(where, "refusal-words").textContent = take.why ?? "";
  part(where, "refusal-code").textContent = take.refusal;
}

/**
 * @param {ParentNode} row
 * @param {string} name
 */
const part = (row, name) => /** @type {HTMLElement} */ (row.querySelector(`[data-${name}]`));

customElements.define("cv-take-list", TakeList);
