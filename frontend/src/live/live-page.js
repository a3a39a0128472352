// Keeps a page like the server would show it now, without a reload: a few bytes are asked for
// again and again, and only when they say that something is different, the page itself. Regions
// that did not change are not touched, so nothing loses focus, plays again or is read out twice.

import { fetchPage } from "../page/http.js";
import { pollDelay } from "./poll-delay.js";

const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });

/**
 * @param {Element} element with data-live (the address to ask), data-version and data-moving
 * @param {(region: Element) => void} onNew called for every region that was exchanged
 */
export function keepLive(element, onNew) {
  const page = /** @type {HTMLElement} */ (element);
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function ask() {
    clearTimeout(timer);
    try {
      const answer = await fetch(page.dataset.live ?? "", {
        headers: { Accept: "application/json" },
        cache: "no-cache", // the browser keeps the last answer and asks whether it still holds
      });
      if ([401, 404].includes(answer.status)) return;
      if (!answer.ok) throw new Error(String(answer.status));
      await apply(await answer.json());
      failures = 0;
    } catch {
      failures += 1;
    }
    timer = setTimeout(ask, pause());
  }

  function pause() {
    const hidden = document.visibilityState === "hidden";
    return pollDelay({ moving: page.dataset.moving === "true", hidden, failures });
  }

  /**
   * @param {{version: string, percent: number | null, moving: boolean,
   *   parts?: Record<string, number>}} pulse
   */
  async function apply(pulse) {
    if (pulse.version !== page.dataset.version) {
      exchange(page, await fetchPage(location.pathname), onNew);
      page.dataset.version = pulse.version;
      page.dataset.moving = String(pulse.moving);
    }
    for (const words of page.querySelectorAll("[data-percent-of]")) {
      const part = pulse.parts?.[words.getAttribute("data-percent-of") ?? ""];
      if (part) words.textContent = percent.format(part / 100);
    }
    if (pulse.percent === null) return;
    for (const bar of page.querySelectorAll("progress[data-percent]")) {
      /** @type {HTMLProgressElement} */ (bar).value = pulse.percent;
    }
    for (const words of page.querySelectorAll("[data-percent-words]")) {
      words.textContent = percent.format(pulse.percent / 100);
    }
  }

  document.addEventListener("cvtube:changed", ask);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask();
  });
  timer = setTimeout(ask, pause());
}

/**
 * @param {HTMLElement} page
 * @param {Document} now
 * @param {(region: Element) => void} onNew
 */
function exchange(page, now, onNew) {
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
    onNew(region);
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
