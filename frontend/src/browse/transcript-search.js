// Finding a word in what is said: every line that has it is marked, and the first is brought into
// view. Case and accents do not matter.

import { pageElement } from "../components/page-element.js";
import { findFolded } from "../text/fold.js";

export class TranscriptSearch extends pageElement({
  inputs: { none: String, one: String, some: String },
  parts: { wanted: HTMLInputElement, found: HTMLElement },
}) {
  start() {
    const { wanted: field, found: status } = this.parts;
    const lines = () => this.closest("section")?.querySelectorAll(".moment-text") ?? [];
    this.hidden = false;
    this.on(field, "input", () => {
      const wanted = field.value.trim();
      const found = [...lines()].filter((text) => mark(text, wanted));
      found[0]?.scrollIntoView({ block: "nearest" });
      status.textContent = wanted ? this.#count(found.length) : "";
    });
  }

  /** @param {number} number */
  #count(number) {
    if (number === 0) return this.inputs.none;
    if (number === 1) return this.inputs.one;
    return this.inputs.some.replace("{n}", String(number));
  }
}

/** Mark what is wanted in a text; says whether it is there.
 * @param {Element} text @param {string} wanted */
function mark(text, wanted) {
  const words = text.textContent ?? "";
  const found = findFolded(words, wanted);
  if (!found) {
    text.textContent = words;
    return false;
  }
  const [start, end] = found;
  const marked = document.createElement("mark");
  marked.textContent = words.slice(start, end);
  text.replaceChildren(words.slice(0, start), marked, words.slice(end));
  return true;
}

customElements.define("cv-transcript-search", TranscriptSearch);
