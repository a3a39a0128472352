// Which chapters have a take that nobody but this device has.

/**
 * @param {string} owner
 * @param {import("./shelf/shelf.js").Shelf} shelf
 */
export async function showKept(owner, shelf) {
  const notes = await shelf.of(owner);
  const waiting = new Set(
    notes.filter((note) => !note.sent && !note.unwanted).map((note) => note.chapter),
  );
  for (const mark of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-on-device]")
  )) {
    mark.hidden = !waiting.has(mark.dataset.onDevice ?? "");
  }
}
