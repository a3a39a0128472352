// Tells the service worker about a page of the studio, so that it opens without a network too, and
// with it the same page of the film's other parts: whoever has no network films all of them.
import { loadUploader } from "../studio/sync-queue.js";
import { trustedScriptUrl } from "../studio/trusted-script.js";

const script = document.querySelector("script[data-worker]")?.getAttribute("data-worker");
if (navigator.serviceWorker && script) keep(script).catch(() => {}); // it works without, too

/** @param {string} address */
async function keep(address) {
  await navigator.serviceWorker.register(/** @type {string} */ (trustedScriptUrl(address)));
  const { active } = await navigator.serviceWorker.ready;
  await loadUploader(); // part of what the page will need
  const files = performance
    .getEntriesByType("resource")
    .map((entry) => new URL(entry.name).pathname)
    .filter((path) => path.startsWith("/static/build/"));
  const title = document.querySelector("h1")?.textContent ?? document.title;
  const others = document.querySelector("[data-offline-too]")?.getAttribute("data-offline-too");
  const pages = [{ path: location.pathname, title }, ...JSON.parse(others ?? "[]")];
  active?.postMessage({ pages, files: [...new Set(files)] });
}
