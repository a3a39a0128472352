// Bytes of takes in this window alone: for browsers that forbid sites to keep anything. The page
// says so, and what is filmed is still sent.

/** @returns {import("./opfs-blobs.js").BlobStore} */
export function openMemoryBlobs() {
  /** @type {Map<string, Blob>} */
  const takes = new Map();
  const whole = (/** @type {string} */ id) => takes.get(id) ?? new Blob();
  return {
    async append(id, piece) {
      takes.set(id, new Blob([whole(id), piece]));
      return whole(id).size;
    },
    read: async (id, start, end) => whole(id).slice(start, end),
    size: async (id) => whole(id).size,
    async close() {},
    async remove(id) {
      takes.delete(id);
    },
  };
}
