// Keeps a page like the server would show it now, without a reload: a few bytes are asked for
// again and again, and only when they say that something is different, the page itself. Regions
// that did not change are not touched, so nothing loses focus, plays again or is read out twice.

import { pageElement } from "../components/page-element.js";
import { fetchPage } from "../page/http.js";
import { pollDelay } from "./poll-delay.js";

const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });

export class LivePage extends pageElement({
  inputs: { live: String, version: String, moving: (text) => text === "true" },
}) {
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  start() {
    this.on(document, "cvtube:changed", () => this.#ask());
    this.on(document, "visibilitychange", () => {
      if (document.visibilityState === "visible") this.#ask();
    });
    this.#askLater();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  async #ask() {
    clearTimeout(this.#timer);
    try {
      const answer = await fetch(this.inputs.live, {
        headers: { Accept: "application/json" },
        cache: "no-cache", // the browser keeps the last answer and asks whether it still holds
      });
      if ([401, 404].includes(answer.status)) return;
      if (!answer.ok) throw new Error(String(answer.status));
      await this.#apply(await answer.json());
      this.#failures = 0;
    } catch {
      this.#failures += 1;
    }
    this.#askLater();
  }

  #askLater() {
    const hidden = document.visibilityState === "hidden";
    const delay = pollDelay({ moving: this.inputs.moving, hidden, failures: this.#failures });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), delay);
  }

  /**
   * @param {{version: string, percent: number | null, moving: boolean,
   *   parts?: Record<string, number>}} pulse
   */
  async #apply(pulse) {
    if (pulse.version !== this.inputs.version) {
      exchange(this, await fetchPage(location.pathname));
      this.dataset.version = pulse.version;
      this.dataset.moving = String(pulse.moving);
    }
    for (const words of this.all("percentOf")) {
      const part = pulse.parts?.[words.dataset.percentOf ?? ""];
      if (part) words.textContent = percent.format(part / 100);
    }
    if (pulse.percent === null) return;
    for (const bar of this.querySelectorAll("progress[data-percent]")) {
      /** @type {HTMLProgressElement} */ (bar).value = pulse.percent;
    }
    for (const words of this.all("percentWords")) {
      words.textContent = percent.format(pulse.percent / 100);
    }
  }
}

/**
 * @param {HTMLElement} page
 * @param {Document} now
 */
function exchange(page, now) {
  const scripts = now.querySelectorAll("script[src]");
  for (const region of page.querySelectorAll("[data-region]")) {
    const name = region.getAttribute("data-region");
    const other = now.querySelector(`[data-region="${name}"]`);
    // A panel that is sending holds a file no new one would have.
    if (!other || region.querySelector("[data-active]")) continue;
    // A film somebody is watching finds out by itself what has become of it.
    if (region.querySelector("[data-begun]") && other.querySelector("[data-player]")) continue;
    if (region.innerHTML === other.innerHTML) continue;
    const focused = region.contains(document.activeElement);
    region.replaceChildren(...other.childNodes);
    if (focused) focusOn(region);
  }
  for (const script of scripts) addScript(script);
}

/** @param {Element} region */
function focusOn(region) {
  region.setAttribute("tabindex", "-1");
  /** @type {HTMLElement} */ (region).focus();
}

/**
 * Scripts the page has only come to need.
 * @param {Element} wanted
 */
function addScript(wanted) {
  const address = wanted.getAttribute("src") ?? "";
  if (document.head.querySelector(`script[src="${CSS.escape(address)}"]`)) return;
  const script = document.createElement("script");
  script.type = "module";
  script.src = address;
  document.head.append(script);
}

customElements.define("cv-live", LivePage);
