// Looking at a take, and cutting off what is too much at both ends.

import { clock } from "../text/format.js";
import { Filmstrip } from "./filmstrip.js";
import { part } from "./parts.js";
import { clampEnd, clampStart, snapToEnd } from "./trim.js";

const STEP_MS = 500;

const seconds = new Intl.NumberFormat(document.documentElement.lang, {
  style: "unit",
  unit: "second",
  unitDisplay: "long",
  maximumFractionDigits: 1,
});

export class TakeReview {
  #address = "";
  #length = 0;

  /**
   * @param {HTMLElement} box
   * @param {() => void} cut told that something else of the take is wanted
   */
  constructor(box, cut) {
    this.box = box;
    this.cut = cut;
    this.video = /** @type {HTMLVideoElement} */ (part(box, "playback"));
    this.from = /** @type {HTMLInputElement} */ (part(box, "trim-from"));
    this.to = /** @type {HTMLInputElement} */ (part(box, "trim-to"));
    this.strip = new Filmstrip(/** @type {HTMLCanvasElement} */ (part(box, "strip")));
    this.trim = /** @type {HTMLDetailsElement} */ (part(box, "trim"));
    this.trim.addEventListener("toggle", () => this.#draw());
    this.from.addEventListener("input", () => this.#moved("from"));
    this.to.addEventListener("input", () => this.#moved("to"));
    for (const button of box.querySelectorAll("[data-nudge]")) {
      button.addEventListener("click", () => {
        const [end, direction] = (button.getAttribute("data-nudge") ?? "").split(" ");
        const input = end === "from" ? this.from : this.to;
        input.valueAsNumber += Number(direction) * STEP_MS;
        this.#moved(end);
      });
    }
    this.video.addEventListener("timeupdate", () => {
      if (!this.video.paused && this.video.currentTime * 1000 >= this.choice.endMs) {
        this.video.pause();
      }
    });
    this.video.addEventListener("play", () => {
      const at = this.video.currentTime * 1000;
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
    this.hide();
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

  hide() {
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
    URL.revokeObjectURL(this.#address);
    this.#address = "";
    this.strip.clear();
  }

  /** Its pictures, for whoever is about to cut it. */
  #draw() {
    if (this.trim.open && this.#address) this.strip.draw(this.#address, this.#length);
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
    this.cut();
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
    part(this.box, "trim-length").textContent = clock(endMs - startMs);
    this.box.style.setProperty("--from", String(startMs / Math.max(1, this.#length)));
    this.box.style.setProperty("--to", String(endMs / Math.max(1, this.#length)));
  }
}
