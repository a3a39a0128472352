// What the server has need not stay on a computer that others use.

import { every } from "./idb-blobs.js";
import { all, erase, isUnsynced, once } from "./metadata.js";

/** Takes that are sent go; what is still to be sent or told stays, for its owner alone. */
export async function forgetSent() {
  for (const take of await all()) {
    if (!take.sent || isUnsynced(take)) continue;
    await once("pieces", "readwrite", (pieces) => pieces.delete(every(take.id)));
    await removeFile(take.id);
    await erase(take.id);
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
