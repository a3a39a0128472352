// The page one sees without a network: which parts can be filmed all the same.

import { pageElement } from "../../components/page-element.js";
import { cachedPages } from "./page-cache.js";

export class CachedPages extends pageElement({
  parts: { some: HTMLElement, cachedPages: HTMLUListElement },
}) {
  async start() {
    const { some, cachedPages: list } = this.parts;
    // The network may come back, or only flicker, while somebody is on the way to a part already.
    let leaving = false;
    this.on(window, "beforeunload", () => {
      leaving = true;
    });
    this.on(window, "online", () => {
      if (!leaving) location.reload();
    });
    for (const { path, title } of await cachedPages()) list.append(item(path, title));
    some.hidden = list.childElementCount === 0;
  }
}

/**
 * @param {string} path
 * @param {string} title
 */
function item(path, title) {
  const link = document.createElement("a");
  link.href = path;
  link.className = "button";
  link.textContent = title;
  const line = document.createElement("li");
  line.append(link);
  return line;
}

customElements.define("cv-cached-pages", CachedPages);
