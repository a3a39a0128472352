// The film itself: hls.js where the browser has Media Source Extensions (iPhones: their managed
// kind), the browser's own HLS elsewhere. Addresses of its parts live for an hour or so; after a
// long pause they are asked for anew, and the film goes on at the same second. So it does when a
// film that was still being made is whole: there are more and larger renditions then.
import { Hls, HlsVideoElement } from "hls-video-element";

/** Answers of a storage to an address that has run out, or to one that was taken back. */
const REFUSALS = [401, 403, 404, 410];
const PATIENCE_MS = 10_000; // two renewals within this time: renewing does not help

export class FilmVideo extends HlsVideoElement {
  #renewedAt = Number.NEGATIVE_INFINITY;
  #grows = false;
  /** Whether a film that grows was asked for anew, and has not been seen to grow since. */
  #lookedAgain = false;
  #av1Failed = false;

  /**
   * @param {string} source
   * @param {number} start second to begin at
   * @param {boolean} grows whether the film is still being made
   */
  open(source, start, grows) {
    this.#grows = grows;
    // Each load begins at the default speed, also one by which hls.js mends what went wrong.
    this.addEventListener("ratechange", () => {
      this.defaultPlaybackRate = this.playbackRate;
    });
    this.#sizes.addEventListener("change", () => this.#showChosenSize());
    this.config = {
      startPosition: start > 0 || grows ? start : -1, // a film that grows is no broadcast
      liveDurationInfinity: false,
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
    this.api?.on(Hls.Events.MANIFEST_PARSED, () => this.#keepOneEncoding());
    this.#goOnWhenMended();
    this.api?.on(Hls.Events.LEVEL_LOADED, (_event, { details }) => {
      if (this.#grows && !details.live) void this.#becomeWhole();
      else this.#lookedAgain = false;
    });
  }

  // The film comes in two encodings, in some sizes twice, and hls.js keeps to the one it began
  // with. What it cannot decode at all it has left out by now.
  #keepOneEncoding() {
    const levels = this.api?.levels ?? [];
    const best = !this.#av1Failed && levels.some(isAv1);
    for (let index = levels.length - 1; index >= 0; index -= 1) {
      if (isAv1(levels[index]) !== best) this.api?.removeLevel(index);
    }
  }

  /** @returns {EventTarget & {selectedIndex: number}} */
  get #sizes() {
    return /** @type {any} */ (this).videoRenditions;
  }

  // Of its own accord the player changes only what it has not loaded yet, which may be nothing.
  #showChosenSize() {
    const chosen = this.#sizes.selectedIndex;
    if (!this.api || chosen < 0 || chosen === this.api.currentLevel) return;
    this.api.currentLevel = chosen;
  }

  // hls.js mends a decoding error by attaching the film anew, which pauses it.
  #goOnWhenMended() {
    let playing = false;
    this.api?.on(Hls.Events.MEDIA_DETACHING, () => {
      playing = !this.paused;
    });
    this.api?.on(Hls.Events.MEDIA_ATTACHED, () => {
      if (playing) void this.play();
    });
  }

  /** @param {import("hls.js").ErrorData} error */
  #meet(error) {
    const refused = REFUSALS.includes(error.response?.code ?? 0);
    const changed = error.details === Hls.ErrorDetails.LEVEL_PARSING_ERROR;
    if (this.#grows && !error.frag && (refused || changed)) {
      // Its early pieces have made way for the whole film in the middle of a look at them (a size
      // it was watched in until now may not be among those it has), or they have new addresses.
      void this.#lookAgain();
      return;
    }
    if (error.fatal && error.type === Hls.ErrorTypes.MEDIA_ERROR && !this.#av1Failed) {
      this.#av1Failed = true; // the browser promised more than it can
      void this.#reload();
      return;
    }
    if (refused && error.frag) return void this.renew();
    if (refused) return this.#leave(); // the site itself says no: nothing is left to ask for
    if (error.fatal) this.dispatchEvent(new CustomEvent("filmlost")); // no network, say
  }

  /** Ask for fresh addresses and go on at the same second. */
  async renew() {
    if (performance.now() - this.#renewedAt < PATIENCE_MS) {
      this.#leave();
      return;
    }
    this.#renewedAt = performance.now();
    await this.#reload();
  }

  async #lookAgain() {
    if (this.#lookedAgain) return this.#becomeWhole(); // once more would help no more
    this.#lookedAgain = true;
    await this.#reload();
  }

  async #becomeWhole() {
    this.#grows = false;
    this.dispatchEvent(new CustomEvent("filmwhole"));
    await this.#reload();
  }

  async #reload() {
    const second = this.currentTime;
    const playing = !this.paused;
    const goOn = () => {
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

/** @param {import("hls.js").Level} level */
function isAv1(level) {
  return level.videoCodec?.startsWith("av01") ?? false;
}

customElements.define("film-video", FilmVideo);
