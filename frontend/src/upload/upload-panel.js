// Enhances the plain form of `templates/upload/sender.html`: a file that is chosen or dropped
// is sent at once, in parts, and the panel tells how that goes. All words are in the page.

import { csrfToken, fetchPage, renewCsrfToken } from "../page/http.js";
import { fill, formatDuration, formatSize } from "../text/format.js";
import { FileUpload } from "./file-upload.js";
import { isLockedElsewhere, whenReleased } from "./tab-lock.js";
import { keepAwake } from "./wake-lock.js";

const ASLEEP = new Set(["paused", "elsewhere", "sent", "refused", "gone", "unreadable", "no-film"]);
/** States in which another file may be chosen. */
const OPEN = new Set(["other-file", "unreadable", "too-big", "no-film", "refused", "gone"]);

/** @param {Element} element */
export function enhance(element) {
  const section = /** @type {HTMLElement} */ (element);
  if (section.dataset.ready === undefined) new UploadPanel(section);
}

class UploadPanel {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.sender = new FileUpload(this.#options(), {
      state: (state, sentence) => this.#show(state, sentence),
      progress: (sent, length, speed) => this.#progress(sent, length, speed),
      film: (address) => history.replaceState(null, "", address),
      sent: (address) => this.#sent(address),
    });
    section.dataset.ready = "";
    for (const hint of section.querySelectorAll("[data-needs-script]")) {
      /** @type {HTMLElement} */ (hint).hidden = false;
    }
    this.#listen();
    this.#lookForOtherWindow();
  }

  /** @returns {import("./file-upload.js").Options} */
  #options() {
    const { endpoint, chapter, maxBytes, begun, expects } = this.section.dataset;
    return {
      endpoint: endpoint ?? "",
      chapter: chapter ?? "",
      maxBytes: Number(maxBytes),
      begun: JSON.parse(begun ?? "[]"),
      expects: expects ?? "",
      token: () => csrfToken(),
      renew: async () => renewCsrfToken(await fetchPage("/my-films")),
      look: async () => {
        const page = await fetchPage(location.pathname);
        const panel = /** @type {HTMLElement | null} */ (page.querySelector("[data-sender]"));
        return JSON.parse(panel?.dataset.begun ?? "[]");
      },
    };
  }

  #listen() {
    const { section, sender } = this;
    for (const input of section.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        const [file] = /** @type {HTMLInputElement} */ (input).files ?? [];
        if (file) this.#choose(file);
      });
    }
    section.addEventListener("dragover", (event) => {
      event.preventDefault();
      section.dataset.over = "";
    });
    section.addEventListener("dragleave", () => delete section.dataset.over);
    section.addEventListener("drop", (event) => {
      event.preventDefault();
      delete section.dataset.over;
      const [file] = event.dataTransfer?.files ?? [];
      if (file && !sender.busy) this.#choose(file);
    });
    this.#button("pause").addEventListener("click", () => {
      sender.pause();
      this.#button("resume").focus();
    });
    this.#button("resume").addEventListener("click", () => {
      sender.resume();
      this.#button("pause").focus();
    });
    this.#button("stop").addEventListener("click", () => this.#stop());
    addEventListener("focus", () => sender.retryNow()); // perhaps back from logging in
    addEventListener("beforeunload", (event) => {
      if (sender.busy) event.preventDefault();
    });
  }

  /** @param {File} file */
  #choose(file) {
    this.#part("name").textContent = file.name;
    this.sender.send(file);
  }

  async #stop() {
    this.#button("stop").setAttribute("disabled", "");
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
    delete this.section.dataset.active;
    const page = this.section.closest("[data-live]");
    if (page) document.dispatchEvent(new CustomEvent("cvtube:changed"));
    else location.assign(address || "/my-films");
  }

  /**
   * @param {string} state
   * @param {string} [sentence]
   */
  #show(state, sentence) {
    const { section } = this;
    const choosing = state === "" || OPEN.has(state);
    if (choosing) delete section.dataset.active;
    else section.dataset.active = "";
    keepAwake(!choosing && !ASLEEP.has(state));
    this.#hide("choose", !choosing);
    this.#hide("progress", choosing || state === "looking" || state === "elsewhere");
    this.#hide("pause", state === "paused");
    this.#hide("resume", state !== "paused");
    this.#hide("log-in", state !== "logged-out");
    if (sentence) this.#part("sentence").textContent = sentence;
    for (const element of section.querySelectorAll("[data-state]")) {
      const notice = /** @type {HTMLElement} */ (element);
      notice.hidden = notice.dataset.state !== state;
    }
    if (ASLEEP.has(state)) for (const part of ["speed", "left"]) this.#part(part).textContent = "";
  }

  /**
   * @param {number} sent
   * @param {number} length
   * @param {number} speed
   */
  #progress(sent, length, speed) {
    const { wordSent, wordSpeed, wordLeft } = this.section.dataset;
    const bar = /** @type {HTMLProgressElement} */ (this.section.querySelector("progress"));
    bar.value = length ? (1000 * sent) / length : 0;
    const whole = formatSize(length);
    this.#part("sent").textContent = fill(wordSent, { sent: formatSize(sent), whole });
    if (!speed) return;
    const left = formatDuration((length - sent) / speed);
    this.#part("speed").textContent = fill(wordSpeed, { size: formatSize(speed) });
    this.#part("left").textContent = fill(wordLeft, { time: left });
  }

  /** @param {string} name */
  #part(name) {
    return /** @type {HTMLElement} */ (this.section.querySelector(`[data-${name}]`));
  }

  /** @param {string} name */
  #button(name) {
    return /** @type {HTMLButtonElement} */ (this.#part(name));
  }

  /**
   * @param {string} name
   * @param {boolean} hidden
   */
  #hide(name, hidden) {
    this.#part(name).hidden = hidden;
  }
}
