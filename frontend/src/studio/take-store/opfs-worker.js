// Writes takes to the disk, piece by piece. Each is flushed before it is acknowledged: whatever
// dies next (tab, browser, battery) takes at most the piece that was still being filmed.

/** @typedef {{getSize(): number, write(data: ArrayBuffer, at: {at: number}): number,
 *   read(data: ArrayBuffer, at: {at: number}): number, truncate(size: number): void,
 *   flush(): void, close(): void}} Handle */

const FOLDER = "takes";
const PROOF = "proof";

/** @type {Map<string, Handle>} */
const handles = new Map();

async function folder() {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

/**
 * @param {string} id
 * @returns {Promise<Handle>}
 */
async function handle(id) {
  const known = handles.get(id);
  if (known) return known;
  const file = await (await folder()).getFileHandle(id, { create: true });
  const made = await /** @type {any} */ (file).createSyncAccessHandle();
  handles.set(id, made);
  return made;
}

/**
 * The take's file as it is now, whether or not it is being written.
 * @param {string} id
 * @returns {Promise<File | null>}
 */
async function file(id) {
  try {
    return await (await (await folder()).getFileHandle(id)).getFile();
  } catch {
    return null;
  }
}

const verbs = {
  /** That files can be made here at all, and written. */
  async prove() {
    const name = `${PROOF}-${crypto.randomUUID()}`; // other windows prove it, too
    try {
      const proof = await handle(name);
      const written = proof.write(new ArrayBuffer(1), { at: 0 });
      proof.flush();
      // Safari before 16.4 answers with promises, which would be no places to write at.
      if (written !== 1 || proof.getSize() !== 1) throw new DOMException("", "NotSupportedError");
    } finally {
      await verbs.remove(name);
    }
  },

  /**
   * @param {string} id
   * @param {ArrayBuffer} piece
   */
  async append(id, piece) {
    const take = await handle(id);
    const end = take.getSize();
    try {
      const written = take.write(piece, { at: end });
      if (written < piece.byteLength) throw new DOMException("full", "QuotaExceededError");
      take.flush();
    } catch (error) {
      take.truncate(end); // half a piece would be followed by a whole one
      throw error;
    }
    return take.getSize();
  },

  /**
   * @param {string} id
   * @param {number} start
   * @param {number} end
   */
  async read(id, start, end) {
    const take = handles.get(id);
    if (!take) return (await file(id))?.slice(start, end) ?? new Blob();
    const bytes = new ArrayBuffer(Math.max(0, Math.min(end, take.getSize()) - start));
    take.read(bytes, { at: start });
    return new Blob([bytes]);
  },

  /** @param {string} id */
  async size(id) {
    return handles.get(id)?.getSize() ?? (await file(id))?.size ?? 0;
  },

  /** @param {string} id */
  async close(id) {
    handles.get(id)?.close();
    handles.delete(id);
  },

  /** @param {string} id */
  async remove(id) {
    await verbs.close(id);
    await (await folder()).removeEntry(id).catch(() => {}); // it was gone already
  },
};

// One after the other: two pieces of a take must not find the same end.
let last = Promise.resolve();

self.onmessage = ({ data: { call, verb, args } }) => {
  last = last.then(async () => {
    try {
      const value = await /** @type {any} */ (verbs)[verb](...args);
      self.postMessage({ call, value });
    } catch (error) {
      const { name, message } = /** @type {DOMException} */ (error);
      self.postMessage({ call, error: { name, message } });
    }
  });
};
