import assert from "node:assert/strict";
import { test } from "node:test";
import { classifyError } from "./upload-errors.js";

/**
 * An error as the upload library gives it.
 * @param {number | null} status
 * @param {object | string} [body]
 */
function answered(status, body = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = status === null ? null : { getStatus: () => status, getBody: () => text };
  return Object.assign(new Error("refused"), { originalRequest: {}, originalResponse: response });
}

for (const [what, status, body, kind] of [
  ["no answer at all", null, {}, "lost"],
  ["an answer that was cut off", 0, {}, "lost"],
  ["a server that fails", 503, {}, "lost"],
  ["too many requests", 429, { code: "too_many_requests" }, "lost"],
  ["too many uploads", 429, { code: "too_many_uploads" }, "final"],
  ["a log-in that ended", 401, {}, "login"],
  ["a token that ended", 400, { code: "form_expired" }, "token"],
  ["bytes for another place", 409, {}, "again"],
  ["bytes that came damaged", 460, {}, "again"],
  ["a body that broke", 400, { code: "body_broken" }, "again"],
  ["an upload that is gone", 410, {}, "gone"],
  ["a full storage", 507, {}, "full"],
  ["a refusal", 422, { code: "not_a_film" }, "final"],
  ["an answer that is no problem document", 400, "<h1>no</h1>", "final"],
]) {
  test(`${what} means "${kind}"`, () => {
    assert.equal(classifyError(answered(status, body)).kind, kind);
  });
}

test("an error without a request means that the file cannot be read", () => {
  assert.deepEqual(classifyError(new Error("NotReadableError")), { kind: "unreadable" });
});

test("a refusal brings the server's own code and sentence", () => {
  const { code, sentence } = classifyError(
    answered(422, { code: "not_a_film", title: "No film." }),
  );
  assert.deepEqual([code, sentence], ["not_a_film", "No film."]);
});

test("whoever was too quick waits ten seconds", () => {
  assert.equal(classifyError(answered(429, { code: "pieces_too_small" })).waitMs, 10_000);
});
