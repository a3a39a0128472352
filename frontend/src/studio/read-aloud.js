// Reads a screen aloud, line by line, each marked while it is read.
import { pageElement } from "../components/page-element.js";
import { createSpeaker } from "./speech.js";

const LINES =
  "h1, h2, p, legend, label, li, summary, blockquote, textarea, .notice, .button, .rec-shoot";

/** @type {AbortController | null} what is read now */
let reading = null;

/** Whether sound comes out of this device by our own doing. */
export const isReading = () => reading !== null;

/** Whatever is read, not any more: the screen has changed, or a microphone listens. */
export function stopReading() {
  reading?.abort();
  reading = null;
}

/** The page's button: read what stands there, or stop. */
export class ReadAloud extends pageElement({
  inputs: { recordings: String }, // the address of their index
  parts: { readAloud: HTMLButtonElement },
}) {
  start() {
    const button = this.parts.readAloud;
    const where = document.querySelector("main");
    if (!where) return;
    button.hidden = false;
    this.on(button, "click", () => (reading ? stopReading() : this.#read(where)));
    this.on(window, "pagehide", stopReading);
  }

  /** @param {Element} where */
  async #read(where) {
    const button = this.parts.readAloud;
    const own = new AbortController();
    reading = own;
    button.setAttribute("aria-pressed", "true");
    own.signal.addEventListener("abort", () => button.setAttribute("aria-pressed", "false"));
    await read(where, createSpeaker(this.inputs.recordings), own.signal);
    if (reading === own) stopReading();
  }
}

/**
 * @param {Element} where
 * @param {ReturnType<typeof createSpeaker>} say
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
  // What lies behind a summary has its place on the page, but is not seen before it is opened.
  return !element.closest(
    ".visually-hidden, .word, [data-read-aloud], details:not([open]) > :not(summary)",
  );
}

/**
 * As texts are compared with the index (`plain` in tools/spoken/texts.py).
 * @param {string} text
 */
function plain(text) {
  return text.replace(/\s+/g, " ").trim();
}

customElements.define("cv-read-aloud", ReadAloud);
