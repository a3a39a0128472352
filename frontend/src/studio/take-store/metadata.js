// What is known of each take beside its bytes: one row each in the browser's own database.

import { isSame } from "../trim.js";

/**
 * @typedef {object} TakeRecord
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
 * @property {string} clipId the clip it is on the server; empty until it is known there
 * @property {boolean} sent
 * @property {string} refusal the code of why it cannot be sent, or empty
 * @property {string} [why] the server's sentence for that
 * @property {Choice | null} choice this is the take for the film, and what of it
 * @property {boolean} settled the server knows of the choice
 * @property {Choice} [cut] what of it its owner last wanted, chosen or not
 * @property {Choice} [knownCut] the cut that the server knows of
 * @property {boolean} [found] its window died under it, and its owner has not seen it since
 * @property {boolean} unwanted thrown away, and the server is still to hear of it
 * @property {string} [where] the kind of store that has its bytes
 *
 * @typedef {import("../trim.js").Trim} Choice
 */

/** @returns {Omit<TakeRecord, "owner" | "film" | "chapter" | "mime" | "from">} */
export const blank = () => ({
  id: [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join(""),
  begunAt: Date.now(),
  ms: 0,
  size: 0,
  ended: false,
  address: "",
  clipId: "",
  sent: false,
  refusal: "",
  choice: null,
  settled: false,
  unwanted: false,
});

/**
 * Its owner has decided about it, and the server is still to hear of that.
 * @param {TakeRecord} take
 */
export const isUnsynced = (take) => take.unwanted || (take.choice !== null && !take.settled);

/**
 * It was cut off while it was filmed, and waits for its owner to look at it.
 * @param {TakeRecord} take
 */
export const isRecovered = (take) =>
  take.found === true && take.ended && !take.unwanted && take.choice === null;

/**
 * It is cut otherwise than the server knows, and not chosen: a choice tells its cut itself.
 * @param {TakeRecord} take
 */
export const isTrimUnsynced = ({ choice, cut, knownCut }) =>
  choice === null && cut !== undefined && !isSame(cut, knownCut);

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

/** @param {TakeRecord} take */
export const write = (take) => once("notes", "readwrite", (rows) => rows.put(take));

/**
 * @param {string} id
 * @returns {Promise<TakeRecord | undefined>}
 */
export async function read(id) {
  const row = await once("notes", "readonly", (rows) => rows.get(id));
  return row && fromRow(row);
}

/** @param {string} id */
export const erase = (id) => once("notes", "readwrite", (rows) => rows.delete(id));

/** @returns {Promise<TakeRecord[]>} */
export async function all() {
  return (await once("notes", "readonly", (rows) => rows.getAll())).map(fromRow);
}

/**
 * Rows of devices that filmed with an earlier version have other names for two of the fields.
 * @param {TakeRecord & {take?: string, told?: Choice}} row
 * @returns {TakeRecord}
 */
export function fromRow({ take, told, ...record }) {
  return { ...record, clipId: record.clipId || take || "", knownCut: record.knownCut ?? told };
}
