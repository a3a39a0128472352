// Which chapters have a take that nobody but this device has, and whether it has some to watch.

import { isNews } from "./premiere.js";

/**
 * @param {{owner: string, film: string, made: string}} about
 * @param {import("./shelf/shelf.js").Shelf} shelf
 */
export async function showKept({ owner, film, made }, shelf) {
  const notes = await shelf.of(owner);
  const waiting = new Set(
    notes.filter((note) => !note.sent && !note.unwanted).map((note) => note.chapter),
  );
  for (const mark of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-on-device]")
  )) {
    mark.hidden = !waiting.has(mark.dataset.onDevice ?? "");
  }
  const link = document.querySelector("[data-premiere-link]");
  if (
    link instanceof HTMLElement &&
    notes.some((note) => note.film === film && isNews(note, made.split(" ")))
  )
    link.hidden = false;
}
