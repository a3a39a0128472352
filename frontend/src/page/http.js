// What pages ask the server.

/**
 * The token against forged requests, as a page has it.
 * @param {Document} [page]
 */
export const csrfToken = (page = document) => tokenMeta(page)?.getAttribute("content") ?? "";

/**
 * Take over the token of a newer page.
 * @param {Document} page
 */
export function renewCsrfToken(page) {
  tokenMeta(document)?.setAttribute("content", csrfToken(page));
}

/** @param {Document} page */
const tokenMeta = (page) => page.querySelector("meta[name=csrf-token]");

/**
 * A page of this site as it is now; rejects for whoever may not see it.
 * @param {string} address
 * @returns {Promise<Document>}
 */
export async function fetchPage(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
