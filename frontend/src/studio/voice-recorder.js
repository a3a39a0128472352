// An answer that is said instead of written: recorded, sent at once, heard again, removed. It is
// kept for whoever said it; nothing here or on the server listens to it.

import { csrfToken } from "../page/http.js";
import { clock } from "../text/format.js";
import { stopPlayback } from "./audio-playback.js";
import { isConfirmed } from "./confirm.js";
import { bestAudioType } from "./container.js";
import { DeviceError } from "./device-errors.js";
import { close, listDevices, openDevices } from "./devices.js";
import { part, showOne, showState } from "./parts.js";
import { Preferences } from "./preferences.js";

const TICK_MS = 200;
const SHORTEST_MS = 500; // less is a slip of the finger
const BITS_PER_S = 32_000; // speech needs no more

/** @typedef {"idle" | "asking" | "recording" | "saving" | "kept" | "unsent"} State */

export class VoiceRecorder {
  /** @type {State} */
  #state;
  /** @type {State} where a recording that comes to nothing leads back to */
  #before = "idle";
  /** @type {MediaRecorder | null} */
  #recorder = null;
  #since = 0;
  /** @type {Blob | null} said, and not yet on the server */
  #said = null;
  /** @type {Promise<void>} what is being done, to its end */
  #done = Promise.resolve();
  /** Whether the keyboard was in here, and is to be found a place here. */
  #keyboard = false;

  /** @param {HTMLElement} panel */
  constructor(panel) {
    this.panel = panel;
    this.address = panel.dataset.address ?? "";
    this.longestMs = Number(panel.dataset.longestS) * 1000;
    this.preferences = new Preferences();
    this.#state = panel.dataset.state === "kept" ? "kept" : "idle";
  }

  async open() {
    /** @type {Record<string, () => void>} */
    const actions = {
      say: () => this.#say(),
      stop: () => this.#recorder?.stop(),
      send: () => this.#send(),
      remove: () => this.#remove(),
    };
    for (const [name, action] of Object.entries(actions)) {
      for (const button of this.panel.querySelectorAll(`[data-do="${name}"]`)) {
        button.addEventListener("click", action);
      }
    }
    this.panel.closest("form")?.addEventListener("submit", (event) => this.#waitFirst(event));
    addEventListener("pagehide", () => close(this.#recorder?.stream));
    addEventListener("beforeunload", (event) => {
      if (this.#recorder || this.#said) event.preventDefault();
    });
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.#showWhetherOneCan());
    setInterval(() => this.#tick(), TICK_MS);
    this.#show(this.#state);
    await this.#showWhetherOneCan();
  }

  /** The button is there only where there is something to speak into. */
  async #showWhetherOneCan() {
    const able = bestAudioType() && (await listDevices()).microphones.length > 0;
    for (const button of this.panel.querySelectorAll("[data-do=say]")) {
      /** @type {HTMLElement} */ (button).hidden = !able;
    }
  }

  async #say() {
    // Neither an earlier recording nor the screen's voice belongs into this one.
    stopPlayback();
    this.#problem("");
    /** @type {HTMLElement | null} */ (
      document.querySelector("[data-read-aloud][aria-pressed=true]")
    )?.click();
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
    if (!(await isConfirmed(part(document, "confirm")))) return;
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
      const answer = await fetch(this.address, { method, headers, body });
      if (answer.ok) return true;
      const { title } = await answer.json();
      part(this.panel, "problem=refused").textContent = title;
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
    if (/** @type {State} */ (this.#state) === "kept") this.panel.closest("form")?.requestSubmit();
  }

  /** @param {State} state */
  #show(state) {
    this.#keyboard ||= this.panel.contains(document.activeElement);
    this.#state = state;
    showState(this.panel, state);
    showOne(this.panel, "says", state);
    if (this.#keyboard) this.#moveFocus();
  }

  /** The button that was pressed is gone: the one in its place takes the keyboard on. */
  #moveFocus() {
    const focused = document.activeElement;
    const there = focused instanceof HTMLElement && focused.offsetParent !== null;
    if (there && focused !== document.body) {
      this.#keyboard = false;
      return;
    }
    const first = [...this.panel.querySelectorAll("[data-first], [data-hear]")].find(
      (button) => /** @type {HTMLElement} */ (button).offsetParent !== null,
    );
    if (!first) return; // one moment
    /** @type {HTMLElement} */ (first).focus();
    this.#keyboard = false;
  }

  /** @param {string} code */
  #problem(code) {
    showOne(this.panel, "problem", code);
  }

  #tick() {
    if (!this.#recorder) return;
    const ms = performance.now() - this.#since;
    const time = clock(ms);
    const shown = part(this.panel, "time");
    if (shown.textContent !== time) shown.textContent = time;
    if (ms >= this.longestMs && this.#recorder.state === "recording") this.#recorder.stop();
  }
}
