// An answer that is said instead of written: recorded, sent at once, heard again, removed. It is
// kept for whoever said it; nothing here or on the server listens to it.

import { pageElement } from "../components/page-element.js";
import { csrfToken } from "../page/http.js";
import { clock } from "../text/format.js";
import { stopPlayback } from "./audio-playback.js";
import { showForThisBrowser } from "./browser-kind.js";
import { isConfirmed } from "./confirm.js";
import { bestAudioType } from "./container.js";
import { DeviceError } from "./device-errors.js";
import { close, listDevices, openDevices } from "./devices.js";
import { Preferences } from "./preferences.js";
import { stopReading } from "./read-aloud.js";

const TICK_MS = 200;
const SHORTEST_MS = 500; // less is a slip of the finger
const BITS_PER_S = 32_000; // speech needs no more

/** @typedef {"idle" | "asking" | "recording" | "saving" | "kept" | "unsent"} State */

export class VoiceRecorder extends pageElement({
  inputs: { address: String, longestS: Number, state: String },
  parts: { time: HTMLElement },
}) {
  preferences = new Preferences();
  /** @type {State} */
  #state = "idle";
  /** @type {State} where a recording that comes to nothing leads back to */
  #before = "idle";
  /** @type {MediaRecorder | null} */
  #recorder = null;
  #since = 0;
  /** @type {Blob | null} said, and not yet on the server */
  #said = null;
  /** @type {Promise<void>} what is being done, to its end */
  #done = Promise.resolve();

  async start() {
    showForThisBrowser(this);
    this.onPress({
      say: () => this.#say(),
      stop: () => this.#recorder?.stop(),
      send: () => this.#send(),
      remove: () => this.#remove(),
    });
    this.on(this.closest("form"), "submit", (event) => this.#waitFirst(event));
    this.on(window, "pagehide", () => close(this.#recorder?.stream));
    this.on(window, "beforeunload", (event) => {
      if (this.#recorder || this.#said) event.preventDefault();
    });
    this.on(navigator.mediaDevices, "devicechange", () => this.#showWhetherOneCan());
    setInterval(() => this.#tick(), TICK_MS);
    this.#show(this.inputs.state === "kept" ? "kept" : "idle");
    await this.#showWhetherOneCan();
  }

  /** The button is there only where there is something to speak into. */
  async #showWhetherOneCan() {
    const able = bestAudioType() && (await listDevices()).microphones.length > 0;
    for (const button of this.querySelectorAll("[data-do=say]")) {
      /** @type {HTMLElement} */ (button).hidden = !able;
    }
  }

  async #say() {
    // Neither an earlier recording nor the screen's voice belongs into this one.
    stopPlayback();
    this.#problem("");
    stopReading();
    this.#before = this.#state;
    this.#show("asking");
    try {
      const { microphone } = this.preferences;
      this.#record(await openDevices({ picture: false, facing: "user", microphone }));
    } catch (error) {
      this.#show(this.#before);
      this.#problem(error instanceof DeviceError ? error.code : "recorder_failed");
    }
  }

  /** @param {MediaStream} stream */
  #record(stream) {
    const options = { mimeType: bestAudioType(), audioBitsPerSecond: BITS_PER_S };
    /** @type {Blob[]} */
    const pieces = [];
    try {
      this.#recorder = new MediaRecorder(stream, options);
      this.#recorder.start();
    } catch (error) {
      close(stream);
      this.#recorder = null;
      throw error;
    }
    this.#recorder.ondataavailable = ({ data }) => pieces.push(data);
    this.#since = performance.now();
    // It also stops when the microphone is taken away: what was said until then is kept.
    this.#done = new Promise((resolve) => {
      /** @type {MediaRecorder} */ (this.#recorder).onstop = () => {
        close(stream);
        resolve(this.#stopped(new Blob(pieces, { type: options.mimeType })));
      };
    });
    this.#show("recording");
  }

  /** @param {Blob} said */
  async #stopped(said) {
    const ms = performance.now() - this.#since;
    this.#recorder = null;
    if (ms < SHORTEST_MS || said.size === 0) {
      this.#show(this.#before);
      return this.#problem(ms < SHORTEST_MS ? "take_too_short" : "recorder_failed");
    }
    this.#said = said;
    await this.#send();
  }

  async #send() {
    this.#show("saving");
    if (!(await this.#ask("PUT", this.#said))) return this.#show("unsent");
    this.#said = null;
    this.#show("kept");
  }

  async #remove() {
    stopPlayback();
    if (!(await isConfirmed(confirmation()))) return;
    if (this.#state === "unsent") {
      // The server has what was said before, if anything.
      this.#said = null;
      this.#problem("");
      this.#show(this.#before);
    } else if (await this.#ask("DELETE")) this.#show("idle");
  }

  /**
   * Whether the server has done it; if not, the page says why.
   * @param {"PUT" | "DELETE"} method
   * @param {Blob | null} [body]
   */
  async #ask(method, body) {
    this.#problem("");
    try {
      const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
      const answer = await fetch(this.inputs.address, { method, headers, body });
      if (answer.ok) return true;
      const { title } = await answer.json();
      for (const words of this.querySelectorAll("[data-problem=refused]"))
        words.textContent = title;
      this.#problem("refused");
    } catch {
      this.#problem("no_answer");
    }
    return false;
  }

  /**
   * "Next" takes along what is being said, and stays here if it cannot be kept.
   * @param {SubmitEvent} event
   */
  async #waitFirst(event) {
    if (this.#state === "idle" || this.#state === "kept") return;
    event.preventDefault();
    if (this.#state === "asking") return;
    if (this.#recorder) {
      this.#recorder.stop();
      await this.#done;
    } else if (this.#state === "unsent") {
      await this.#send();
    } else {
      await this.#done;
    }
    if (/** @type {State} */ (this.#state) === "kept") this.closest("form")?.requestSubmit();
  }

  /** @param {State} state */
  #show(state) {
    this.#state = state;
    this.showState(state, "[data-first], .hear");
    this.showOne("says", state);
  }

  /** @param {string} code */
  #problem(code) {
    this.showOne("problem", code);
  }

  #tick() {
    if (!this.#recorder) return;
    const ms = performance.now() - this.#since;
    const time = clock(ms);
    const shown = this.parts.time;
    if (shown.textContent !== time) shown.textContent = time;
    if (ms >= 1000 * this.inputs.longestS && this.#recorder.state === "recording")
      this.#recorder.stop();
  }
}

/** It stands beside the form, since a form cannot hold another. */
const confirmation = () =>
  /** @type {HTMLDialogElement} */ (document.querySelector("dialog[data-confirm]"));

customElements.define("cv-voice-recorder", VoiceRecorder);
