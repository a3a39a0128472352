// A film that was made elsewhere, by the phone's own camera app say, becomes a take.

const PIECE = 4 * 1024 * 1024; // bytes copied at a time: phones have little memory

/**
 * Copied into this device's store, so that it is sent like any other take; nothing of it stays
 * there when it does not fit.
 * @param {File} file
 * @param {{owner: string, film: string, chapter: string}} about
 * @param {import("./take-store/take-store.js").TakeStore} store
 */
export async function importTake(file, about, store) {
  const take = await store.begin({ ...about, mime: file.type, from: "file" });
  try {
    for (let at = 0; at < file.size; at += PIECE) {
      await store.append(take, file.slice(at, at + PIECE), 0);
    }
    await store.end(take);
    await store.change(take, { ms: await lengthOf(file) });
  } catch (error) {
    await store.remove(take);
    throw error;
  }
  return take;
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
