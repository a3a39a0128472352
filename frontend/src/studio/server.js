// What the server is told and asked about a take, beside its bytes.

/** @typedef {import("./shelf/notes.js").Note} Note */

/** @param {Note} note */
export const metadataOf = (note) => ({
  filename: `${note.from}.${note.mime.includes("mp4") ? "mp4" : "webm"}`,
  filetype: note.mime,
  fingerprint: note.id,
  chapter: note.chapter,
  take: "1",
});

/**
 * What the server has of the chapter's takes.
 * @param {string} chapter
 * @returns {Promise<{id: string, fingerprint: string, upload: string | null, chosen: boolean}[]>}
 */
async function takesOf(chapter) {
  const answer = await fetch(`/studio/chapters/${chapter}/takes`, {
    headers: { Accept: "application/json" },
    cache: "no-store",
  });
  if (answer.status === 404) return []; // the upload itself will say why
  if (!answer.ok) throw new TypeError(String(answer.status));
  return (await answer.json()).takes;
}

/**
 * The address of an upload that was begun before its address could be kept; else empty.
 * @param {Note} note
 */
export async function findUpload(note) {
  const known = (await takesOf(note.chapter)).find((take) => take.fingerprint === note.id);
  return known?.upload ?? "";
}

/**
 * Put the take into the film.
 * @param {Note} note
 * @param {string} token
 */
export async function choose(note, token) {
  const take = (await takesOf(note.chapter)).find((one) => one.fingerprint === note.id);
  if (!take) return new Response(null, { status: 404 });
  return fetch(`/studio/takes/${take.id}/choice`, {
    method: "POST",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": token,
    },
    body: JSON.stringify({
      start_ms: note.choice?.startMs ?? 0,
      end_ms: note.choice?.endMs ?? null,
    }),
  });
}
