// Finding a word in what is said: every line that has it is marked, and the first is brought into
// view. Case and accents do not matter.

import { findFolded } from "../text/fold.js";

/** @param {HTMLElement} box the element with `data-transcript-search` @param {HTMLElement} list */
export function offerTranscriptSearch(box, list) {
  const field = box.querySelector("input");
  const status = box.querySelector("[role=status]");
  if (!field || !(status instanceof HTMLElement)) return;
  box.hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim();
    const found = [...list.querySelectorAll(".moment-text")].filter((text) => mark(text, wanted));
    found[0]?.scrollIntoView({ block: "nearest" });
    status.textContent = wanted ? count(status, found.length) : "";
  });
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

/** @param {HTMLElement} status @param {number} number */
function count(status, number) {
  if (number === 0) return status.dataset.none ?? "";
  if (number === 1) return status.dataset.one ?? "";
  return (status.dataset.some ?? "").replace("{n}", String(number));
}
