// Reads a screen aloud, line by line, each marked while it is read.
import { raiseVoice } from "./voice.js";

const LINES = "h1, h2, p, legend, label, li, blockquote, textarea, .notice, .button";

/**
 * @param {HTMLButtonElement} button with data-recordings, the address of their index
 * @param {Element} where
 */
export function offerToRead(button, where) {
  /** @type {AbortController | null} */
  let reading = null;

  const stop = () => {
    reading?.abort();
    reading = null;
    button.setAttribute("aria-pressed", "false");
  };
  const start = async () => {
    const own = new AbortController();
    reading = own;
    button.setAttribute("aria-pressed", "true");
    await read(where, raiseVoice(button.dataset.recordings ?? ""), own.signal);
    if (reading === own) stop();
  };

  button.hidden = false;
  button.addEventListener("click", () => (reading ? stop() : start()));
  addEventListener("pagehide", stop);
}

/**
 * @param {Element} where
 * @param {ReturnType<typeof raiseVoice>} say
 * @param {AbortSignal} signal
 */
async function read(where, say, signal) {
  for (const line of lines(where)) {
    line.classList.add("is-read");
    for (const text of texts(line)) {
      if (!signal.aborted) await say(text, signal);
    }
    line.classList.remove("is-read");
    if (signal.aborted) return;
  }
}

/**
 * What stands on the screen, from top to bottom, nothing twice.
 * @param {Element} where
 */
export function lines(where) {
  const found = [...where.querySelectorAll(LINES)].filter((line) => texts(line).length > 0);
  return found.filter((line) => !found.some((other) => other !== line && other.contains(line)));
}

/**
 * What is seen of a line, text by text: a part's title, then how it stands. Each is said by itself,
 * so that one that is only known on this page leaves the others their recordings.
 * @param {Element} line
 */
export function texts(line) {
  if (line instanceof HTMLTextAreaElement)
    return seen(line) && line.value ? [plain(line.value)] : [];
  const found = [];
  const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { data, parentElement } = /** @type {Text} */ (walk.currentNode);
    if (seen(parentElement) && /[\p{L}\p{N}]/u.test(data)) found.push(plain(data));
  }
  return found;
}

/** @param {Element | null} element */
function seen(element) {
  if (!(element instanceof HTMLElement) || element.offsetParent === null) return false;
  return !element.closest(".visually-hidden");
}

/**
 * As texts are compared with the index (`plain` in tools/spoken/texts.py).
 * @param {string} text
 */
function plain(text) {
  return text.replace(/\s+/g, " ").trim();
}
