// A film that was made elsewhere, by the phone's own camera app say, becomes a take.

const PIECE = 4 * 1024 * 1024; // bytes copied at a time: phones have little memory

/**
 * Copied onto the device's shelf, so that it is sent like any other take; nothing of it stays
 * there when it does not fit.
 * @param {File} file
 * @param {{owner: string, film: string, chapter: string}} about
 * @param {import("./take-store/take-store.js").Shelf} shelf
 */
export async function takeOf(file, about, shelf) {
  const note = await shelf.begin({ ...about, mime: file.type, from: "file" });
  try {
    for (let at = 0; at < file.size; at += PIECE) {
      await shelf.append(note, file.slice(at, at + PIECE), 0);
    }
    await shelf.end(note);
    await shelf.change(note, { ms: await lengthOf(file) });
  } catch (error) {
    await shelf.remove(note);
    throw error;
  }
  return note;
}

/**
 * Milliseconds; 0 where the browser cannot play it.
 * @param {Blob} file
 * @returns {Promise<number>}
 */
async function lengthOf(file) {
  const video = document.createElement("video");
  const address = URL.createObjectURL(file);
  const ms = await new Promise((resolve) => {
    video.onloadedmetadata = () => resolve(Math.round(video.duration * 1000) || 0);
    video.onerror = () => resolve(0);
    video.src = address;
  });
  URL.revokeObjectURL(address);
  return ms;
}
