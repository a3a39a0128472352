// The service worker: lets the studio's own pages open without a network, once they were visited.
//
// It keeps pages and the scripts, styles and letters they are made of. It never touches a film, a
// picture or anything that is sent, and forgets every page when somebody logs in or out: many
// computers are shared.
import { answerFor, forgetPages, keepOffline, keepPage } from "../studio/shell/pages.js";

const worker = /** @type {any} */ (self);
const PEOPLE_CHANGE = new Set(["/login", "/logout", "/signup", "/account/deletion"]);

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(keepOffline().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener("message", (/** @type {any} */ event) => {
  event.waitUntil(keepPage(event.data));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin) return;
  if (method === "POST" && PEOPLE_CHANGE.has(pathname)) event.waitUntil(forgetPages());
  const answer = method === "GET" && answerFor(event.request, pathname);
  if (answer) event.respondWith(answer);
});
