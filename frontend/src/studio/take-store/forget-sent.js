// What the server has need not stay on a computer that others use.

import { all, erase, isUntold, once } from "./metadata.js";
import { every } from "./idb-blobs.js";

/** Takes that are sent go; what is still to be sent or told stays, for its owner alone. */
export async function forgetSent() {
  for (const note of await all()) {
    if (!note.sent || isUntold(note)) continue;
    await once("pieces", "readwrite", (pieces) => pieces.delete(every(note.id)));
    await removeFile(note.id);
    await erase(note.id);
  }
}

/** @param {string} id */
async function removeFile(id) {
  try {
    const root = await navigator.storage.getDirectory();
    await (await root.getDirectoryHandle("takes")).removeEntry(id);
  } catch {
    // There never was one, or this browser has no files.
  }
}
