// A look at camera, sound, light, room and network before filming. It judges the picture and the
// sound, never who is in them, and nothing of it leaves the page.

import { pageElement, showOne } from "../components/page-element.js";
import { fill, formatSize } from "../text/format.js";
import { showForThisBrowser } from "./browser-kind.js";
import { CameraPreview } from "./camera-preview.js";
import { bestVideoType } from "./container.js";
import { DeviceError } from "./device-errors.js";
import { canFilm, isAllowed, listDevices } from "./devices.js";
import { LightCheck } from "./light-check.js";
import { NoiseCheck } from "./noise-check.js";
import { Preferences } from "./preferences.js";
import { isReading } from "./read-aloud.js";
import { fillChoices } from "./settings-dialog.js";

const TICK_MS = 200;
const BYTES_PER_MINUTE = 20_000_000;
const LITTLE = 3 * BYTES_PER_MINUTE;
const SLOW_MS = 3000;
const GUIDE_HEIGHT = 90; // of the drawing on the page

export class DeviceCheck extends pageElement({
  inputs: { session: String },
  parts: {
    self: HTMLVideoElement,
    guide: SVGElement,
    level: HTMLMeterElement,
    free: HTMLElement,
    cameras: HTMLSelectElement,
    microphones: HTMLSelectElement,
    checkCamera: HTMLElement,
    checkLight: HTMLElement,
    checkSound: HTMLElement,
    checkRoom: HTMLElement,
    checkNetwork: HTMLElement,
  },
}) {
  #noise = new NoiseCheck();
  #quiet = false; // the sound was good once: nothing more is asked of it
  light = new LightCheck();
  preferences = new Preferences();
  /** @type {CameraPreview | undefined} */
  #preview;

  get preview() {
    this.#preview ??= new CameraPreview(
      this.parts.self,
      this.preferences,
      { name: "", title: "" },
      { lost: (code) => this.#off(code), muted: (code) => this.showOne("problem", code) },
    );
    return this.#preview;
  }

  async start() {
    showForThisBrowser(this);
    this.showState("off");
    this.#listen();
    this.#look();
    if (!canFilm() || !bestVideoType()) {
      this.showState("unable");
      this.showOne("problem", globalThis.isSecureContext ? "no_recorder" : "not_secure");
    } else if (await isAllowed(true)) this.#turnOn();
  }

  #listen() {
    const { cameras, microphones, self } = this.parts;
    this.onPress({ "turn-on": () => this.#turnOn() });
    for (const select of [cameras, microphones]) {
      this.on(select, "change", () => {
        this.preferences.change({ [select.name]: select.value });
        this.#turnOn();
      });
    }
    this.on(window, "online", () => this.#lookAtNetwork());
    this.on(window, "offline", () => this.#lookAtNetwork());
    this.on(window, "pagehide", () => this.preview.turnOff());
    // A phone's picture is tall, and may turn.
    this.on(self, "resize", () => this.#fitGuide());
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** The oval is drawn on the picture, however wide that is, and not on what surrounds it. */
  #fitGuide() {
    const { videoWidth, videoHeight } = this.parts.self;
    if (!videoHeight) return;
    const width = (GUIDE_HEIGHT * videoWidth) / videoHeight;
    this.parts.guide.setAttribute("viewBox", `${-width / 2} 0 ${width} ${GUIDE_HEIGHT}`);
  }

  async #turnOn() {
    this.showOne("problem", "");
    this.showState("asking");
    this.preferences.override({ picture: true }); // here one looks at it, whatever one films
    try {
      if (!(await this.preview.turnOn())) return;
    } catch (error) {
      return this.#off(error instanceof DeviceError ? error.code : "recorder_failed");
    }
    this.#noise = new NoiseCheck();
    this.#quiet = false;
    this.showState("on");
    const { cameras, microphones } = await listDevices();
    fillChoices(this.parts.cameras, cameras);
    fillChoices(this.parts.microphones, microphones);
    this.parts.cameras.value = this.preferences.camera;
    this.parts.microphones.value = this.preferences.microphone;
  }

  /** @param {string} code */
  #off(code) {
    this.preview.turnOff();
    this.showState("off");
    this.showOne("problem", code);
  }

  #tick() {
    const { level } = this.preview;
    if (!level) return;
    const loud = level.now;
    this.parts.level.value = loud;
    // While the page is read, the microphone hears that.
    if (!this.#quiet && !isReading()) {
      const sound = this.#noise.judge(loud);
      this.#say("Sound", sound);
      this.#quiet = sound === "good";
    }
    const light = this.light.judge(this.parts.self);
    if (light) this.#say("Light", light);
    this.#say("Camera", light ? "good" : "");
  }

  async #look() {
    this.#lookAtNetwork();
    const estimate = await navigator.storage?.estimate?.().catch(() => null);
    if (!estimate?.quota) return this.#say("Room", "unknown");
    const free = estimate.quota - (estimate.usage ?? 0);
    const words = this.parts.free;
    words.textContent = fill(words.dataset.word, { size: formatSize(free) });
    this.#say("Room", free < LITTLE ? "little" : "good");
  }

  async #lookAtNetwork() {
    const since = performance.now();
    try {
      const answer = await fetch(this.inputs.session, { cache: "no-store" });
      if (!answer.ok) throw new TypeError();
      this.#say("Network", performance.now() - since > SLOW_MS ? "slow" : "good");
    } catch {
      this.#say("Network", "none");
    }
  }

  /**
   * @param {"Camera" | "Light" | "Sound" | "Room" | "Network"} about
   * @param {string} state
   */
  #say(about, state) {
    const line = this.parts[`check${about}`];
    if (line.dataset.is === state) return; // what is said again is read out again
    line.dataset.is = state;
    showOne(line, "when", state);
  }
}

customElements.define("cv-device-check", DeviceCheck);
