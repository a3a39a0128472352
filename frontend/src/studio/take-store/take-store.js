// Every take of this device: its bytes where the browser keeps them best, and a note of what it is.

import { openFiles } from "./opfs-blobs.js";
import { openMemory } from "./memory-blobs.js";
import { all, blank, erase, read, write } from "./metadata.js";
import { openPieces } from "./idb-blobs.js";

/** @typedef {import("./metadata.js").Note} Note */

/**
 * @param {string} script address of the worker that writes files
 * @returns {Promise<Shelf>}
 */
export async function openShelf(script) {
  try {
    await all();
  } catch {
    return new Shelf("memory", openMemory());
  }
  try {
    return new Shelf("files", await openFiles(script));
  } catch {
    return new Shelf("database", await openPieces());
  }
}

export class Shelf extends EventTarget {
  /** @type {Map<string, Note>} those this window has begun or read */
  #notes = new Map();
  /** @type {Set<Note>} those that changeOften writes */
  #writing = new Set();

  /**
   * @param {"files" | "database" | "memory"} kind
   * @param {import("./opfs-blobs.js").Bytes} bytes
   */
  constructor(kind, bytes) {
    super();
    this.kind = kind;
    this.bytes = bytes;
  }

  /** Whether a take outlives this window. */
  get keeps() {
    return this.kind !== "memory";
  }

  /**
   * Everything of one person that this window can read, oldest first. Where files cannot be had
   * this time, takes that are in files wait for the next time.
   * @param {string} owner
   * @returns {Promise<Note[]>}
   */
  async of(owner) {
    const rows = this.keeps ? await all() : [...this.#notes.values()];
    for (const row of rows) if (!this.#notes.has(row.id)) this.#notes.set(row.id, row);
    return rows
      .filter((row) => row.owner === owner && (row.where ?? this.kind) === this.kind)
      .map((row) => /** @type {Note} */ (this.#notes.get(row.id)))
      .sort((one, other) => one.begunAt - other.begunAt);
  }

  /**
   * @param {Pick<Note, "owner" | "film" | "chapter" | "mime" | "from">} what
   * @returns {Promise<Note>}
   */
  async begin(what) {
    const note = { ...blank(), ...what, where: this.kind };
    this.#notes.set(note.id, note);
    await this.#write(note);
    return note;
  }

  /**
   * Resolves when the piece is durable.
   * @param {Note} note
   * @param {Blob} piece
   * @param {number} ms how long the take is with it
   */
  async append(note, piece, ms) {
    const size = await this.bytes.append(note.id, await piece.arrayBuffer());
    await this.change(note, { ms, size });
  }

  /**
   * @param {Note} note
   * @param {Partial<Note>} what
   */
  async change(note, what) {
    Object.assign(note, what);
    await this.#write(note);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * The same for what changes many times a second: one write at a time, and the last is written.
   * @param {Note} note
   * @param {Partial<Note>} what
   */
  async changeOften(note, what) {
    Object.assign(note, what);
    if (this.#writing.has(note)) return;
    this.#writing.add(note);
    try {
      for (let written = ""; written !== JSON.stringify(note); ) {
        written = JSON.stringify(note);
        await this.change(note, {});
      }
    } finally {
      this.#writing.delete(note);
    }
  }

  /**
   * What another window has made of it. False: it is gone.
   * @param {Note} note
   */
  async refresh(note) {
    if (!this.keeps) return true;
    const row = await read(note.id);
    if (row) Object.assign(note, row);
    else this.#notes.delete(note.id);
    this.dispatchEvent(new Event("change"));
    return row !== undefined;
  }

  /**
   * Nothing more comes. What the note says of the size may be older than the bytes.
   * @param {Note} note
   */
  async end(note) {
    await this.bytes.close(note.id);
    await this.change(note, { ended: true, size: await this.bytes.size(note.id) });
  }

  /**
   * The take as one file, to be looked at or saved.
   * @param {Note} note
   */
  async whole(note) {
    const bytes = await this.bytes.read(note.id, 0, Number.MAX_SAFE_INTEGER);
    return new Blob([bytes], { type: note.mime });
  }

  /** @param {Note} note */
  async remove(note) {
    this.#notes.delete(note.id);
    await this.bytes.remove(note.id);
    if (this.keeps) await erase(note.id);
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Note} note */
  async #write(note) {
    if (this.keeps && this.#notes.has(note.id)) await write(note);
  }
}
