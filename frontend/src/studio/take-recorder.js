// One take, from its first picture to its last: recorded in short pieces, each of which is on the
// device before the next one is.

import { bestVideoType } from "./container.js";
import { isQuotaExceeded } from "./device-errors.js";

const PIECE_MS = 500;
const KEY_FRAME_MS = 1000; // MP4 comes in pieces that begin with one: no rarer than this
const VIDEO_BITS = 2_500_000;
const AUDIO_BITS = 96_000;

/**
 * @typedef {object} Listeners
 * @property {(code: string) => void} problem the take ends here; what there is of it is kept
 */

export class TakeRecorder {
  /** Whether the browser has handed out anything of it. */
  begun = false;
  #before = 0; // milliseconds up to the last pause
  #since = 0; // when it went on; 0 while it does not
  #written = Promise.resolve();
  #broken = false;
  /** @type {Promise<void>} */
  #stopped;
  /** @type {() => void} */
  #finish = () => {};

  /**
   * @param {MediaStream} stream
   * @param {import("./take-store/take-store.js").TakeStore} store
   * @param {import("./take-store/metadata.js").TakeRecord} take
   * @param {Listeners} on
   */
  constructor(stream, store, take, on) {
    this.store = store;
    this.take = take;
    this.on = on;
    const options = {
      mimeType: bestVideoType(),
      videoBitsPerSecond: VIDEO_BITS,
      audioBitsPerSecond: AUDIO_BITS,
      videoKeyFrameIntervalDuration: KEY_FRAME_MS,
    };
    this.recorder = new MediaRecorder(stream, options);
    this.recorder.ondataavailable = ({ data }) => this.#keep(data);
    this.recorder.onerror = () => this.on.problem("recorder_failed");
    /** Resolves when the take is over and on the device. */
    this.whole = new Promise((/** @type {(value: void) => void} */ resolve) => {
      this.#finish = resolve;
    });
    this.#stopped = new Promise((resolve) => {
      this.recorder.onstop = () => resolve();
    });
  }

  start() {
    this.recorder.start(PIECE_MS);
    this.#since = performance.now();
  }

  pause() {
    if (this.recorder.state !== "recording") return;
    this.recorder.pause();
    this.#before = this.ms;
    this.#since = 0;
  }

  goOn() {
    if (this.recorder.state !== "paused") return;
    this.recorder.resume();
    this.#since = performance.now();
  }

  /** How long the take is by now, pauses left out. */
  get ms() {
    return Math.round(this.#before + (this.#since ? performance.now() - this.#since : 0));
  }

  /** Resolves when everything is on the device. */
  async stop() {
    const { ms } = this;
    this.#before = ms;
    this.#since = 0;
    if (this.recorder.state !== "inactive") this.recorder.stop();
    try {
      await this.#stopped;
      await this.#written;
      await this.store.end(this.take);
      await this.store.change(this.take, { ms });
    } finally {
      this.#finish();
    }
  }

  /** @param {Blob} piece */
  #keep(piece) {
    // A later piece without the one that could not be kept would be no film.
    if (piece.size === 0 || this.#broken) return;
    this.begun = true;
    const { ms } = this;
    this.#written = this.#written
      .then(() => this.store.append(this.take, piece, ms))
      .catch((error) => {
        this.#broken = true;
        this.on.problem(isQuotaExceeded(error) ? "device_full" : "device_failed");
      });
  }
}
