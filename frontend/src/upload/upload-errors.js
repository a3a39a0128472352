// What an answer that is no success means for the one who waits.

/**
 * @typedef {object} UploadError
 * @property {"lost" | "again" | "login" | "token" | "full" | "gone" | "final" | "unreadable"} kind
 * @property {string} [code] the server's name for it
 * @property {string} [sentence] the server's own words, in the page's language
 * @property {number} [waitMs]
 */

// Refusals for being too quick: what was sent is there, and the rest may come in a moment.
const PASSING = new Set(["too_many_requests", "pieces_too_small"]);

/**
 * @param {Error | import("tus-js-client").DetailedError} error
 * @returns {UploadError}
 */
export function classifyError(error) {
  if (!("originalRequest" in error) || !error.originalRequest) return { kind: "unreadable" };
  const answer = error.originalResponse;
  const status = answer?.getStatus() ?? 0;
  if (!answer || status === 0) return { kind: "lost" };
  const { code, title } = parseProblem(answer.getBody());
  if (status === 401) return { kind: "login" };
  if (code === "form_expired") return { kind: "token" };
  // The bytes are somewhere else than we thought, or came damaged: ask, and go on from there.
  if ([409, 423, 460].includes(status) || code === "body_broken") return { kind: "again" };
  if (status === 404 || status === 410) return { kind: "gone", code };
  if (status === 507) return { kind: "full" };
  if (status === 429 && PASSING.has(code ?? "")) return { kind: "lost", waitMs: 10_000 };
  if (status >= 500) return { kind: "lost" };
  return { kind: "final", code, sentence: title };
}

/**
 * The problem an answer tells of (RFC 9457), if it does.
 * @param {string} body
 * @returns {{code?: string, title?: string}}
 */
function parseProblem(body) {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}
