// The film itself: hls.js where the browser has Media Source Extensions (iPhones: their managed
// kind), the browser's own HLS elsewhere. Addresses of its parts live for an hour or so; after a
// long pause they are asked for anew, and the film goes on at the same second.
import { Hls, HlsVideoElement } from "hls-video-element";

/** Answers of a storage to an address that has run out, or to one that was taken back. */
const REFUSALS = [401, 403, 404, 410];
const PATIENCE_MS = 10_000; // two renewals within this time: renewing does not help

export class FilmVideo extends HlsVideoElement {
  #renewedAt = Number.NEGATIVE_INFINITY;

  /** @param {string} source @param {number} start second to begin at */
  open(source, start) {
    this.config = {
      startPosition: start > 0 ? start : -1,
      capLevelToPlayerSize: true,
      maxBufferLength: 20,
      backBufferLength: 60,
    };
    this.src = source;
    if (!Hls.isSupported()) {
      this.addEventListener("loadedmetadata", () => this.#goTo(start), { once: true });
      this.addEventListener("error", () => this.renew());
    }
  }

  async load() {
    await super.load();
    this.api?.on(Hls.Events.ERROR, (_event, error) => this.#meet(error));
  }

  /** @param {import("hls.js").ErrorData} error */
  #meet(error) {
    if (!REFUSALS.includes(error.response?.code ?? 0)) return;
    if (error.frag) void this.renew();
    else this.#leave(); // the site itself says no: nothing is left to ask for
  }

  /** Ask for fresh addresses and go on at the same second. */
  async renew() {
    if (performance.now() - this.#renewedAt < PATIENCE_MS) {
      this.#leave();
      return;
    }
    this.#renewedAt = performance.now();
    const second = this.currentTime;
    const rate = this.playbackRate;
    const playing = !this.paused;
    const goOn = () => {
      this.playbackRate = rate;
      if (!Hls.isSupported()) this.#goTo(second);
      if (playing) void this.play();
    };
    this.addEventListener("loadedmetadata", goOn, { once: true });
    this.config = { ...this.config, startPosition: second };
    await this.load();
  }

  /** @param {number} second */
  #goTo(second) {
    if (second > 0) this.currentTime = second;
  }

  #leave() {
    this.pause();
    this.api?.stopLoad();
    this.dispatchEvent(new CustomEvent("filmgone", { bubbles: true }));
  }
}

customElements.define("film-video", FilmVideo);
