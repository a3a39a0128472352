import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceErrorOf, isQuotaExceeded } from "./device-errors.js";

for (const [name, code] of [
  ["NotAllowedError", "camera_refused"],
  ["NotFoundError", "camera_missing"],
  ["NotReadableError", "camera_busy"],
  ["SomethingNewError", "camera_busy"],
]) {
  test(`a camera's ${name} is told as ${code}`, () => {
    assert.equal(deviceErrorOf("camera", new DOMException("", name)).code, code);
  });
}

test("only a full disk is a full disk", () => {
  assert.ok(isQuotaExceeded(new DOMException("", "QuotaExceededError")));
  assert.ok(!isQuotaExceeded(new DOMException("", "AbortError")));
  assert.ok(!isQuotaExceeded(new Error("QuotaExceededError")));
});
