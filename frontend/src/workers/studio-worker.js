// The service worker: lets the studio's own pages open without a network, once they were visited.
//
// It keeps pages and the scripts, styles and letters they are made of. It never touches a film, a
// picture or anything that is sent. When somebody logs in or out, or the log-in has ended by
// itself, it forgets every page, and the takes the server has: many computers are shared.

import {
  answerFor,
  cacheOfflinePage,
  cachePages,
  clearPages,
} from "../studio/offline/page-cache.js";
import { forgetSent } from "../studio/take-store/forget-sent.js";

const worker = /** @type {any} */ (self);
/** Whatever logs somebody in or out. */
const PEOPLE_CHANGE =
  /^\/(login|logout|card|account\/deletion|(phone|confirm|new-password)\/[^/]+)$/;

/** Pages that nobody sees who is logged in: they are led on. */
const DOORS = new Set(["/login", "/card"]);

const forgetEverything = () => Promise.allSettled([clearPages(), forgetSent()]);

/**
 * The log-in has ended by itself: pages of whoever was here before are nobody's any more.
 * @param {Response} page
 * @param {string} pathname
 */
async function forgetIfNobodysIn({ ok, url }, pathname) {
  const cameFromTheSite = new URL(url || location.href).pathname === pathname;
  if (ok && cameFromTheSite) await forgetEverything();
}

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(cacheOfflinePage().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener("message", (/** @type {any} */ event) => {
  event.waitUntil(cachePages(event.data));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin) return;
  if (method === "POST" && PEOPLE_CHANGE.test(pathname)) {
    event.waitUntil(forgetEverything());
  }
  const answer = method === "GET" && answerFor(event.request, pathname);
  if (!answer) return;
  event.respondWith(answer);
  if (DOORS.has(pathname))
    event.waitUntil(answer.then((page) => forgetIfNobodysIn(page, pathname)));
});
