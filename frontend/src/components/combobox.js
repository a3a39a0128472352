// A text field that suggests while one types: the "editable combobox with list autocomplete,
// manual selection" of the ARIA Authoring Practices Guide. What is suggested is only help: the
// server understands the typed text as well, so a lost network or script loses nothing.
//
//   <cv-combobox data-source="/places" data-none="…" data-one="…" data-some="{n} …">
//     <input type="text" …> <input type="hidden" data-code …>
//   </cv-combobox>
//
// The source is asked with `q` in its query and answers {"suggestions": [{"code", "label"}]}. The
// hidden input holds the code of what was chosen, and nothing once the text has been changed.

import { pageElement } from "./page-element.js";

/** @typedef {{code: string, label: string}} Suggestion */

const PAUSE_MS = 120; // between two keystrokes of a fast typist: no question is asked in between
const LEAST = 2; // characters; one letter suggests nothing worth reading

let made = 0;

export class Combobox extends pageElement({
  inputs: { source: String, none: String, one: String, some: String },
}) {
  /** @type {HTMLInputElement | undefined} */
  input;
  /** @type {HTMLUListElement | undefined} */
  list;
  /** @type {HTMLDivElement | undefined} */
  status;
  /** @type {HTMLElement | null} */
  active = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  /** @type {AbortController | undefined} */
  asking;

  start() {
    const input = this.querySelector("input:not([type=hidden])");
    if (!(input instanceof HTMLInputElement)) return;
    this.input = input;
    this.list ??= this.#addList(input);
    this.#listen(input, this.list);
  }

  /** @param {HTMLInputElement} input */
  #addList(input) {
    made += 1;
    const list = this.#makeList(`combobox-${made}`);
    this.status = document.createElement("div");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.append(list, this.status);
    this.#announceRole(input, list);
    return list;
  }

  /** @param {string} id */
  #makeList(id) {
    const list = document.createElement("ul");
    list.id = id;
    list.hidden = true;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.input?.labels?.[0]?.firstChild?.textContent?.trim() ?? "");
    return list;
  }

  /** @param {HTMLInputElement} input @param {HTMLElement} list */
  #announceRole(input, list) {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
  }

  /** @param {HTMLInputElement} input @param {HTMLElement} list */
  #listen(input, list) {
    this.on(input, "input", () => {
      this.#setCode("");
      this.#askSoon();
    });
    this.on(input, "keydown", (event) => this.#key(event));
    this.on(input, "blur", () => this.#close());
    // The field keeps the focus while the mouse or a finger chooses.
    this.on(list, "pointerdown", (event) => event.preventDefault());
    this.on(list, "click", (event) => {
      const option = event.target instanceof Element && event.target.closest("[role=option]");
      if (option instanceof HTMLElement) this.#choose(option);
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.#isOpen()) this.#move(step);
      else this.#ask().then(() => !event.altKey && this.#isOpen() && this.#move(step));
    } else if (event.key === "Enter" && this.active) {
      event.preventDefault(); // the form is not sent by choosing
      this.#choose(this.active);
    } else if (event.key === "Tab" && this.active) {
      this.#choose(this.active);
    } else if (event.key === "Escape") {
      this.#escape(event);
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) {
      this.#activate(null); // back into the text
    }
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (this.#isOpen()) {
      event.preventDefault();
      this.#close();
    } else if (this.input && !this.status?.classList.contains("suggestions-none")) {
      // A word of one's own, of which we know no other, stays.
      this.input.value = "";
      this.#setCode("");
    }
  }

  #askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  async #ask() {
    const typed = this.input?.value.trim() ?? "";
    this.asking?.abort();
    if (typed.length < LEAST) {
      this.#close();
      return;
    }
    this.asking = new AbortController();
    try {
      const address = new URL(this.inputs.source, location.href);
      address.searchParams.set("q", typed);
      const answer = await fetch(address, { signal: this.asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      this.#show((await answer.json()).suggestions);
    } catch {
      // Newer letters, or no network: in either case there is nothing to show.
      this.#close();
    }
  }

  /** @param {Suggestion[]} suggestions */
  #show(suggestions) {
    if (!this.list || document.activeElement !== this.input) return;
    this.#activate(null);
    this.list.replaceChildren(...suggestions.map((one, i) => this.#option(one, i)));
    this.#setOpen(suggestions.length > 0);
    this.#say(suggestions.length);
  }

  /** @param {Suggestion} suggestion @param {number} i */
  #option(suggestion, i) {
    const option = document.createElement("li");
    option.id = `${this.list?.id}-${i}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.code = suggestion.code;
    option.textContent = suggestion.label;
    return option;
  }

  /** @param {number} step */
  #move(step) {
    const options = /** @type {HTMLElement[]} */ ([...(this.list?.children ?? [])]);
    if (!options.length) return;
    const from = this.active ? options.indexOf(this.active) : step > 0 ? -1 : 0;
    this.#activate(options[(from + step + options.length) % options.length]);
  }

  /** @param {HTMLElement | null} option */
  #activate(option) {
    this.active?.setAttribute("aria-selected", "false");
    this.active = option;
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input?.setAttribute("aria-activedescendant", option.id);
    } else {
      this.input?.removeAttribute("aria-activedescendant");
    }
  }

  /** @param {HTMLElement} option */
  #choose(option) {
    if (!this.input) return;
    this.input.value = option.textContent ?? "";
    this.#setCode(option.dataset.code ?? "");
    this.#close();
    this.#say(this.list?.children.length ?? 1);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {string} code */
  #setCode(code) {
    const hidden = this.querySelector("[data-code]:not([role])");
    if (hidden instanceof HTMLInputElement) hidden.value = code;
  }

  #isOpen() {
    return this.list ? !this.list.hidden : false;
  }

  #close() {
    // That nothing was found stays until something else is: whoever leaves the field by a tap below
    // it would find another place under the finger.
    clearTimeout(this.timer);
    this.asking?.abort();
    this.#activate(null);
    this.#setOpen(false);
  }

  /** @param {boolean} open */
  #setOpen(open) {
    if (this.list) this.list.hidden = !open;
    this.input?.setAttribute("aria-expanded", String(open));
  }

  /** @param {number} n */
  #say(n) {
    if (!this.status) return;
    // Nothing under the field would look like nothing happening: that there is none is shown.
    this.status.className = n === 0 ? "suggestions-none" : "visually-hidden";
    const words = n === 0 ? this.inputs.none : n === 1 ? this.inputs.one : this.inputs.some;
    this.status.textContent = words.replace("{n}", String(n));
  }
}

customElements.define("cv-combobox", Combobox);
