// Searching without reloading: each change of a filter renews the results and the numbers beside
// the filters. The address follows, so that it can be kept, shared and gone back to.
import { pageElement } from "../components/page-element.js";
import { fetchPage } from "../page/http.js";

const PAUSE_MS = 350; // between two letters of a fast typist

export class LiveSearch extends pageElement({
  parts: { search: HTMLFormElement, drawer: HTMLDetailsElement },
}) {
  /** @type {AbortController | null} */
  #asking = null;
  #timer = 0;
  #shown = location.search;
  #isTyped = false; // what the newest step of the history is

  start() {
    const { search: form } = this.parts;
    this.on(form, "change", (event) => void this.#renew(isSearch(event.target)));
    this.on(form, "input", (event) => {
      if (!isSearch(event.target)) return;
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#renew(true), PAUSE_MS);
    });
    this.on(form, "submit", (event) => this.#submit(event));
    // A step in the history that only moved within the page (a skip link) changes nothing here.
    this.on(window, "popstate", () => location.search !== this.#shown && location.reload());
    this.#openWhereThereIsRoom();
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const closes = event.submitter?.hasAttribute("data-close") && !isWide();
    if (closes) this.parts.drawer.open = false;
    await this.#renew(true);
    if (closes) document.querySelector("#results")?.scrollIntoView();
  }

  /** @param {boolean} typed typing is one step of the history, however many letters */
  async #renew(typed) {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const mine = new AbortController();
    this.#asking = mine;
    const address = addressOf(this.parts.search);
    document.querySelector("#results")?.setAttribute("data-busy", "");
    try {
      const page = await fetchPage(address);
      if (mine.signal.aborted) return;
      replaceParts(page);
      if (address !== location.pathname + location.search) {
        if (typed && this.#isTyped) history.replaceState(null, "", address);
        else history.pushState(null, "", address);
        this.#isTyped = typed;
      }
      this.#shown = location.search;
    } catch {
      if (!mine.signal.aborted) this.parts.search.submit(); // the plain way says what is wrong
    }
  }

  /** Browsers that cannot hold a drawer open by style get it opened. */
  #openWhereThereIsRoom() {
    if (!CSS.supports("selector(::details-content)")) this.parts.drawer.open = isWide();
  }
}

/** @param {EventTarget | null} field */
function isSearch(field) {
  return field instanceof HTMLInputElement && field.type === "search";
}

/** Only what is filled in, so that addresses stay short.
 * @param {HTMLFormElement} form */
function addressOf(form) {
  const said = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim()) said.append(name, value.trim());
  }
  if (!said.has("place")) said.delete("radius");
  const query = said.toString();
  return form.getAttribute("action") + (query ? `?${query}` : "");
}

/** Renew the marked parts from the fetched page; what has the focus gets it back.
 * @param {Document} page */
function replaceParts(page) {
  if (!page.getElementById("results")) throw new Error("not a page of results");
  const focused = document.activeElement?.id;
  for (const part of page.querySelectorAll("[data-fresh]")) {
    document.getElementById(part.id)?.replaceWith(part);
  }
  document.title = page.title;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function isWide() {
  return matchMedia("(min-width: 64rem)").matches;
}

customElements.define("cv-live-search", LiveSearch);
