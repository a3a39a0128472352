// A look at camera, sound, light, room and network before filming. It judges the picture and the
// sound, never who is in them, and nothing of it leaves the page.

import { fill, formatSize } from "../text/format.js";
import { CameraPreview } from "./camera-preview.js";
import { bestVideoType } from "./container.js";
import { DeviceError } from "./device-errors.js";
import { canFilm, isAllowed, listDevices } from "./devices.js";
import { LightCheck } from "./light-check.js";
import { NoiseCheck } from "./noise-check.js";
import { part, showOne, showState } from "./parts.js";
import { Preferences } from "./preferences.js";
import { isReading } from "./read-aloud.js";
import { fillChoices } from "./settings-dialog.js";

const TICK_MS = 200;
const BYTES_PER_MINUTE = 20_000_000;
const LITTLE = 3 * BYTES_PER_MINUTE;
const SLOW_MS = 3000;
const GUIDE_HEIGHT = 90; // of the drawing on the page

export class DeviceCheck {
  #noise = new NoiseCheck();
  #quiet = false; // the sound was good once: nothing more is asked of it

  /** @param {HTMLElement} page */
  constructor(page) {
    this.page = page;
    this.preferences = new Preferences();
    this.light = new LightCheck();
    this.self = /** @type {HTMLVideoElement} */ (part(page, "self"));
    this.preview = new CameraPreview(
      this.self,
      this.preferences,
      { name: "", title: "" },
      { lost: (code) => this.#off(code), muted: (code) => showOne(this.page, "problem", code) },
    );
    this.cameras = /** @type {HTMLSelectElement} */ (part(page, "cameras"));
    this.microphones = /** @type {HTMLSelectElement} */ (part(page, "microphones"));
  }

  async open() {
    showState(this.page, "off");
    this.#listen();
    this.#look();
    if (!canFilm() || !bestVideoType()) {
      showState(this.page, "unable");
      showOne(this.page, "problem", globalThis.isSecureContext ? "no_recorder" : "not_secure");
    } else if (await isAllowed(true)) this.#turnOn();
  }

  #listen() {
    for (const button of this.page.querySelectorAll("[data-do=turn-on]")) {
      button.addEventListener("click", () => this.#turnOn());
    }
    for (const select of [this.cameras, this.microphones]) {
      select.addEventListener("change", () => {
        this.preferences.change({ [select.name]: select.value });
        this.#turnOn();
      });
    }
    addEventListener("online", () => this.#lookAtNetwork());
    addEventListener("offline", () => this.#lookAtNetwork());
    addEventListener("pagehide", () => this.preview.turnOff());
    // A phone's picture is tall, and may turn.
    this.self.addEventListener("resize", () => this.#fitGuide());
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** The oval is drawn on the picture, however wide that is, and not on what surrounds it. */
  #fitGuide() {
    const { videoWidth, videoHeight } = this.self;
    if (!videoHeight) return;
    const width = (GUIDE_HEIGHT * videoWidth) / videoHeight;
    part(this.page, "guide").setAttribute("viewBox", `${-width / 2} 0 ${width} ${GUIDE_HEIGHT}`);
  }

  async #turnOn() {
    showOne(this.page, "problem", "");
    showState(this.page, "asking");
    this.preferences.override({ picture: true }); // here one looks at it, whatever one films
    try {
      if (!(await this.preview.turnOn())) return;
    } catch (error) {
      return this.#off(error instanceof DeviceError ? error.code : "recorder_failed");
    }
    this.#noise = new NoiseCheck();
    this.#quiet = false;
    showState(this.page, "on");
    const { cameras, microphones } = await listDevices();
    fillChoices(this.cameras, cameras);
    fillChoices(this.microphones, microphones);
    this.cameras.value = this.preferences.camera;
    this.microphones.value = this.preferences.microphone;
  }

  /** @param {string} code */
  #off(code) {
    this.preview.turnOff();
    showState(this.page, "off");
    showOne(this.page, "problem", code);
  }

  #tick() {
    const { level } = this.preview;
    if (!level) return;
    const loud = level.now;
    /** @type {HTMLMeterElement} */ (part(this.page, "level")).value = loud;
    // While the page is read, the microphone hears that.
    if (!this.#quiet && !isReading()) {
      const sound = this.#noise.judge(loud);
      this.#say("sound", sound);
      this.#quiet = sound === "good";
    }
    const light = this.light.judge(this.self);
    if (light) this.#say("light", light);
    this.#say("camera", light ? "good" : "");
  }

  async #look() {
    this.#lookAtNetwork();
    const estimate = await navigator.storage?.estimate?.().catch(() => null);
    if (!estimate?.quota) return this.#say("room", "unknown");
    const free = estimate.quota - (estimate.usage ?? 0);
    const words = part(this.page, "free");
    words.textContent = fill(words.dataset.word, { size: formatSize(free) });
    this.#say("room", free < LITTLE ? "little" : "good");
  }

  async #lookAtNetwork() {
    const since = performance.now();
    try {
      const answer = await fetch(this.page.dataset.session ?? "", { cache: "no-store" });
      if (!answer.ok) throw new TypeError();
      this.#say("network", performance.now() - since > SLOW_MS ? "slow" : "good");
    } catch {
      this.#say("network", "none");
    }
  }

  /**
   * @param {string} about
   * @param {string} state
   */
  #say(about, state) {
    const line = part(this.page, `check-${about}`);
    if (line.dataset.is === state) return; // what is said again is read out again
    line.dataset.is = state;
    showOne(line, "when", state);
  }
}
