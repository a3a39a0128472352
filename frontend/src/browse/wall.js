// A wall that goes on by itself: near its end the next page is fetched and added below, for a few
// pages; then a button asks whether to go on, so that the foot of the page can be reached. Going
// back to a wall finds as many films as there were, at the same spot, with the same one in focus.

import { pageElement } from "../components/page-element.js";
import { fetchPage } from "../page/http.js";

const BY_ITSELF = 3; // pages

/** @typedef {{pages: number, y: number, film: string | null}} Trace */

export class Wall extends pageElement({ inputs: { wordsMore: String } }) {
  #pages = 1;
  #busy = false;
  #watcher = new IntersectionObserver(
    (seen) => {
      if (seen.some((entry) => entry.isIntersecting) && this.#pages <= BY_ITSELF) void this.#more();
    },
    { rootMargin: "800px" },
  );

  async start() {
    this.on(this, "click", (event) => {
      const link = event.target instanceof Element && event.target.closest("a[rel=next]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void this.#more(true);
    });
    this.on(window, "pagehide", () => keepTrace(this.#pages));
    await restore(this, () => this.#more());
    this.#observe();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#watcher.disconnect();
  }

  #observe() {
    const link = nextLink(this);
    if (link && this.isConnected) this.#watcher.observe(link);
  }

  async #more(focus = false) {
    const link = nextLink(this);
    if (!link || this.#busy) return;
    this.#busy = true;
    this.#watcher.disconnect();
    try {
      const added = append(this, await fetchPage(link.href), link);
      this.#pages += 1;
      if (focus) added?.querySelector("a")?.focus();
      announce(this, this.inputs.wordsMore);
    } catch {
      return; // the link is still there, and works without us
    } finally {
      this.#busy = false;
    }
    this.#observe();
  }
}

/** @param {HTMLElement} wall */
function nextLink(wall) {
  return /** @type {HTMLAnchorElement | null} */ (wall.querySelector("a[rel=next]"));
}

/** Put the next page's films below these; returns the first of them.
 * @param {HTMLElement} wall @param {Document} page @param {Element} link */
function append(wall, page, link) {
  const known = new Set([...wall.querySelectorAll(".film")].map(nameOf));
  const fresh = [...page.querySelectorAll(".film")].filter((film) => !known.has(nameOf(film)));
  for (const group of page.querySelectorAll("cv-wall .wall-group")) {
    const own = wall.querySelector(`.wall-group[data-group="${group.getAttribute("data-group")}"]`);
    if (own) {
      own.querySelector(".wall")?.append(...fresh.filter((film) => group.contains(film)));
    } else {
      link.parentElement?.before(group);
    }
  }
  const next = page.querySelector("cv-wall .wall-more");
  if (next) link.parentElement?.replaceWith(next);
  else link.parentElement?.remove();
  return fresh[0];
}

/** @param {Element} film */
function nameOf(film) {
  return film.getAttribute("data-film");
}

/** @param {HTMLElement} wall @param {string} words */
function announce(wall, words) {
  let status = wall.querySelector(":scope > [role=status]");
  if (!status) {
    status = document.createElement("p");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    wall.append(status);
  }
  status.textContent = words;
}

/** Remember how far one was, for coming back. The browser keeps it with its history.
 * @param {number} pages */
function keepTrace(pages) {
  const film = document.activeElement?.closest(".film") ?? null;
  /** @type {Trace} */
  const trace = { pages, y: scrollY, film: film && nameOf(film) };
  history.replaceState({ ...history.state, wall: trace }, "");
}

/** @param {HTMLElement} wall @param {() => Promise<void>} more */
async function restore(wall, more) {
  /** @type {Trace | undefined} */
  const trace = history.state?.wall;
  const [entry] = performance.getEntriesByType("navigation");
  const goneBack = entry instanceof PerformanceNavigationTiming && entry.type === "back_forward";
  if (!trace || !goneBack) return;
  for (let page = 1; page < trace.pages && nextLink(wall); page += 1) await more();
  scrollTo({ top: trace.y, behavior: "instant" });
  if (!trace.film) return;
  const film = wall.querySelector(`.film[data-film="${CSS.escape(trace.film)}"] a`);
  if (film instanceof HTMLElement) film.focus({ preventScroll: true });
}

customElements.define("cv-wall", Wall);
