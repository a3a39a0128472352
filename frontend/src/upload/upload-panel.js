// Enhances the plain form of `templates/upload/sender.html`: a file that is chosen or dropped
// is sent at once, in parts, and the panel tells how that goes. All words are in the page.

import { json, pageElement } from "../components/page-element.js";
import { csrfToken, fetchPage, renewCsrfToken } from "../page/http.js";
import { fill, formatDuration, formatSize } from "../text/format.js";
import { FileUpload } from "./file-upload.js";
import { isLockedElsewhere, whenReleased } from "./tab-lock.js";
import { keepAwake } from "./wake-lock.js";

const ASLEEP = new Set(["paused", "elsewhere", "sent", "refused", "gone", "unreadable", "no-film"]);
/** States in which another file may be chosen. */
const OPEN = new Set(["other-file", "unreadable", "too-big", "no-film", "refused", "gone"]);

export class UploadPanel extends pageElement({
  inputs: {
    endpoint: String,
    chapter: String,
    maxBytes: Number,
    begun: json,
    expects: String,
    wordSent: String,
    wordSpeed: String,
    wordLeft: String,
  },
  parts: {
    choose: HTMLElement,
    progress: HTMLElement,
    bar: HTMLProgressElement,
    name: HTMLElement,
    sent: HTMLElement,
    speed: HTMLElement,
    left: HTMLElement,
    pause: HTMLElement,
    resume: HTMLElement,
    logIn: HTMLElement,
    stop: HTMLButtonElement,
    sentence: HTMLElement,
  },
}) {
  /** @type {FileUpload | undefined} */
  #sender;

  get sender() {
    this.#sender ??= new FileUpload(this.#options(), {
      state: (state, sentence) => this.#show(state, sentence),
      progress: (sent, length, speed) => this.#progress(sent, length, speed),
      film: (address) => history.replaceState(null, "", address),
      sent: (address) => this.#sent(address),
    });
    return this.#sender;
  }

  start() {
    this.dataset.ready = "";
    for (const hint of this.all("needsScript")) hint.hidden = false;
    this.#listen();
    this.#lookForOtherWindow();
  }

  /** @returns {import("./file-upload.js").Options} */
  #options() {
    const { endpoint, chapter, maxBytes, begun, expects } = this.inputs;
    return {
      endpoint,
      chapter,
      maxBytes,
      begun,
      expects,
      token: () => csrfToken(),
      renew: async () => renewCsrfToken(await fetchPage("/my-films")),
      look: async () => {
        const panel = (await fetchPage(location.pathname)).querySelector("cv-upload");
        return json(panel?.getAttribute("data-begun") ?? "[]");
      },
    };
  }

  #listen() {
    const { parts, sender } = this;
    for (const input of this.querySelectorAll("input[type=file]")) {
      this.on(input, "change", () => {
        const [file] = /** @type {HTMLInputElement} */ (input).files ?? [];
        if (file) this.#choose(file);
      });
    }
    this.on(this, "dragover", (event) => {
      event.preventDefault();
      this.dataset.over = "";
    });
    this.on(this, "dragleave", () => delete this.dataset.over);
    this.on(this, "drop", (event) => {
      event.preventDefault();
      delete this.dataset.over;
      const [file] = event.dataTransfer?.files ?? [];
      if (file && !sender.busy) this.#choose(file);
    });
    this.on(parts.pause, "click", () => {
      sender.pause();
      parts.resume.focus();
    });
    this.on(parts.resume, "click", () => {
      sender.resume();
      parts.pause.focus();
    });
    this.on(parts.stop, "click", () => this.#stop());
    this.on(window, "focus", () => sender.retryNow()); // perhaps back from logging in
    this.on(window, "beforeunload", (event) => {
      if (sender.busy) event.preventDefault();
    });
  }

  /** @param {File} file */
  #choose(file) {
    this.parts.name.textContent = file.name;
    this.sender.send(file);
  }

  async #stop() {
    this.parts.stop.disabled = true;
    await this.sender.stop().catch(() => {}); // it was gone already
    location.assign("/my-films");
  }

  /** Somebody looks at a film that another window is sending: say so instead of asking for it. */
  async #lookForOtherWindow() {
    const { expects, begun } = this.sender.options;
    const mark = begun.find((upload) => upload.url === expects)?.fingerprint;
    if (!mark || !(await isLockedElsewhere(mark))) return;
    this.#show("elsewhere");
    await whenReleased(mark);
    document.dispatchEvent(new CustomEvent("cvtube:changed"));
    this.#show("");
  }

  /** @param {string} address */
  #sent(address) {
    keepAwake(false);
    delete this.dataset.active;
    const page = this.closest("cv-live");
    if (page) document.dispatchEvent(new CustomEvent("cvtube:changed"));
    else location.assign(address || "/my-films");
  }

  /**
   * @param {string} state
   * @param {string} [sentence]
   */
  #show(state, sentence) {
    const { parts } = this;
    const choosing = state === "" || OPEN.has(state);
    if (choosing) delete this.dataset.active;
    else this.dataset.active = "";
    keepAwake(!choosing && !ASLEEP.has(state));
    parts.choose.hidden = !choosing;
    parts.progress.hidden = choosing || state === "looking" || state === "elsewhere";
    parts.pause.hidden = state === "paused";
    parts.resume.hidden = state !== "paused";
    parts.logIn.hidden = state !== "logged-out";
    if (sentence) parts.sentence.textContent = sentence;
    this.showOne("state", state);
    if (ASLEEP.has(state)) parts.speed.textContent = parts.left.textContent = "";
  }

  /**
   * @param {number} sent
   * @param {number} length
   * @param {number} speed
   */
  #progress(sent, length, speed) {
    const { parts } = this;
    const { wordSent, wordSpeed, wordLeft } = this.inputs;
    parts.bar.value = length ? (1000 * sent) / length : 0;
    const whole = formatSize(length);
    parts.sent.textContent = fill(wordSent, { sent: formatSize(sent), whole });
    if (!speed) return;
    const left = formatDuration((length - sent) / speed);
    parts.speed.textContent = fill(wordSpeed, { size: formatSize(speed) });
    parts.left.textContent = fill(wordLeft, { time: left });
  }
}

customElements.define("cv-upload", UploadPanel);
