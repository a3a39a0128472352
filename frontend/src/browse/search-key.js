// "/" leads to the search of the page, as on other sites of films, unless such keys are switched off.

import { everywhere } from "../player/preferences.js";

/** @param {Document} page */
export function searchAtSlash(page) {
  page.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.defaultPrevented || event.isComposing || isTyping(event) || !everywhere()) return;
    const field = page.querySelector("input[type=search][name=q]");
    if (!(field instanceof HTMLInputElement) || page.querySelector("dialog[open]")) return;
    event.preventDefault(); // else it is the first letter that is searched
    field.focus();
    field.select();
  });
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const [where] = event.composedPath();
  return (
    where instanceof HTMLElement &&
    (where.matches("input, textarea, select") || where.isContentEditable)
  );
}
