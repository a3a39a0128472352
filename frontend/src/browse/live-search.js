// Searching without reloading: each change of a filter renews the results and the numbers beside
// the filters. The address follows, so that it can be kept, shared and gone back to.
import { fetchPage } from "../page/http.js";
import { continueWall } from "./wall.js";

const PAUSE_MS = 350; // between two letters of a fast typist

/** @param {HTMLFormElement} form the form with `data-search` */
export function renewResults(form) {
  /** @type {AbortController | null} */
  let asking = null;
  let timer = 0;
  let shown = location.search;
  let isTyped = false; // what the newest step of the history is

  /** @param {{ typed?: boolean }} how typing is one step of the history, however many letters */
  async function renew({ typed = false } = {}) {
    clearTimeout(timer);
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    const address = addressOf(form);
    const results = document.querySelector("#results");
    results?.setAttribute("data-busy", "");
    try {
      const page = await fetchPage(address);
      if (mine.signal.aborted) return;
      replaceParts(page);
      if (address !== location.pathname + location.search) {
        if (typed && isTyped) history.replaceState(null, "", address);
        else history.pushState(null, "", address);
        isTyped = typed;
      }
      shown = location.search;
    } catch {
      if (!mine.signal.aborted) form.submit(); // the plain way says what is wrong
    }
  }

  form.addEventListener("change", (event) => void renew({ typed: isSearch(event.target) }));
  form.addEventListener("input", (event) => {
    if (!isSearch(event.target)) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => void renew({ typed: true }), PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const drawer = form.querySelector("[data-drawer]");
    const closes = event.submitter?.hasAttribute("data-close") && !isWide();
    if (closes && drawer instanceof HTMLDetailsElement) drawer.open = false;
    void renew({ typed: true }).then(
      () => closes && document.querySelector("#results")?.scrollIntoView(),
    );
  });
  // A step in the history that only moved within the page (a skip link) changes nothing here.
  addEventListener("popstate", () => location.search !== shown && location.reload());
  openWhereThereIsRoom(form);
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
  const wall = document.querySelector("[data-wall]");
  if (wall instanceof HTMLElement) continueWall(wall);
}

function isWide() {
  return matchMedia("(min-width: 64rem)").matches;
}

/** Browsers that cannot hold a drawer open by style get it opened.
 * @param {HTMLFormElement} form */
function openWhereThereIsRoom(form) {
  const drawer = form.querySelector("[data-drawer]");
  if (!(drawer instanceof HTMLDetailsElement) || CSS.supports("selector(::details-content)"))
    return;
  drawer.open = isWide();
}
