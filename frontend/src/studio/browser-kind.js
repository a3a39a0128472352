// Which browser this is, where people must look for something in it: its own question for the
// camera, and where a "no" is taken back. By what the browser can do, for names can be changed.

/** @typedef {"chrome" | "android" | "iphone" | "firefox" | "other"} Kind */

/** @returns {Kind} */
export function browserKind() {
  // Only browsers made of Chromium tell this.
  const told = /** @type {{mobile?: boolean} | undefined} */ (
    /** @type {any} */ (navigator).userAgentData
  );
  if (told) return told.mobile ? "android" : "chrome";
  if (CSS.supports("-webkit-touch-callout", "none")) return "iphone";
  if (CSS.supports("-moz-appearance", "none") && "mozInnerScreenX" in window) return "firefox";
  return "other";
}

/**
 * Of what is told or drawn for each browser (data-browser), show what is meant for this one; what
 * is for any browser, where nothing is.
 * @param {ParentNode} where
 */
export function showForThisBrowser(where) {
  const kind = browserKind();
  for (const one of where.querySelectorAll("[data-browser=other]")) {
    const among = /** @type {HTMLElement[]} */ ([...(one.parentElement?.children ?? [])]).filter(
      (other) => other.dataset.browser,
    );
    const fits = among.some((other) => other.dataset.browser === kind) ? kind : "other";
    for (const other of among) other.toggleAttribute("hidden", other.dataset.browser !== fits);
  }
}
