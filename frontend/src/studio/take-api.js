// What the server is told and asked about a take, beside its bytes.

import { ending } from "./container.js";

/** @typedef {import("./take-store/metadata.js").Note} Note */

/** @param {Note} note */
export const metadataOf = (note) => ({
  filename: `${note.from}.${ending(note.mime)}`,
  filetype: note.mime,
  fingerprint: note.id,
  chapter: note.chapter,
  take: "1",
});

/**
 * The address of an upload that was begun before its address could be kept; else empty.
 * @param {Note} note
 * @returns {Promise<string>}
 */
export async function findUpload(note) {
  const answer = await fetch("/my-films/begun", {
    headers: { Accept: "application/json" },
    cache: "no-store",
  });
  if (answer.status === 401) return ""; // the upload itself will ask for a log-in
  if (!answer.ok) throw new TypeError(String(answer.status));
  /** @type {{fingerprint: string, url: string}[]} */
  const uploads = (await answer.json()).uploads;
  return uploads.find((upload) => upload.fingerprint === note.id)?.url ?? "";
}

/**
 * Put the take into the film. Up to its end means: whatever the server finds to be its end.
 * @param {Note} note
 * @param {string} token
 */
export const choose = (note, token) =>
  tell(note, token, { method: "POST", what: "choice", stretch: note.choice });

/**
 * What of the take is wanted, should it be chosen.
 * @param {Note} note
 * @param {string} token
 */
export const cut = (note, token) =>
  tell(note, token, { method: "PUT", what: "trim", stretch: note.cut });

/**
 * @param {Note} note
 * @param {string} token
 * @param {{method: string, what: string, stretch?: import("./take-store/metadata.js").Choice | null}} said
 */
function tell(note, token, { method, what, stretch }) {
  const { startMs = 0, endMs = note.ms } = stretch ?? {};
  return fetch(`/studio/takes/${note.take}/${what}`, {
    method,
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": token,
    },
    body: JSON.stringify({ start_ms: startMs, end_ms: endMs >= note.ms ? null : endMs }),
  });
}

/**
 * Throw the take away.
 * @param {Note} note
 * @param {string} token
 */
export const discard = (note, token) =>
  fetch(`/studio/takes/${note.take}`, {
    method: "DELETE",
    headers: { Accept: "application/json", "X-CSRFToken": token },
  });
