// Sends a file somebody has chosen: looks at it, knows it again after a reload, and keeps other
// windows from sending it too. How bytes go is `resumable-upload.js`.

import { fingerprint } from "./fingerprint.js";
import { alone } from "./tab-lock.js";
import { Resumable } from "./resumable-upload.js";

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
 * @typedef {import("./resumable-upload.js").Told & {sent: (address: string) => void}} Told
 */

export class Sender {
  /** @type {Resumable | null} */
  #upload = null;
  #film = "";

  /**
   * @param {Options} options
   * @param {Told} told
   */
  constructor(options, told) {
    this.options = options;
    this.told = told;
  }

  /** Whether leaving now would interrupt something. */
  get busy() {
    return this.#upload?.busy ?? false;
  }

  /** @param {File} file */
  async send(file) {
    this.told.state("looking");
    if (file.size === 0) return this.told.state("no-film");
    if (file.size > this.options.maxBytes) return this.told.state("too-big");
    let mark;
    try {
      mark = await fingerprint(file);
    } catch {
      return this.told.state("unreadable");
    }
    if (this.options.expects && this.#find(mark)?.url !== this.options.expects) {
      return this.told.state("other-file");
    }
    await alone(
      mark,
      () => this.told.state("elsewhere"),
      (waited) => this.#sendAlone(file, mark, waited),
    );
  }

  pause() {
    this.#upload?.pause();
  }

  goOn() {
    this.#upload?.goOn();
  }

  /** Try again now, if it waits. */
  hurry() {
    this.#upload?.hurry();
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
    if (waited && !earlier) return this.told.sent("");
    this.#upload = this.#prepare(file, mark, earlier?.url ?? "");
    if (earlier) this.#meetFilm(earlier.film);
    if (!(await this.#upload.send(file))) return;
    this.told.progress(file.size, file.size, 0);
    this.told.sent(this.#film);
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
    const told = { ...this.told, film: (/** @type {string} */ film) => this.#meetFilm(film) };
    return new Resumable({ endpoint, address, metadata, token, renew }, told);
  }

  /** @param {string} address */
  #meetFilm(address) {
    this.#film = address;
    this.told.film(address);
  }
}
