// Looking at a take, and cutting off what is too much at both ends.

import { pageElement } from "../components/page-element.js";
import { clock } from "../text/format.js";
import { Filmstrip } from "./filmstrip.js";
import { clampEnd, clampStart, snapToEnd } from "./trim.js";

const STEP_MS = 500;

const seconds = new Intl.NumberFormat(document.documentElement.lang, {
  style: "unit",
  unit: "second",
  unitDisplay: "long",
  maximumFractionDigits: 1,
});

export class TakeReview extends pageElement({
  parts: {
    playback: HTMLVideoElement,
    trim: HTMLDetailsElement,
    trimFrom: HTMLInputElement,
    trimTo: HTMLInputElement,
    trimLength: HTMLElement,
    strip: HTMLCanvasElement,
  },
  events: ["trimmed"],
}) {
  #address = "";
  #length = 0;
  /** @type {Filmstrip | undefined} */
  #strip;

  get video() {
    return this.parts.playback;
  }

  get from() {
    return this.parts.trimFrom;
  }

  get to() {
    return this.parts.trimTo;
  }

  get strip() {
    this.#strip ??= new Filmstrip(this.parts.strip);
    return this.#strip;
  }

  start() {
    const { video } = this;
    this.on(this.parts.trim, "toggle", () => this.#draw());
    this.on(this.from, "input", () => this.#moved("from"));
    this.on(this.to, "input", () => this.#moved("to"));
    for (const button of this.all("nudge")) {
      this.on(button, "click", () => {
        const [end, direction] = (button.dataset.nudge ?? "").split(" ");
        const input = end === "from" ? this.from : this.to;
        input.valueAsNumber += Number(direction) * STEP_MS;
        this.#moved(end);
      });
    }
    this.on(video, "timeupdate", () => {
      if (!video.paused && video.currentTime * 1000 >= this.choice.endMs) video.pause();
    });
    this.on(video, "play", () => {
      const at = video.currentTime * 1000;
      if (at < this.choice.startMs || at >= this.choice.endMs - 100)
        this.#seek(this.choice.startMs);
    });
  }

  /** What of the take is wanted. */
  get choice() {
    const { valueAsNumber, step } = this.to;
    const endMs = snapToEnd(valueAsNumber, Number(step), this.#length);
    return { startMs: this.from.valueAsNumber, endMs };
  }

  /**
   * @param {Blob} film
   * @param {import("./take-store/metadata.js").TakeRecord} take
   */
  show(film, take) {
    this.clear();
    this.#length = take.ms;
    this.#address = URL.createObjectURL(film);
    this.video.src = this.#address;
    for (const input of [this.from, this.to]) input.max = String(take.ms);
    const wanted = take.cut ?? take.choice;
    this.from.valueAsNumber = wanted?.startMs ?? 0;
    this.to.valueAsNumber = wanted?.endMs ?? take.ms;
    this.#tell();
    this.#draw();
  }

  clear() {
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
    URL.revokeObjectURL(this.#address);
    this.#address = "";
    this.strip.clear();
  }

  /** Its pictures, for whoever is about to cut it. */
  #draw() {
    if (this.parts.trim.open && this.#address) this.strip.draw(this.#address, this.#length);
  }

  /** @param {string} end */
  #moved(end) {
    const moved = { startMs: this.from.valueAsNumber, endMs: this.to.valueAsNumber };
    const clamp = end === "from" ? clampStart : clampEnd;
    const { startMs, endMs } = clamp(moved, this.#length);
    if (end === "from") this.from.valueAsNumber = startMs;
    else this.to.valueAsNumber = endMs;
    this.video.pause();
    this.#seek(end === "from" ? this.choice.startMs : Math.max(0, this.choice.endMs - 50));
    this.#tell();
    this.emit("trimmed");
  }

  /** @param {number} ms */
  #seek(ms) {
    this.video.currentTime = ms / 1000;
  }

  #tell() {
    const { startMs, endMs } = this.choice;
    for (const input of [this.from, this.to]) {
      input.setAttribute("aria-valuetext", seconds.format(input.valueAsNumber / 1000));
    }
    this.parts.trimLength.textContent = clock(endMs - startMs);
    this.style.setProperty("--from", String(startMs / Math.max(1, this.#length)));
    this.style.setProperty("--to", String(endMs / Math.max(1, this.#length)));
  }
}

customElements.define("cv-take-review", TakeReview);
