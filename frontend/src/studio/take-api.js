// What the server is told and asked about a take, beside its bytes.

import { extensionOf } from "./container.js";

/** @typedef {import("./take-store/metadata.js").TakeRecord} TakeRecord */

/** @param {TakeRecord} take */
export const metadataOf = (take) => ({
  filename: `${take.from}.${extensionOf(take.mime)}`,
  filetype: take.mime,
  fingerprint: take.id,
  chapter: take.chapter,
  take: "1",
});

/**
 * The address of an upload that was begun before its address could be kept; else empty.
 * @param {TakeRecord} take
 * @returns {Promise<string>}
 */
export async function findUpload(take) {
  const answer = await fetch("/my-films/begun", {
    headers: { Accept: "application/json" },
    cache: "no-store",
  });
  if (answer.status === 401) return ""; // the upload itself will ask for a log-in
  if (!answer.ok) throw new TypeError(String(answer.status));
  /** @type {{fingerprint: string, url: string}[]} */
  const uploads = (await answer.json()).uploads;
  return uploads.find((upload) => upload.fingerprint === take.id)?.url ?? "";
}

/**
 * Put the take into the film. Up to its end means: whatever the server finds to be its end.
 * @param {TakeRecord} take
 * @param {string} token
 */
export const chooseTake = (take, token) =>
  send(take, token, { method: "POST", what: "choice", stretch: take.choice });

/**
 * What of the take is wanted, should it be chosen.
 * @param {TakeRecord} take
 * @param {string} token
 */
export const trimTake = (take, token) =>
  send(take, token, { method: "PUT", what: "trim", stretch: take.cut });

/**
 * @param {TakeRecord} take
 * @param {string} token
 * @param {{method: string, what: string, stretch?: import("./take-store/metadata.js").Choice | null}} said
 */
function send(take, token, { method, what, stretch }) {
  const { startMs = 0, endMs = take.ms } = stretch ?? {};
  return fetch(`/studio/takes/${take.clipId}/${what}`, {
    method,
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": token,
    },
    body: JSON.stringify({ start_ms: startMs, end_ms: endMs >= take.ms ? null : endMs }),
  });
}

/**
 * Throw the take away.
 * @param {TakeRecord} take
 * @param {string} token
 */
export const discardTake = (take, token) =>
  fetch(`/studio/takes/${take.clipId}`, {
    method: "DELETE",
    headers: { Accept: "application/json", "X-CSRFToken": token },
  });
