import assert from "node:assert/strict";
import { test } from "node:test";
import { pollDelay } from "./poll-delay.js";

const page = { moving: false, hidden: false, failures: 0 };

test("a page on which something moves is looked at each second", () => {
  assert.equal(pollDelay({ ...page, moving: true }), 1000);
});

test("a calm page and a hidden window are looked at less often", () => {
  assert.equal(pollDelay(page), 15_000);
  assert.equal(pollDelay({ ...page, moving: true, hidden: true }), 15_000);
});

test("each failure in a row doubles the wait, up to a minute", () => {
  const waits = [0, 1, 2, 10].map((failures) => pollDelay({ ...page, moving: true, failures }));
  assert.deepEqual(waits, [1000, 2000, 4000, 60_000]);
});
