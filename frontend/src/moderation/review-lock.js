// Keeps the film reserved while somebody is really there: a forgotten tab lets it go.

import { csrfToken } from "../page/http.js";

const EVERY_MS = 4 * 60 * 1000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "scroll", "timeupdate"];

/**
 * @param {HTMLElement} page
 * @param {string} lock its address
 * @param {number} lockSeconds for how long it is reserved now
 */
export function keepLock(page, lock, lockSeconds) {
  let present = false;
  for (const sign of SIGNS) {
    page.addEventListener(
      sign,
      () => {
        present = true;
      },
      { capture: true, passive: true },
    );
  }
  let over = setTimeout(() => tell(page), lockSeconds * 1000);
  const timer = setInterval(async () => {
    if (!present) return;
    present = false;
    const seconds = await renew(lock);
    if (seconds === null) return; // no network: the next turn tries again
    clearTimeout(over);
    if (seconds > 0) {
      over = setTimeout(() => tell(page), seconds * 1000);
      return;
    }
    clearInterval(timer);
    tell(page);
  }, EVERY_MS);
}

/**
 * @param {string} address
 * @returns {Promise<number | null>} seconds it is reserved for; 0: not any more; null: no answer
 */
async function renew(address) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
    });
    if (answer.status >= 500) return null;
    return answer.ok ? (await answer.json()).seconds : 0;
  } catch {
    return null;
  }
}

/** @param {HTMLElement} page */
function tell(page) {
  const notice = page.querySelector("[data-lock-lost]");
  if (notice instanceof HTMLElement) notice.hidden = false;
}
