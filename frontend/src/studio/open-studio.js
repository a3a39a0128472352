// What every page of the studio does first: find the takes this device keeps of this person, put
// an end to those that were cut off, and go on sending them.

import { isHeldElsewhere, released } from "../upload/tab-lock.js";
import { Outbox, sending } from "./sync-queue.js";
import { Pass } from "./session-token.js";
import { isCutUntold, isUntold } from "./take-store/metadata.js";
import { openShelf } from "./take-store/take-store.js";

/**
 * @param {HTMLElement} page with data-owner, data-endpoint, data-pass and data-shelf-script; for
 *   one film data-film and data-made (its chapters that the server can play), for one of its
 *   chapters data-chapter
 * @param {(note: import("./take-store/metadata.js").Note) => void} told how a take stands has changed
 */
export async function openStudio(page, told) {
  const { owner = "", endpoint = "", pass: address = "", shelfScript = "" } = page.dataset;
  const shelf = await openShelf(shelfScript);
  const token = document.querySelector("meta[name=csrf-token]")?.getAttribute("content") ?? "";
  const pass = new Pass(address, owner, token);
  const outbox = new Outbox(shelf, pass, endpoint, (note) => {
    told(note);
    shelf.dispatchEvent(new Event("change"));
  });
  const notes = await shelf.of(owner);
  const decided = new Set(notes.filter((note) => note.settled).map((note) => note.chapter));
  const made = new Set((page.dataset.made ?? "").split(" "));
  // The server has it, and its chapter is done. What it has not made anything of yet is still
  // watched here, and a chapter's own page shows all of its takes.
  const done = (/** @type {import("./take-store/metadata.js").Note} */ note) =>
    note.sent &&
    decided.has(note.chapter) &&
    !isUntold(note) &&
    !isCutUntold(note) &&
    (note.film !== page.dataset.film || made.has(note.chapter)) &&
    note.chapter !== page.dataset.chapter;
  for (const note of notes) {
    try {
      if (done(note)) await shelf.remove(note);
      else if (note.ended || (await finish(shelf, note))) outbox.take(note);
      else void follow(shelf, outbox, note);
    } catch {
      // A device that is full, or lost its database: the other takes are looked after all the same.
    }
  }
  // Now, while there may be a network: a take may be filmed when there is none.
  sending().catch(() => {});
  // The browser is asked not to clear this away when the disk gets full.
  navigator.storage?.persist?.().catch(() => {});
  return { shelf, outbox, pass };
}

/**
 * A take that is being filmed in another window is looked after here once that one has ended.
 * @param {import("./take-store/take-store.js").Shelf} shelf
 * @param {Outbox} outbox
 * @param {import("./take-store/metadata.js").Note} note
 */
async function follow(shelf, outbox, note) {
  await released(`recording-${note.id}`);
  if (!(await shelf.refresh(note))) return;
  if (note.ended || (await finish(shelf, note))) outbox.take(note);
}

/**
 * A take whose window died under it ends with its last piece. False: it is being filmed elsewhere,
 * or nothing of it was kept.
 * @param {import("./take-store/take-store.js").Shelf} shelf
 * @param {import("./take-store/metadata.js").Note} note
 */
async function finish(shelf, note) {
  if (await isHeldElsewhere(`recording-${note.id}`)) return false;
  await shelf.end(note);
  if (note.size > 0) {
    await shelf.change(note, { found: true });
    return true;
  }
  await shelf.remove(note);
  return false;
}
