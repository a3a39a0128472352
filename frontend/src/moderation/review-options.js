// What a moderator has switched on or off, remembered for them on this device: others may use it.

/** @typedef {{fast: boolean, keys: boolean}} Options */

const KEY = "cvtube-review-";

/**
 * Shows the switches, which without scripts would do nothing, and keeps what they say.
 *
 * WCAG 2.2, 2.1.4: shortcuts of a single letter can be turned off.
 * @param {HTMLElement} page
 * @param {string} moderator
 * @returns {Options} always as the switches stand
 */
export function rememberOptions(page, moderator) {
  const key = KEY + moderator;
  /** @type {Options} */
  const options = { fast: false, keys: true, ...remembered(key) };
  for (const box of page.querySelectorAll("input[data-option]")) {
    if (!(box instanceof HTMLInputElement)) continue;
    const name = box.dataset.option === "fast" ? "fast" : "keys";
    box.checked = options[name];
    box.addEventListener("change", () => {
      options[name] = box.checked;
      remember(key, options);
    });
  }
  const line = page.querySelector("[data-options]");
  if (line instanceof HTMLElement) line.hidden = false;
  return options;
}

/** @param {string} key @returns {Partial<Options>} */
function remembered(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}");
  } catch {
    return {}; // storage is switched off, or somebody else wrote there
  }
}

/** @param {string} key @param {Options} options */
function remember(key, options) {
  try {
    localStorage.setItem(key, JSON.stringify(options));
  } catch {
    // Then it holds for this page only.
  }
}
