// A button that prints the page; without a script, the browser's own menu does.

/** @param {ParentNode} page */
export function offerToPrint(page) {
  for (const button of page.querySelectorAll("button[data-print]")) {
    button.removeAttribute("hidden");
    button.addEventListener("click", () => print());
  }
}
