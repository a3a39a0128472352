// The list of takes: how long each is, and where it is: on this device, on its way, or sent.

import { fill } from "../upload/format.js";
import { clock, part, showOne } from "./parts.js";

/** @typedef {import("./take-store/metadata.js").Note} Note */

export class Takes {
  /** @type {Note | null} the one that is looked at */
  current = null;

  /**
   * @param {HTMLElement} box
   * @param {import("./sync-queue.js").Outbox} outbox
   * @param {{look: (note: Note) => void, drop: (note: Note) => void}} told
   */
  constructor(box, outbox, told) {
    this.box = box;
    this.list = part(box, "take-list");
    this.row = /** @type {HTMLTemplateElement} */ (part(box, "take-row"));
    this.outbox = outbox;
    this.told = told;
  }

  /** @param {Note[]} notes of this chapter, oldest first */
  show(notes) {
    const shown = notes.filter((note) => note.ended && !note.unwanted);
    this.box.hidden = shown.length === 0;
    part(this.box, "take-count").textContent = String(shown.length);
    const known = new Set(shown.map((note) => note.id));
    for (const row of [...this.list.children]) if (!known.has(row.id.slice(5))) row.remove();
    shown.forEach((note, index) => {
      const row = document.getElementById(`take-${note.id}`) ?? this.#make(note);
      this.#fill(row, note, index + 1);
    });
  }

  /** @param {Note} note */
  #make(note) {
    const row = /** @type {HTMLElement} */ (
      /** @type {DocumentFragment} */ (this.row.content.cloneNode(true)).firstElementChild
    );
    row.id = `take-${note.id}`;
    part(row, "look").addEventListener("click", () => this.told.look(note));
    part(row, "drop").addEventListener("click", () => this.told.drop(note));
    this.list.append(row);
    return row;
  }

  /**
   * @param {HTMLElement} row
   * @param {Note} note
   * @param {number} number
   */
  #fill(row, note, number) {
    part(row, "take-name").textContent = fill(this.box.dataset.wordTake, {
      number: String(number),
    });
    const { startMs, endMs } = note.cut ?? note.choice ?? { startMs: 0, endMs: note.ms };
    part(row, "take-length").textContent = clock(endMs - startMs);
    part(row, "take-chosen").hidden = !note.choice;
    part(row, "drop").hidden = note.choice !== null && note.settled; // it is in the film
    part(row, "look").setAttribute("aria-current", String(this.current?.id === note.id));
    showPlace(row, note, this.outbox);
  }
}

/**
 * Say in words and with a picture where a take is.
 * @param {ParentNode} where
 * @param {Note} note
 * @param {import("./sync-queue.js").Outbox} outbox
 */
export function showPlace(where, note, outbox) {
  const state = note.refusal && (note.refusal === "upload_gone" ? "gone" : "refused");
  showOne(where, "place-of-take", state || outbox.state(note));
  const sent = outbox.progress.get(note.id)?.sent ?? 0;
  for (const words of where.querySelectorAll("[data-percent-sent]")) {
    words.textContent = note.size ? `${Math.floor((100 * sent) / note.size)} %` : "";
  }
}

/**
 * Why the server does not take it, in its own words.
 * @param {HTMLElement} where
 * @param {Note} note
 */
export function showRefusal(where, note) {
  part(where, "refusal-words").textContent = note.why ?? "";
  part(where, "refusal-code").textContent = note.refusal;
}
