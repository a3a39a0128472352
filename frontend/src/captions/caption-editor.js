// Sends the page's own form without leaving the page, and puts the server's answer in its place.
// The server does every change, so that there is one way to split or join a sentence, not two.
import { pageElement } from "../components/page-element.js";
import { film, follow, hear } from "./playback.js";

const LOOK_AGAIN_MS = 5000;
const TRY_AGAIN_MS = 2000;

export class CaptionEditor extends pageElement({ parts: { words: HTMLFormElement } }) {
  dirty = false;
  touched = 0;
  /** @type {Promise<unknown>} one request after the other: each needs the version of the last */
  line = Promise.resolve();

  start() {
    this.on(this, "submit", (event) => this.submit(event));
    this.on(this, "input", (event) => this.touch(event));
    this.on(this, "change", (event) => this.keepQuietly(event));
    this.on(this, "click", (event) => listen(event));
    this.on(this, "keydown", (event) => this.press(event));
    this.on(window, "beforeunload", (event) => this.holdBack(event));
    follow(this);
    this.prepare();
  }

  get form() {
    return this.parts.words;
  }

  /** What only makes sense with a script, each time the list is new. */
  prepare() {
    for (const hidden of this.querySelectorAll("[data-needs-script]")) {
      hidden.removeAttribute("hidden");
    }
    const focus = this.querySelector("textarea[autofocus]");
    if (focus instanceof HTMLElement) {
      focus.focus();
      focus.scrollIntoView({ block: "nearest" }); // which, unlike focus, leaves room for the film
    }
    if (this.querySelector("[data-drafting]")) setTimeout(() => this.look(), LOOK_AGAIN_MS);
  }

  /** @param {Event} event */
  touch(event) {
    if (event.target instanceof Element && !this.form.contains(event.target)) return;
    this.dirty = true;
    this.touched += 1;
    this.say("");
  }

  /** @param {SubmitEvent} event */
  submit(event) {
    const form = event.target;
    if (form !== this.form) return; // a file goes the plain way
    event.preventDefault();
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "save";
    this.send(button, true);
  }

  /** A field was left: keep it, without moving anything. @param {Event} event */
  keepQuietly(event) {
    const field = event.target;
    if (field instanceof HTMLElement && field.closest("form[data-words]")) this.send("save", false);
  }

  /** @param {string} verb @param {boolean} exchange whether the list is drawn anew */
  send(verb, exchange) {
    this.line = this.line.then(() => this.post(verb, exchange));
  }

  /** @param {string} verb @param {boolean} exchange */
  async post(verb, exchange) {
    const form = this.form;
    const touched = this.touched;
    const list = form.querySelector("[data-offset]");
    const offset = list instanceof HTMLElement ? Number(list.dataset.offset) : 0;
    const at = Math.max(0, Math.round(1000 * (film()?.currentTime ?? 0) - offset));
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) body.append(name, String(value));
    body.set("at", String(at));
    body.set("do", verb);
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    const fresh = await boxOf(answer);
    if (!answer || !fresh) {
      // No network, too many tries, logged out: what was typed stays here until it is kept.
      this.say(form.dataset.wordFailed ?? "");
      setTimeout(() => void this.tryAgain(verb, exchange), TRY_AGAIN_MS);
      return;
    }
    if (touched === this.touched) this.dirty = !answer.ok;
    if (exchange || !answer.ok) this.exchange(fresh);
    else this.renew(fresh);
    if (answer.ok && !this.dirty) this.say(this.form.dataset.wordSaved ?? "");
  }

  /** Who has logged in again elsewhere has another token. @param {string} verb
   * @param {boolean} exchange */
  async tryAgain(verb, exchange) {
    const fresh = await boxOf(await fetch(location.href).catch(() => null));
    const [now, next] = [this, fresh].map((where) =>
      where?.querySelector("form[data-words] [name=csrf_token]"),
    );
    if (now instanceof HTMLInputElement && next instanceof HTMLInputElement) now.value = next.value;
    this.send(verb, exchange);
  }

  /** @param {Element} fresh */
  exchange(fresh) {
    this.replaceChildren(...fresh.children);
    this.prepare();
    const refusal = this.querySelector("[data-refusal]");
    if (refusal) refusal.scrollIntoView({ block: "nearest" });
  }

  /** All but what one types in: the state above the list, and the version that goes along.
   * Sentences were parted by a line break, or put in order: then the list is another one.
   * @param {Element} fresh */
  renew(fresh) {
    const rows = (/** @type {ParentNode} */ where) => where.querySelectorAll(".sentence").length;
    if (rows(fresh) !== rows(this) || !this.contains(document.activeElement)) {
      this.exchange(fresh);
      return;
    }
    for (const part of [".captions-state", "input[name=version]", ".captions-end"]) {
      const [now, next] = [this.querySelector(part), fresh.querySelector(part)];
      if (now && next && !now.contains(document.activeElement)) now.replaceWith(next);
    }
    const kept = [...fresh.querySelectorAll("input[name=was]")];
    this.querySelectorAll("input[name=was]").forEach((field, number) => {
      const known = kept[number];
      if (field instanceof HTMLInputElement && known instanceof HTMLInputElement) {
        field.value = known.value;
      }
    });
  }

  /** A machine was writing: is it done? Not while somebody has begun by themselves. */
  async look() {
    if (this.dirty) return;
    const fresh = await boxOf(await fetch(location.href).catch(() => null));
    if (fresh && !this.dirty) this.exchange(fresh);
    else setTimeout(() => this.look(), LOOK_AGAIN_MS);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const field = event.target;
    if (!(field instanceof HTMLTextAreaElement) || event.key !== "Enter") return;
    const sentence = field.closest("[data-start]");
    if (!(sentence instanceof HTMLElement)) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      hear(sentence);
    } else if (!event.isComposing && this.splits(field)) {
      event.preventDefault();
      const number = [...this.querySelectorAll("textarea")].indexOf(field);
      const caret = this.form.querySelector("[data-caret]");
      if (caret instanceof HTMLInputElement) caret.value = String(field.selectionStart);
      this.send(`split-${number}`, true);
    }
  }

  /** Whether a new line here has words on both sides. @param {HTMLTextAreaElement} field */
  splits(field) {
    const caret = field.selectionStart;
    return Boolean(field.value.slice(0, caret).trim() && field.value.slice(caret).trim());
  }

  /** @param {BeforeUnloadEvent} event */
  holdBack(event) {
    if (this.dirty) event.preventDefault();
  }

  /** @param {string} words */
  say(words) {
    const status = this.querySelector("[data-status]");
    if (status && status.textContent !== words) status.textContent = words;
  }
}

/** @param {MouseEvent} event */
function listen(event) {
  const link = event.target instanceof Element ? event.target.closest("[data-hear]") : null;
  const sentence = link?.closest("[data-start]");
  if (!(sentence instanceof HTMLElement) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  hear(sentence);
}

/** The same box in an answer of the server. @param {Response | null} answer */
async function boxOf(answer) {
  if (!answer) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("cv-captions");
}

customElements.define("cv-captions", CaptionEditor);
