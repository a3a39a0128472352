// One upload that does not give up: whatever interrupts it, it goes on by itself from the byte
// the server stands at, and whoever made it is told what happens.
//
// The library's own retries are switched off: they end, they create a second upload when they
// may not look at the first, and they cannot tell a tunnel from a log-in that ended. The server
// remembers what was begun, not this browser: many of them are shared.

import { Upload } from "tus-js-client";
import { ChunkSize } from "./chunk-size.js";
import { RetryBackoff } from "./retry-backoff.js";
import { Speedometer } from "./speedometer.js";
import { classifyError } from "./upload-errors.js";

const STALLED_MS = 45_000; // browsers wait for a dead connection until its end, which never comes

/**
 * @typedef {object} Target
 * @property {string} endpoint where an upload begins
 * @property {string} address of the upload if it was begun before, else empty
 * @property {Record<string, string>} metadata
 * @property {() => string} token against forged requests
 * @property {() => Promise<void>} renew get a fresh token; rejects while nobody is logged in
 *
 * @typedef {object} Listeners
 * @property {(state: string, sentence?: string, code?: string) => void} state
 * @property {(sent: number, length: number, speed: number) => void} progress a length that is
 *   not known yet is 0
 * @property {(address: string) => void} film the film has a page now
 * @property {(address: string) => void} [begun] the upload has an address now
 * @property {(id: string) => void} [clip] the recording has a name on the server now
 */

export class ResumableUpload {
  /** @type {Upload | null} */
  #upload = null;
  #chunkSize = new ChunkSize();
  #backoff = new RetryBackoff();
  #speedometer = new Speedometer();
  #paused = false;
  #requestAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stall;
  /** @type {(sent: boolean) => void} */
  #finish = () => {};

  /**
   * @param {Target} target
   * @param {Listeners} on
   */
  constructor(target, on) {
    this.target = target;
    this.on = on;
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
    this.on.progress(0, file.size, 0);
    return this.#send(this.#make(file, {}));
  }

  /**
   * The same for what is still growing: its length is told to the server with its last byte.
   * @param {import("./streaming-source.js").StreamingSource} source
   * @returns {Promise<boolean>}
   */
  sendStream(source) {
    this.#stream = source;
    const reader = { openFile: async () => source };
    const nothing = new Blob(); // the library wants one; all bytes come from the reader
    return this.#send(this.#make(nothing, { uploadLengthDeferred: true, fileReader: reader }));
  }

  /** @type {import("./streaming-source.js").StreamingSource | null} */
  #stream = null;

  pause() {
    this.#paused = true;
    this.#halt();
    this.on.state("paused");
  }

  resume() {
    this.#paused = false;
    this.on.state("sending");
    this.#backoff.schedule(() => this.#start());
    this.#backoff.runNow();
  }

  /** Try again now, if it waits. */
  retryNow() {
    this.#backoff.runNow();
  }

  /** Throw away what was sent. */
  async stop() {
    this.#halt();
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
    const { endpoint, address, metadata, token } = this.target;
    const upload = new Upload(file, {
      // Without an endpoint the library cannot begin a second upload when the first is refused.
      endpoint: address ? null : endpoint,
      uploadUrl: address || null,
      metadata,
      chunkSize: this.#chunkSize.bytes,
      retryDelays: null,
      storeFingerprintForResuming: false,
      onBeforeRequest: (request) => {
        request.setHeader("X-CSRFToken", token());
        this.#requestAt = performance.now();
        this.#watch();
      },
      onAfterResponse: (request, answer) => {
        if (request.getMethod() === "POST") this.#filmKnown(answer.getHeader("Film-Location"));
        const clip = answer.getHeader("Clip-Id");
        if (clip) this.on.clip?.(clip);
      },
      onUploadUrlAvailable: () => {
        upload.options.endpoint = null;
        this.on.begun?.(new URL(upload.url ?? "", location.href).pathname);
      },
      onProgress: (sent, length) => this.#progress(sent, length || 0),
      onChunkComplete: (bytes) => this.#chunkSent(bytes),
      onError: (error) => this.#failed(error),
      onSuccess: () => {
        this.#halt();
        this.#upload = null; // nothing would be interrupted any more
        this.on.state("sent");
        this.#finish(true);
      },
      ...special,
    });
    return upload;
  }

  #start() {
    if (this.#paused || !this.#upload) return;
    if (navigator.onLine === false) return this.#whenOffline();
    this.on.state("sending");
    this.#upload.options.chunkSize = this.#chunkSize.bytes;
    this.#upload.start();
  }

  /** Nothing is under way and nothing is planned. */
  #halt() {
    clearTimeout(this.#stall);
    this.#backoff.cancel();
    this.#backoff.noteFailure();
    this.#speedometer.stop();
    this.#stream?.cancel();
    this.#upload?.abort();
  }

  /** @param {string | undefined} address */
  #filmKnown(address) {
    if (address) this.on.film(address);
  }

  /**
   * @param {number} sent
   * @param {number} length
   */
  #progress(sent, length) {
    this.#watch();
    this.#speedometer.mark(sent, performance.now() / 1000);
    this.on.progress(sent, length, this.#speedometer.speed);
  }

  /** @param {number} bytes */
  #chunkSent(bytes) {
    clearTimeout(this.#stall); // what grows may have nothing to send for a while
    this.#backoff.reset();
    this.#chunkSize.succeeded(bytes, (performance.now() - this.#requestAt) / 1000);
    if (this.#upload) this.#upload.options.chunkSize = this.#chunkSize.bytes;
  }

  #watch() {
    clearTimeout(this.#stall);
    this.#stall = setTimeout(() => this.#lost(), STALLED_MS);
  }

  #whenOffline() {
    if (!this.#upload || this.#paused) return;
    this.#halt();
    this.on.state("waiting");
    this.#backoff.schedule(() => this.#start(), STALLED_MS); // the browser may be wrong about it
  }

  /** @param {number} [waitMs] */
  #lost(waitMs) {
    this.#halt();
    this.on.state(navigator.onLine === false ? "waiting" : "retrying");
    this.#backoff.schedule(() => this.#start(), waitMs);
  }

  /** @param {Error | import("tus-js-client").DetailedError} error */
  #failed(error) {
    clearTimeout(this.#stall);
    this.#chunkSize.failed();
    const { kind, code, sentence, waitMs } = classifyError(error);
    if (kind === "lost") return this.#lost(waitMs);
    if (kind === "again") return this.#backoff.schedule(() => this.#start());
    if (kind === "login" || kind === "token") return this.#renew();
    if (kind === "full") {
      this.on.state("full");
      return this.#backoff.schedule(() => this.#start(), 10_000);
    }
    this.#halt();
    this.#upload = null;
    this.on.state(kind === "final" ? "refused" : kind, sentence, code);
    this.#finish(false);
  }

  /** The log-in or its token ended: wait for another one, and keep the place. */
  async #renew() {
    try {
      await this.target.renew();
      this.#backoff.schedule(() => this.#start());
    } catch {
      this.on.state("logged-out");
      this.#backoff.schedule(() => this.#renew(), 5000);
    }
  }
}
