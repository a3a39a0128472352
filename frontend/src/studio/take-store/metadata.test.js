import assert from "node:assert/strict";
import { test } from "node:test";
import { blank, fromRow, isRecovered, isTrimUnsynced, isUnsynced } from "./metadata.js";

const CHOICE = { startMs: 0, endMs: 5000 };
const CUT = { startMs: 100, endMs: 5000 };

/** @param {object} known */
const take = (known) => ({ ...blank(), ended: true, ...known });

test("each take has a name of its own, of 32 hexadecimal digits", () => {
  assert.match(blank().id, /^[0-9a-f]{32}$/);
  assert.notEqual(blank().id, blank().id);
});

test("the server is still to hear of a choice or of a take that was thrown away", () => {
  assert.ok(!isUnsynced(take({})));
  assert.ok(isUnsynced(take({ choice: CHOICE })));
  assert.ok(!isUnsynced(take({ choice: CHOICE, settled: true })));
  assert.ok(isUnsynced(take({ unwanted: true })));
});

test("a trim is told by itself only while the take is not chosen", () => {
  assert.ok(isTrimUnsynced(take({ cut: CUT })));
  assert.ok(!isTrimUnsynced(take({ cut: CUT, knownCut: CUT })));
  assert.ok(!isTrimUnsynced(take({ cut: CUT, choice: CHOICE })));
  assert.ok(!isTrimUnsynced(take({})));
});

test("a take whose window died waits for its owner until they decide", () => {
  assert.ok(isRecovered(take({ found: true })));
  assert.ok(!isRecovered(take({ found: true, choice: CHOICE })));
  assert.ok(!isRecovered(take({ found: true, unwanted: true })));
  assert.ok(!isRecovered(take({})));
});

test("rows of an earlier version are understood", () => {
  const {
    take: _take,
    told: _told,
    ...row
  } = fromRow({ ...take({}), clipId: "", take: "c1", told: CUT });
  assert.deepEqual([row.clipId, row.knownCut], ["c1", CUT]);
  assert.equal(fromRow(take({ clipId: "c2" })).clipId, "c2");
});
