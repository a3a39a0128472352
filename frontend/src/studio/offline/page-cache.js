// Pages that open without a network. Each is a cache of its own, with everything it is made of, so
// that a page and its scripts are always of the same day, and go together.

const PREFIX = "studio ";
const OFFLINE = "/studio/offline";
const TITLE = "/title";
const STUDIO = /^\/studio\/(check|films\/[^/]+|chapters\/[^/]+(\/recording)?)$/;
/** Where one can do something without a network. */
const USEFUL = /\/(check|recording)$/;
const BUILT = "/static/build/";
/** Pages differ by their reader's log-in and language; what is kept is the reader's own. */
const AS_KEPT = { ignoreVary: true };

/** @param {string} path */
const nameOf = (path) => `${PREFIX}${path}`;

export async function cacheOfflinePage() {
  const answer = await fetch(OFFLINE);
  const text = await answer.clone().text();
  const files = [...text.matchAll(/(?:href|src)="(\/static\/build\/[^"]+)"/g)].map(
    ([, file]) => file,
  );
  const cache = await caches.open(nameOf(OFFLINE));
  await cache.put(OFFLINE, answer);
  await cache.addAll(files);
}

/**
 * A page was opened, and says what it is made of, and which others are made of the same.
 * @param {{pages: {path: string, title: string}[], files: string[]}} opened
 */
export async function cachePages({ pages, files }) {
  for (const page of pages) await cachePage({ ...page, files });
}

/** @param {{path: string, title: string, files: string[]}} page */
async function cachePage({ path, title, files }) {
  if (!STUDIO.test(path)) return;
  const cache = await caches.open(nameOf(path));
  if (!(await cache.match(path, AS_KEPT))) {
    const answer = await fetch(path, { redirect: "manual" });
    if (!answer.ok) return;
    await cache.put(path, answer);
  }
  await cache.put(TITLE, new Response(title));
  const wanted = new Set(files);
  const kept = new Set();
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    kept.add(pathname);
    if (pathname.startsWith(BUILT) && !wanted.has(pathname)) await cache.delete(url);
  }
  await cache.addAll(files.filter((file) => !kept.has(file)));
}

/** Nobody's any more. The way out of being offline stays. */
export async function clearPages() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== nameOf(OFFLINE)) await caches.delete(name);
  }
}

/**
 * The pages on which one can film without a network.
 * @returns {Promise<{path: string, title: string}[]>}
 */
export async function cachedPages() {
  const pages = [];
  for (const name of await caches.keys()) {
    const path = name.slice(PREFIX.length);
    if (!name.startsWith(PREFIX) || !USEFUL.test(path)) continue;
    const title = await (await caches.open(name)).match(TITLE);
    if (title) pages.push({ path, title: await title.text() });
  }
  return pages;
}

/**
 * What the worker answers with; undefined for what is none of its business.
 * @param {Request} request
 * @param {string} path
 * @returns {Promise<Response> | undefined}
 */
export function answerFor(request, path) {
  if (path.startsWith(BUILT)) return builtFile(request);
  if (request.mode === "navigate") return page(request, path);
  return undefined;
}

/** @param {Request} request */
async function builtFile(request) {
  return (await caches.match(request, AS_KEPT)) ?? fetch(request);
}

/**
 * @param {Request} request
 * @param {string} path
 */
async function page(request, path) {
  try {
    const answer = await fetch(request);
    if (STUDIO.test(path)) await renew(path, answer);
    return answer;
  } catch (error) {
    const kept = (await caches.match(path, AS_KEPT)) ?? (await caches.match(OFFLINE, AS_KEPT));
    if (kept) return kept;
    throw error;
  }
}

/**
 * @param {string} path
 * @param {Response} answer
 */
async function renew(path, answer) {
  if (answer.ok) return (await caches.open(nameOf(path))).put(path, answer.clone());
  if (answer.status < 500) await caches.delete(nameOf(path)); // gone, or no longer this person's
}
