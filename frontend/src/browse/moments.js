// Lists of moments beside a film (its parts, what is said): the one that is playing is marked and
// kept in view, and choosing one goes there without loading the page again.

import { pageElement } from "../components/page-element.js";
import { whenFilmIsReady } from "../player/film-ready.js";

export class Moments extends pageElement({ parts: { moments: HTMLElement } }) {
  async start() {
    follow(this.parts.moments, await whenFilmIsReady());
  }
}

/** @param {HTMLElement} list @param {HTMLMediaElement} film */
function follow(list, film) {
  const moments = [...list.querySelectorAll("a")].map((link) => ({
    link,
    start: Number(link.dataset.start) / 1000,
    end: Number(link.dataset.end) / 1000,
  }));

  list.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const moment = moments.find((one) => one.link === link);
    if (!moment || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    film.currentTime = moment.start;
    void film.play();
  });

  /** @type {HTMLAnchorElement | undefined} */
  let marked;
  film.addEventListener("timeupdate", () => {
    const now = film.currentTime;
    const current = moments.find((one) => one.start <= now && now < one.end)?.link;
    if (current === marked) return;
    marked?.removeAttribute("aria-current");
    current?.setAttribute("aria-current", "true");
    marked = current;
    if (current && !list.matches(":hover, :focus-within")) bringIntoView(list, current);
  });
}

/** Within the list alone: the page itself must not move under the reader.
 * @param {HTMLElement} list @param {HTMLElement} item */
function bringIntoView(list, item) {
  if (list.scrollHeight <= list.clientHeight) return;
  const place = item.getBoundingClientRect().top - list.getBoundingClientRect().top;
  list.scrollTo({ top: list.scrollTop + place - list.clientHeight / 3, behavior: "smooth" });
}

customElements.define("cv-moments", Moments);
