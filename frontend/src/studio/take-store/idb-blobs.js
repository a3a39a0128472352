// Bytes of takes in the browser's database, for browsers that give no files. A piece is stored
// under [take, where it begins].

import { database, once } from "./metadata.js";

/** @returns {Promise<import("./opfs-blobs.js").BlobStore>} */
export async function openIdbBlobs() {
  await database();
  /** @type {Map<string, number>} */
  const ends = new Map();

  /** @param {string} id */
  async function size(id) {
    const known = ends.get(id);
    if (known !== undefined) return known;
    let end = 0;
    await each(id, (start, piece) => {
      end = start + piece.byteLength;
    });
    ends.set(id, end);
    return end;
  }

  return {
    size,
    async append(id, piece) {
      const start = await size(id);
      await once("pieces", "readwrite", (pieces) => pieces.add(piece, [id, start]));
      ends.set(id, start + piece.byteLength);
      return start + piece.byteLength;
    },
    async read(id, start, end) {
      /** @type {ArrayBuffer[]} */
      const found = [];
      await each(id, (at, piece) => {
        const from = Math.max(0, start - at);
        const to = Math.min(piece.byteLength, end - at);
        if (from < to) found.push(piece.slice(from, to));
      });
      return new Blob(found);
    },
    async close() {},
    async remove(id) {
      ends.delete(id);
      await once("pieces", "readwrite", (pieces) => pieces.delete(every(id)));
    },
  };
}

/** @param {string} id */
export const every = (id) => IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY]);

/**
 * @param {string} id
 * @param {(start: number, piece: ArrayBuffer) => void} look
 */
async function each(id, look) {
  const store = (await database()).transaction("pieces").objectStore("pieces");
  const request = store.openCursor(every(id));
  await new Promise((/** @type {(value: void) => void} */ resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return resolve();
      look(/** @type {any} */ (cursor.key)[1], cursor.value);
      cursor.continue();
    };
  });
}
