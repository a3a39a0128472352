// Sends a file somebody has chosen: looks at it, knows it again after a reload, and keeps other
// windows from sending it too. How bytes go is `resumable-upload.js`.

import { fingerprint } from "./fingerprint.js";
import { ResumableUpload } from "./resumable-upload.js";
import { withTabLock } from "./tab-lock.js";

/**
 * An upload that was begun earlier, here or elsewhere.
 * @typedef {{url: string, film: string, fingerprint: string}} Begun
 *
 * @typedef {object} Options
 * @property {string} endpoint
 * @property {string} chapter the part to be redone; empty for a new film
 * @property {number} maxBytes
 * @property {Begun[]} begun
 * @property {string} expects address of the one upload that may go on here, or empty
 * @property {() => string} token against forged requests
 * @property {() => Promise<void>} renew get a fresh token; rejects while nobody is logged in
 * @property {() => Promise<Begun[]>} look what is begun by now
 *
 * @typedef {import("./resumable-upload.js").Listeners & {sent: (address: string) => void}} Listeners
 */

export class FileUpload {
  /** @type {ResumableUpload | null} */
  #upload = null;
  #film = "";

  /**
   * @param {Options} options
   * @param {Listeners} on
   */
  constructor(options, on) {
    this.options = options;
    this.on = on;
  }

  /** Whether leaving now would interrupt something. */
  get busy() {
    return this.#upload?.busy ?? false;
  }

  /** @param {File} file */
  async send(file) {
    this.on.state("looking");
    if (file.size === 0) return this.on.state("no-film");
    if (file.size > this.options.maxBytes) return this.on.state("too-big");
    let mark;
    try {
      mark = await fingerprint(file);
    } catch {
      return this.on.state("unreadable");
    }
    if (this.options.expects && this.#find(mark)?.url !== this.options.expects) {
      return this.on.state("other-file");
    }
    await withTabLock(
      mark,
      () => this.on.state("elsewhere"),
      (waited) => this.#sendAlone(file, mark, waited),
    );
  }

  pause() {
    this.#upload?.pause();
  }

  resume() {
    this.#upload?.resume();
  }

  /** Try again now, if it waits. */
  retryNow() {
    this.#upload?.retryNow();
  }

  /** Throw away what was sent. */
  async stop() {
    await this.#upload?.stop();
  }

  /** @param {string} mark */
  #find(mark) {
    return this.options.begun.find((upload) => upload.fingerprint === mark);
  }

  /**
   * Resolves when the film is sent or given up: until then other windows are kept from it.
   * @param {File} file
   * @param {string} mark
   * @param {boolean} waited another window has sent it up to now
   */
  async #sendAlone(file, mark, waited) {
    if (waited) this.options.begun = await this.options.look();
    const earlier = this.#find(mark);
    if (waited && !earlier) return this.on.sent("");
    this.#upload = this.#prepare(file, mark, earlier?.url ?? "");
    if (earlier) this.#filmKnown(earlier.film);
    if (!(await this.#upload.send(file))) return;
    this.on.progress(file.size, file.size, 0);
    this.on.sent(this.#film);
  }

  /**
   * @param {File} file
   * @param {string} mark
   * @param {string} address
   */
  #prepare(file, mark, address) {
    const { endpoint, chapter, token, renew } = this.options;
    const metadata = {
      filename: file.name,
      filetype: file.type,
      fingerprint: mark,
      ...(chapter && { chapter }),
    };
    const on = { ...this.on, film: (/** @type {string} */ film) => this.#filmKnown(film) };
    return new ResumableUpload({ endpoint, address, metadata, token, renew }, on);
  }

  /** @param {string} address */
  #filmKnown(address) {
    this.#film = address;
    this.on.film(address);
  }
}
