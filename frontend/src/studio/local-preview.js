// The whole film before the server has made all of it, part by part: the chosen takes of this
// device, each from where it is cut to where it is cut, and between them what the server has. The
// browser's own controls play both.

import { pageElement } from "../components/page-element.js";
import { isUnsynced } from "./take-store/metadata.js";

/** @typedef {import("./take-store/metadata.js").TakeRecord} TakeRecord */
/** @typedef {import("./take-store/metadata.js").Choice} Choice */
/** @typedef {import("../player/film-video.js").FilmVideo} FilmVideo */

const CLOSE_MS = 500; // longer than browsers leave between two looks at the time

/**
 * Whether the film has a take that the server has made nothing of yet.
 * @param {TakeRecord} take
 * @param {string[]} made the chapters that the server can play, as their newest takes have them
 */
export const isAheadOfServer = (take, made) =>
  take.choice !== null &&
  !take.unwanted &&
  !take.refusal &&
  take.ended &&
  (isUnsynced(take) || !take.sent || !made.includes(take.chapter));

export class LocalPreview extends pageElement({
  parts: { localPreviewFilm: HTMLVideoElement, localPreviewServed: HTMLTemplateElement },
}) {
  about = { owner: "", film: "" };
  /** @type {import("./take-store/take-store.js").TakeStore | null} */
  store = null;
  /** @type {Map<string, TakeRecord>} by chapter */
  #takes = new Map();
  /** @type {Map<string, Choice>} by chapter: what of the server's film it is */
  #made = new Map();
  #chapter = ""; // what is on the screen, or about to be
  /** @type {Choice | null} from when to when it plays, once it is there */
  #choice = null;
  #moving = false; // from one chapter to another
  #address = "";
  /** @type {FilmVideo | null} the server's film, once it is wanted */
  #film = null;
  #stretches = ""; // of that film
  #unreachable = false;
  /** @type {HTMLVideoElement | FilmVideo | undefined} */
  #screen;

  get video() {
    return this.parts.localPreviewFilm;
  }

  /** Which of the two films one sees. */
  get screen() {
    return this.#screen ?? this.video;
  }

  get buttons() {
    return /** @type {HTMLButtonElement[]} */ (this.all("plays"));
  }

  get server() {
    return /** @type {HTMLElement} */ (document.querySelector('[data-region="film"]'));
  }

  start() {
    for (const button of this.buttons) {
      this.on(button, "click", () => this.#play(button.dataset.plays ?? ""));
    }
    new MutationObserver(() => this.show()).observe(this.server, { childList: true });
    this.#follow(this.video);
    for (const change of ["online", "offline"]) {
      this.on(window, change, () => {
        this.#unreachable = !navigator.onLine;
        this.show();
      });
    }
    this.on(window, "pagehide", () => URL.revokeObjectURL(this.#address));
  }

  /** @param {HTMLVideoElement | FilmVideo} screen */
  #follow(screen) {
    /** @param {string} name @param {() => unknown} act */
    const on = (name, act) =>
      this.on(screen, name, () => {
        if (screen === this.screen) act();
      });
    on("ended", () => this.#next());
    on("pause", () => this.show()); // the server may have made it meanwhile
    on("timeupdate", () => this.#lookAtTheTime());
    on("play", () => {
      const from = this.#choice?.startMs ?? 0;
      if (screen.currentTime * 1000 < from - 100) screen.currentTime = from / 1000;
    });
  }

  /** Near its end, wait for that: what comes after it is not to be seen. */
  #lookAtTheTime() {
    const { screen } = this;
    const choice = this.#choice;
    if (!choice || screen.paused) return;
    const left = choice.endMs - screen.currentTime * 1000;
    if (left > CLOSE_MS) return;
    setTimeout(
      () => {
        const over = screen.currentTime * 1000 > choice.endMs - 50;
        if (choice === this.#choice && over && !screen.paused) this.#next();
      },
      left / (screen.playbackRate || 1),
    );
  }

  /** As the device and the server have it now. What is being played is played to its end. */
  async show() {
    if (!this.store || this.#moving || !(this.screen.paused || this.screen.ended)) return;
    const stretches = JSON.parse(this.#served.dataset.stretches ?? "{}");
    const takes = await this.store.of(this.about.owner);
    const made = Object.keys(stretches);
    const news = takes.filter(
      (take) => take.film === this.about.film && isAheadOfServer(take, made),
    );
    this.#takes = new Map(news.map((take) => [take.chapter, take]));
    this.#made = new Map(
      this.#unreachable
        ? []
        : made.map((id) => [id, { startMs: stretches[id][0], endMs: stretches[id][1] }]),
    );
    for (const button of this.buttons) button.disabled = !this.#has(button.dataset.plays ?? "");
    this.hidden = news.length === 0;
    this.server.hidden = news.length > 0;
    const first = this.#order[0];
    if (news.length > 0 && first && !this.#has(this.#chapter)) await this.#load(first);
  }

  get #served() {
    return /** @type {HTMLElement} */ (this.server.querySelector("[data-server-film]"));
  }

  /** @param {string} chapter */
  #has(chapter) {
    return this.#takes.has(chapter) || this.#made.has(chapter);
  }

  /** The chapters that can be played, as the film has them. */
  get #order() {
    return this.buttons
      .map((button) => button.dataset.plays ?? "")
      .filter((chapter) => this.#has(chapter));
  }

  /** @param {string} chapter */
  async #load(chapter) {
    const take = this.#takes.get(chapter);
    const choice = take ? take.choice : this.#made.get(chapter);
    if (!choice) return;
    this.#chapter = chapter;
    this.#choice = null;
    if (take) {
      const film = await this.store?.whole(take);
      if (!film) return;
      if (this.#chapter !== chapter) return; // another was asked for meanwhile
      URL.revokeObjectURL(this.#address);
      this.#address = URL.createObjectURL(film);
      this.video.src = `${this.#address}#t=${choice.startMs / 1000}`;
      this.#put(this.video);
    } else {
      await customElements.whenDefined("film-video");
      if (this.#chapter !== chapter) return;
      this.#put(this.#serve(choice.startMs / 1000));
    }
    this.#begin(chapter, choice);
  }

  /**
   * @param {string} chapter
   * @param {Choice} choice
   */
  #begin(chapter, choice) {
    this.#chapter = chapter;
    this.#choice = choice;
    for (const button of this.buttons) {
      const now = button.dataset.plays === chapter;
      if (now) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      if (now) button.scrollIntoView({ block: "nearest", inline: "center" });
    }
  }

  /** @param {HTMLVideoElement | FilmVideo} screen */
  #put(screen) {
    // What is hidden next would fill the whole screen with black.
    if (screen !== this.screen && document.fullscreenElement) void document.exitFullscreen();
    this.#screen = screen;
    this.video.hidden = screen !== this.video;
    if (this.#film) this.#film.hidden = screen !== this.#film;
  }

  /**
   * The server's film at this second.
   * @param {number} second
   */
  #serve(second) {
    const { source = "", stretches = "" } = this.#served.dataset;
    if (this.#film && this.#stretches === stretches) {
      this.#film.currentTime = second;
      return this.#film;
    }
    this.#film?.remove();
    const { content } = this.parts.localPreviewServed;
    this.video.after(document.importNode(content, true));
    const film = /** @type {FilmVideo} */ (this.querySelector("film-video"));
    this.#follow(film);
    for (const lost of ["filmgone", "filmlost"]) {
      film.addEventListener(lost, () => this.#lose(film));
    }
    film.open(source, second, false);
    this.#film = film;
    this.#stretches = stretches;
    return film;
  }

  /**
   * It cannot be had from the server: what is on this device goes on without it.
   * @param {FilmVideo} film
   */
  async #lose(film) {
    if (film !== this.#film) return;
    const from = this.#chapter;
    this.#film = null;
    film.remove();
    this.#unreachable = true;
    if (this.screen !== film) return;
    this.#put(this.video);
    const order = this.buttons.map((button) => button.dataset.plays ?? "");
    const later = order.slice(order.indexOf(from)).find((chapter) => this.#takes.has(chapter));
    await this.show();
    if (later) await this.#play(later);
  }

  /** @param {string} chapter */
  async #play(chapter) {
    this.#moving = true;
    this.screen.pause();
    await this.#load(chapter);
    await this.screen.play().catch(() => {}); // its own button is still there
    this.#moving = false;
  }

  /** On to the next part; after the last, the film stands at its beginning again. */
  async #next() {
    const order = this.#order;
    const next = order[order.indexOf(this.#chapter) + 1];
    if (next && this.#flowsInto(next)) return;
    if (next) return this.#play(next);
    this.#moving = true;
    this.screen.pause();
    await this.#load(order[0] ?? "");
    this.#moving = false;
    await this.show();
  }

  /**
   * Where both are the server's, one after the other, its film just plays on.
   * @param {string} next
   */
  #flowsInto(next) {
    const stretch = this.#takes.has(next) ? undefined : this.#made.get(next);
    const same = this.screen === this.#film && this.#stretches === this.#served.dataset.stretches;
    if (!same || this.screen.ended || stretch?.startMs !== this.#choice?.endMs) return false;
    if (stretch) this.#begin(next, stretch);
    return true;
  }
}

customElements.define("cv-local-preview", LocalPreview);
