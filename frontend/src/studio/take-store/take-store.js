// Every take of this device: its bytes where the browser keeps them best, and a record of what it is.

import { openIdbBlobs } from "./idb-blobs.js";
import { openMemoryBlobs } from "./memory-blobs.js";
import { all, blank, erase, read, write } from "./metadata.js";
import { openOpfsBlobs } from "./opfs-blobs.js";

/** @typedef {import("./metadata.js").TakeRecord} TakeRecord */

/**
 * @param {string} script address of the worker that writes files
 * @returns {Promise<TakeStore>}
 */
export async function openTakeStore(script) {
  try {
    await all();
  } catch {
    return new TakeStore("memory", openMemoryBlobs());
  }
  try {
    return new TakeStore("files", await openOpfsBlobs(script));
  } catch {
    return new TakeStore("database", await openIdbBlobs());
  }
}

export class TakeStore extends EventTarget {
  /** @type {Map<string, TakeRecord>} those this window has begun or read */
  #takes = new Map();
  /** @type {Set<TakeRecord>} those that changeOften writes */
  #writing = new Set();

  /**
   * @param {"files" | "database" | "memory"} kind
   * @param {import("./opfs-blobs.js").BlobStore} blobs
   */
  constructor(kind, blobs) {
    super();
    this.kind = kind;
    this.blobs = blobs;
  }

  /** Whether a take outlives this window. */
  get keeps() {
    return this.kind !== "memory";
  }

  /**
   * Everything of one person that this window can read, oldest first. Where files cannot be had
   * this time, takes that are in files wait for the next time.
   * @param {string} owner
   * @returns {Promise<TakeRecord[]>}
   */
  async of(owner) {
    const rows = this.keeps ? await all() : [...this.#takes.values()];
    for (const row of rows) if (!this.#takes.has(row.id)) this.#takes.set(row.id, row);
    return rows
      .filter((row) => row.owner === owner && (row.where ?? this.kind) === this.kind)
      .map((row) => /** @type {TakeRecord} */ (this.#takes.get(row.id)))
      .sort((one, other) => one.begunAt - other.begunAt);
  }

  /**
   * @param {Pick<TakeRecord, "owner" | "film" | "chapter" | "mime" | "from">} what
   * @returns {Promise<TakeRecord>}
   */
  async begin(what) {
    const take = { ...blank(), ...what, where: this.kind };
    this.#takes.set(take.id, take);
    await this.#write(take);
    return take;
  }

  /**
   * Resolves when the piece is durable.
   * @param {TakeRecord} take
   * @param {Blob} piece
   * @param {number} ms how long the take is with it
   */
  async append(take, piece, ms) {
    const size = await this.blobs.append(take.id, await piece.arrayBuffer());
    await this.change(take, { ms, size });
  }

  /**
   * @param {TakeRecord} take
   * @param {Partial<TakeRecord>} what
   */
  async change(take, what) {
    Object.assign(take, what);
    await this.#write(take);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * The same for what changes many times a second: one write at a time, and the last is written.
   * @param {TakeRecord} take
   * @param {Partial<TakeRecord>} what
   */
  async changeOften(take, what) {
    Object.assign(take, what);
    if (this.#writing.has(take)) return;
    this.#writing.add(take);
    try {
      for (let written = ""; written !== JSON.stringify(take); ) {
        written = JSON.stringify(take);
        await this.change(take, {});
      }
    } finally {
      this.#writing.delete(take);
    }
  }

  /**
   * What another window has made of it. False: it is gone.
   * @param {TakeRecord} take
   */
  async refresh(take) {
    if (!this.keeps) return true;
    const row = await read(take.id);
    if (row) Object.assign(take, row);
    else this.#takes.delete(take.id);
    this.dispatchEvent(new Event("change"));
    return row !== undefined;
  }

  /**
   * Nothing more comes. What the record says of the size may be older than the bytes.
   * @param {TakeRecord} take
   */
  async end(take) {
    await this.blobs.close(take.id);
    await this.change(take, { ended: true, size: await this.blobs.size(take.id) });
  }

  /**
   * The take as one file, to be looked at or saved.
   * @param {TakeRecord} take
   */
  async whole(take) {
    const bytes = await this.blobs.read(take.id, 0, Number.MAX_SAFE_INTEGER);
    return new Blob([bytes], { type: take.mime });
  }

  /** @param {TakeRecord} take */
  async remove(take) {
    this.#takes.delete(take.id);
    await this.blobs.remove(take.id);
    if (this.keeps) await erase(take.id);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {TakeRecord} take */
  async #write(take) {
    if (this.keeps && this.#takes.has(take.id)) await write(take);
  }
}
