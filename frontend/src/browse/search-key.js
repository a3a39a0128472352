// "/" leads to the search of the page, as on other sites of films, unless such keys are switched off.

import { pageElement } from "../components/page-element.js";
import { everywhere } from "../player/preferences.js";

/** It stands in every page, and shows nothing. */
export class SearchKey extends pageElement({}) {
  start() {
    this.on(document, "keydown", (event) => press(event));
  }
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.defaultPrevented || event.isComposing || isTyping(event) || !everywhere()) return;
  const field = document.querySelector("input[type=search][name=q]");
  if (!(field instanceof HTMLInputElement) || document.querySelector("dialog[open]")) return;
  event.preventDefault(); // else it is the first letter that is searched
  field.focus();
  field.select();
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const [where] = event.composedPath();
  return (
    where instanceof HTMLElement &&
    (where.matches("input, textarea, select") || where.isContentEditable)
  );
}

customElements.define("cv-search-key", SearchKey);
