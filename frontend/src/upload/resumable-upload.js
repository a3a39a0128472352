// One upload that does not give up: whatever interrupts it, it goes on by itself from the byte
// the server stands at, and whoever made it is told what happens.
//
// The library's own retries are switched off: they end, they create a second upload when they
// may not look at the first, and they cannot tell a tunnel from a log-in that ended. The server
// remembers what was begun, not this browser: many of them are shared.

import { Upload } from "tus-js-client";
import { Pace } from "./chunk-size.js";
import { Patience } from "./retry-backoff.js";
import { meaningOf } from "./upload-errors.js";
import { Speedometer } from "./speedometer.js";

const STALLED_MS = 45_000; // browsers wait for a dead connection until its end, which never comes

/**
 * @typedef {object} Wanted
 * @property {string} endpoint where an upload begins
 * @property {string} address of the upload if it was begun before, else empty
 * @property {Record<string, string>} metadata
 * @property {() => string} token against forged requests
 * @property {() => Promise<void>} renew get a fresh token; rejects while nobody is logged in
 *
 * @typedef {object} Told
 * @property {(state: string, sentence?: string, code?: string) => void} state
 * @property {(sent: number, length: number, speed: number) => void} progress a length that is
 *   not known yet is 0
 * @property {(address: string) => void} film the film has a page now
 * @property {(address: string) => void} [begun] the upload has an address now
 * @property {(id: string) => void} [clip] the recording has a name on the server now
 */

export class Resumable {
  /** @type {Upload | null} */
  #upload = null;
  #pace = new Pace();
  #patience = new Patience();
  #speedometer = new Speedometer();
  #paused = false;
  #requestAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stall;
  /** @type {(sent: boolean) => void} */
  #finish = () => {};

  /**
   * @param {Wanted} wanted
   * @param {Told} told
   */
  constructor(wanted, told) {
    this.wanted = wanted;
    this.told = told;
    globalThis.addEventListener?.("offline", () => this.#whenOffline());
  }

  /** Whether leaving now would interrupt something. */
  get busy() {
    return this.#upload !== null && !this.#paused;
  }

  /**
   * Resolves when everything is sent (true), or when it is given up (false).
   * @param {Blob} file
   * @returns {Promise<boolean>}
   */
  send(file) {
    this.told.progress(0, file.size, 0);
    return this.#send(this.#make(file, {}));
  }

  /**
   * The same for what is still growing: its length is told to the server with its last byte.
   * @param {import("./streaming-source.js").Growing} growing
   * @returns {Promise<boolean>}
   */
  sendGrowing(growing) {
    this.#growing = growing;
    const reader = { openFile: async () => growing };
    const nothing = new Blob(); // the library wants one; all bytes come from the reader
    return this.#send(this.#make(nothing, { uploadLengthDeferred: true, fileReader: reader }));
  }

  /** @type {import("./streaming-source.js").Growing | null} */
  #growing = null;

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
    try {
      if (upload?.url)
        await Upload.terminate(upload.url, { ...upload.options, retryDelays: [0, 1000] });
    } finally {
      this.#finish(false);
    }
  }

  /**
   * @param {Upload} upload
   * @returns {Promise<boolean>}
   */
  #send(upload) {
    this.#upload = upload;
    return new Promise((resolve) => {
      this.#finish = resolve;
      this.#start();
    });
  }

  /**
   * @param {Blob} file
   * @param {Partial<Upload["options"]>} special
   */
  #make(file, special) {
    const { endpoint, address, metadata, token } = this.wanted;
    const upload = new Upload(file, {
      // Without an endpoint the library cannot begin a second upload when the first is refused.
      endpoint: address ? null : endpoint,
      uploadUrl: address || null,
      metadata,
      chunkSize: this.#pace.size,
      retryDelays: null,
      storeFingerprintForResuming: false,
      onBeforeRequest: (request) => {
        request.setHeader("X-CSRFToken", token());
        this.#requestAt = performance.now();
        this.#watch();
      },
      onAfterResponse: (request, answer) => {
        if (request.getMethod() === "POST") this.#meetFilm(answer.getHeader("Film-Location"));
        const clip = answer.getHeader("Clip-Id");
        if (clip) this.told.clip?.(clip);
      },
      onUploadUrlAvailable: () => {
        upload.options.endpoint = null;
        this.told.begun?.(new URL(upload.url ?? "", location.href).pathname);
      },
      onProgress: (sent, length) => this.#progress(sent, length || 0),
      onChunkComplete: (bytes) => this.#went(bytes),
      onError: (error) => this.#failed(error),
      onSuccess: () => {
        this.#rest();
        this.#upload = null; // nothing would be interrupted any more
        this.told.state("sent");
        this.#finish(true);
      },
      ...special,
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
    this.#growing?.hush();
    this.#upload?.abort();
  }

  /** @param {string | undefined} address */
  #meetFilm(address) {
    if (address) this.told.film(address);
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
    clearTimeout(this.#stall); // what grows may have nothing to send for a while
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
    const { kind, code, sentence, waitMs } = meaningOf(error);
    if (kind === "lost") return this.#lost(waitMs);
    if (kind === "again") return this.#patience.later(() => this.#start());
    if (kind === "login" || kind === "token") return this.#renew();
    if (kind === "full") {
      this.told.state("full");
      return this.#patience.later(() => this.#start(), 10_000);
    }
    this.#rest();
    this.#upload = null;
    this.told.state(kind === "final" ? "refused" : kind, sentence, code);
    this.#finish(false);
  }

  /** The log-in or its token ended: wait for another one, and keep the place. */
  async #renew() {
    try {
      await this.wanted.renew();
      this.#patience.later(() => this.#start());
    } catch {
      this.told.state("logged-out");
      this.#patience.later(() => this.#renew(), 5000);
    }
  }
}
