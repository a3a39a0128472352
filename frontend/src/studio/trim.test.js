import assert from "node:assert/strict";
import { test } from "node:test";
import { clampEnd, clampStart, isSame, snapToEnd } from "./trim.js";

const LENGTH_MS = 8000;

test("an end that is moved leaves the other where it is", () => {
  assert.deepEqual(clampStart({ startMs: 500, endMs: 8000 }, LENGTH_MS), {
    startMs: 500,
    endMs: 8000,
  });
  assert.deepEqual(clampEnd({ startMs: 500, endMs: 6000 }, LENGTH_MS), {
    startMs: 500,
    endMs: 6000,
  });
});

test("one second is left at least", () => {
  assert.equal(clampStart({ startMs: 5900, endMs: 6000 }, LENGTH_MS).startMs, 5000);
  assert.equal(clampEnd({ startMs: 5000, endMs: 5100 }, LENGTH_MS).endMs, 6000);
});

test("a take shorter than that stays whole", () => {
  assert.equal(clampStart({ startMs: 300, endMs: 700 }, 700).startMs, 0);
  assert.equal(clampEnd({ startMs: 0, endMs: 300 }, 700).endMs, 700);
});

test("the last step of the handle means the end, which it may not reach", () => {
  assert.equal(snapToEnd(7900, 100, 7950), 7950);
  assert.equal(snapToEnd(7800, 100, 7950), 7800);
});

test("trims are the same when both ends are", () => {
  assert.ok(isSame({ startMs: 0, endMs: 5 }, { startMs: 0, endMs: 5 }));
  assert.ok(!isSame({ startMs: 0, endMs: 5 }, { startMs: 1, endMs: 5 }));
  assert.ok(!isSame({ startMs: 0, endMs: 5 }, null));
  assert.ok(isSame(null, undefined));
});
