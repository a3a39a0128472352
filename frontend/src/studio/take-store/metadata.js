// What is known of each take beside its bytes: one row each in the browser's own database.

/**
 * @typedef {object} Note
 * @property {string} id made here, and known to the server as the upload's fingerprint
 * @property {string} owner whose it is: on a shared computer others must not see it
 * @property {string} film
 * @property {string} chapter
 * @property {string} mime
 * @property {"camera" | "voice" | "file"} from
 * @property {number} begunAt milliseconds since 1970, by this device's clock
 * @property {number} ms how long it is, as far as it is kept
 * @property {number} size bytes kept
 * @property {boolean} ended
 * @property {string} address of its upload; empty until the server has given one
 * @property {string} take what the server calls it; empty until it is known there
 * @property {boolean} sent
 * @property {string} refusal the code of why it cannot be sent, or empty
 * @property {string} [why] the server's sentence for that
 * @property {Choice | null} choice this is the take for the film, and what of it
 * @property {boolean} settled the server knows of the choice
 * @property {Choice} [cut] what of it its owner last wanted, chosen or not
 * @property {Choice} [told] the cut that the server knows of
 * @property {boolean} [found] its window died under it, and its owner has not seen it since
 * @property {boolean} unwanted thrown away, and the server is still to hear of it
 * @property {string} [where] the kind of shelf that has its bytes
 *
 * @typedef {{startMs: number, endMs: number}} Choice
 */

/** @returns {Omit<Note, "owner" | "film" | "chapter" | "mime" | "from">} */
export const blank = () => ({
  id: [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join(""),
  begunAt: Date.now(),
  ms: 0,
  size: 0,
  ended: false,
  address: "",
  take: "",
  sent: false,
  refusal: "",
  choice: null,
  settled: false,
  unwanted: false,
});

/**
 * Its owner has decided about it, and the server is still to hear of that.
 * @param {Note} note
 */
export const isUntold = (note) => note.unwanted || (note.choice !== null && !note.settled);

/**
 * It was cut off while it was filmed, and waits for its owner to look at it.
 * @param {Note} note
 */
export const isFound = (note) =>
  note.found === true && note.ended && !note.unwanted && note.choice === null;

/**
 * It is cut otherwise than the server knows, and not chosen: a choice tells its cut itself.
 * @param {Note} note
 */
export const isCutUntold = ({ choice, cut, told }) =>
  choice === null && cut !== undefined && !isSame(cut, told);

/**
 * @param {Choice | null | undefined} one
 * @param {Choice | null | undefined} other
 */
export const isSame = (one, other) =>
  one?.startMs === other?.startMs && one?.endMs === other?.endMs;

const NAME = "cvtube-studio";
const VERSION = 1;

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

/**
 * The database, with its two stores. Rejects where the browser forbids sites to keep anything.
 * @returns {Promise<IDBDatabase>}
 */
export function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("notes", { keyPath: "id" });
      request.result.createObjectStore("pieces");
    };
    request.onsuccess = () => {
      request.result.onclose = forget; // browsers do that to pages in the background
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  opened.catch(forget);
  return opened;
}

const forget = () => {
  opened = undefined;
};

/** What a connection that was closed under us answers. */
const LOST = new Set(["InvalidStateError", "UnknownError"]);

/**
 * One transaction; resolves with the request's result once it is committed. Where the connection
 * to the database was lost, a new one is made.
 * @template T
 * @param {"notes" | "pieces"} store
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
 * @returns {Promise<T>}
 */
export async function once(store, mode, ask) {
  try {
    return await commit(store, mode, ask);
  } catch (error) {
    if (!(error instanceof DOMException && LOST.has(error.name))) throw error;
    forget();
    return commit(store, mode, ask);
  }
}

/**
 * @template T
 * @param {"notes" | "pieces"} store
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} ask
 * @returns {Promise<T>}
 */
async function commit(store, mode, ask) {
  // "strict": on the disk itself when it resolves, not only in the system's memory.
  const transaction = (await database()).transaction(store, mode, { durability: "strict" });
  const request = ask(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error ?? request.error);
    transaction.onabort = () => reject(transaction.error ?? request.error);
  });
}

/** @param {Note} note */
export const write = (note) => once("notes", "readwrite", (notes) => notes.put(note));

/**
 * @param {string} id
 * @returns {Promise<Note | undefined>}
 */
export const read = (id) => once("notes", "readonly", (notes) => notes.get(id));

/** @param {string} id */
export const erase = (id) => once("notes", "readwrite", (notes) => notes.delete(id));

/** @returns {Promise<Note[]>} */
export const all = () => once("notes", "readonly", (notes) => notes.getAll());
