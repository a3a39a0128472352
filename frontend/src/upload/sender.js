// Sends one film with tus-js-client: in parts that fit the network, through everything that
// interrupts it. Knows no page; whoever made it is told what happens.
//
// The library's own retries are switched off: they end, they create a second upload when they
// may not look at the first, and they cannot tell a tunnel from a log-in that ended. The server
// remembers what was begun, not this browser: many of them are shared.

import { Upload } from "tus-js-client";
import { fingerprint } from "./fingerprint.js";
import { alone } from "./one_window.js";
import { Pace } from "./pace.js";
import { Patience } from "./patience.js";
import { meaningOf } from "./refusals.js";
import { Speedometer } from "./speedometer.js";

const STALLED_MS = 45_000; // browsers wait for a dead connection until its end, which never comes

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
 * @typedef {object} Told
 * @property {(state: string, sentence?: string) => void} state
 * @property {(sent: number, length: number, speed: number) => void} progress
 * @property {(address: string) => void} film the film has a page now
 * @property {(address: string) => void} sent
 */

export class Sender {
  /** @type {Upload | null} */
  #upload = null;
  #pace = new Pace();
  #patience = new Patience();
  #speedometer = new Speedometer();
  #paused = false;
  #requestAt = 0;
  #film = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stall;
  /** @type {() => void} */
  #finish = () => {};

  /**
   * @param {Options} options
   * @param {Told} told
   */
  constructor(options, told) {
    this.options = options;
    this.told = told;
    globalThis.addEventListener?.("offline", () => this.#whenOffline());
  }

  /** Whether leaving now would interrupt something. */
  get busy() {
    return this.#upload !== null && !this.#paused;
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
    this.#paused = true;
    this.#rest();
    this.told.state("paused");
  }

  goOn() {
    this.#paused = false;
    this.told.state("sending");
    this.#patience.later(() => this.#start());
    this.#patience.hurry();
  }

  /** Try again now, if it waits. */
  hurry() {
    this.#patience.hurry();
  }

  /** Throw away what was sent. */
  async stop() {
    this.#rest();
    const upload = this.#upload;
    this.#upload = null;
    if (upload?.url)
      await Upload.terminate(upload.url, { ...upload.options, retryDelays: [0, 1000] });
    this.#finish();
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
    await new Promise((/** @type {(value: void) => void} */ resolve) => {
      this.#finish = resolve;
      this.#upload = this.#make(file, mark, earlier?.url ?? null);
      this.told.progress(0, file.size, 0);
      if (earlier) this.#meetFilm(earlier.film);
      this.#start();
    });
  }

  /**
   * @param {File} file
   * @param {string} mark
   * @param {string | null} url
   */
  #make(file, mark, url) {
    const upload = new Upload(file, {
      // Without an endpoint the library cannot begin a second upload when the first is refused.
      endpoint: url ? null : this.options.endpoint,
      uploadUrl: url,
      metadata: {
        filename: file.name,
        filetype: file.type,
        fingerprint: mark,
        ...(this.options.chapter && { chapter: this.options.chapter }),
      },
      chunkSize: this.#pace.size,
      retryDelays: null,
      storeFingerprintForResuming: false,
      onBeforeRequest: (request) => {
        request.setHeader("X-CSRFToken", this.options.token());
        this.#requestAt = performance.now();
        this.#watch();
      },
      onAfterResponse: (request, answer) => {
        if (request.getMethod() === "POST") this.#meetFilm(answer.getHeader("Film-Location"));
      },
      onUploadUrlAvailable: () => {
        upload.options.endpoint = null;
      },
      onProgress: (sent, length) => this.#progress(sent, length),
      onChunkComplete: (bytes) => this.#went(bytes),
      onError: (error) => this.#failed(error),
      onSuccess: () => {
        this.#rest();
        this.#upload = null; // nothing would be interrupted any more
        this.told.progress(file.size, file.size, 0);
        this.told.state("sent");
        this.told.sent(this.#film);
        this.#finish();
      },
    });
    return upload;
  }

  #start() {
    if (this.#paused || !this.#upload) return;
    if (navigator.onLine === false) return this.#whenOffline();
    this.told.state("sending");
    this.#upload.options.chunkSize = this.#pace.size;
    this.#upload.start();
  }

  /** Nothing is under way and nothing is planned. */
  #rest() {
    clearTimeout(this.#stall);
    this.#patience.forget();
    this.#patience.broke();
    this.#speedometer.stop();
    this.#upload?.abort();
  }

  /** @param {string | undefined} address */
  #meetFilm(address) {
    if (!address) return;
    this.#film = address;
    this.told.film(address);
  }

  /**
   * @param {number} sent
   * @param {number} length
   */
  #progress(sent, length) {
    this.#watch();
    this.#speedometer.mark(sent, performance.now() / 1000);
    this.told.progress(sent, length, this.#speedometer.speed);
  }

  /** @param {number} bytes */
  #went(bytes) {
    this.#patience.restore();
    this.#pace.went(bytes, (performance.now() - this.#requestAt) / 1000);
    if (this.#upload) this.#upload.options.chunkSize = this.#pace.size;
  }

  #watch() {
    clearTimeout(this.#stall);
    this.#stall = setTimeout(() => this.#lost(), STALLED_MS);
  }

  #whenOffline() {
    if (!this.#upload || this.#paused) return;
    this.#rest();
    this.told.state("waiting");
    this.#patience.later(() => this.#start(), STALLED_MS); // the browser may be wrong about it
  }

  /** @param {number} [waitMs] */
  #lost(waitMs) {
    this.#rest();
    this.told.state(navigator.onLine === false ? "waiting" : "retrying");
    this.#patience.later(() => this.#start(), waitMs);
  }

  /** @param {Error | import("tus-js-client").DetailedError} error */
  #failed(error) {
    clearTimeout(this.#stall);
    this.#pace.failed();
    const { kind, sentence, waitMs } = meaningOf(error);
    if (kind === "lost") return this.#lost(waitMs);
    if (kind === "again") return this.#patience.later(() => this.#start());
    if (kind === "login" || kind === "token") return this.#renew();
    if (kind === "full") {
      this.told.state("full");
      return this.#patience.later(() => this.#start(), 10_000);
    }
    this.#rest();
    this.#upload = null;
    this.told.state(kind === "final" ? "refused" : kind, sentence);
    this.#finish();
  }

  /** The log-in or its token ended: wait for another one, and keep the place. */
  async #renew() {
    try {
      await this.options.renew();
      this.#patience.later(() => this.#start());
    } catch {
      this.told.state("logged-out");
      this.#patience.later(() => this.#renew(), 5000);
    }
  }
}
