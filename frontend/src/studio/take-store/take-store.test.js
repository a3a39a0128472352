import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openMemoryBlobs } from "./memory-blobs.js";
import { TakeStore } from "./take-store.js";

const ABOUT = { owner: "ada", film: "f", chapter: "hello", mime: "video/webm", from: "camera" };

/** @type {TakeStore} */
let store;
beforeEach(() => {
  store = new TakeStore("memory", openMemoryBlobs());
});

test("a take grows piece by piece, and is one file in the end", async () => {
  const take = await store.begin(ABOUT);
  await store.append(take, new Blob(["ab"]), 500);
  await store.append(take, new Blob(["cde"]), 1000);
  await store.end(take);
  assert.deepEqual([take.size, take.ms, take.ended], [5, 1000, true]);
  const whole = await store.whole(take);
  assert.equal(whole.type, "video/webm");
  assert.equal(await whole.text(), "abcde");
});

test("nobody is shown the takes of somebody else", async () => {
  const own = await store.begin(ABOUT);
  await store.begin({ ...ABOUT, owner: "bob" });
  assert.deepEqual(await store.of("ada"), [own]);
});

test("takes are in the order in which they were begun", async () => {
  const [late, early] = [await store.begin(ABOUT), await store.begin(ABOUT)];
  early.begunAt = late.begunAt - 1;
  assert.deepEqual(await store.of("ada"), [early, late]);
});

test("every change is told", async () => {
  let changes = 0;
  store.addEventListener("change", () => {
    changes += 1;
  });
  const take = await store.begin(ABOUT);
  await store.change(take, { sent: true });
  await store.remove(take);
  assert.equal(changes, 2);
  assert.deepEqual(await store.of("ada"), []);
});

test("of many changes in a row the last one is kept", async () => {
  const take = await store.begin(ABOUT);
  const first = store.changeOften(take, { cut: { startMs: 1, endMs: 9 } });
  store.changeOften(take, { cut: { startMs: 2, endMs: 9 } });
  await first;
  assert.equal((await store.of("ada"))[0].cut.startMs, 2);
});

test("what is in memory goes with the window", () => {
  assert.equal(store.keeps, false);
});
