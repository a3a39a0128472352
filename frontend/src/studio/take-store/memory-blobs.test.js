import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryBlobs } from "./memory-blobs.js";

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text).buffer;

test("pieces are put one after the other, and any part of them is read", async () => {
  const blobs = openMemoryBlobs();
  assert.equal(await blobs.append("a", bytes("abc")), 3);
  assert.equal(await blobs.append("a", bytes("de")), 5);
  assert.equal(await blobs.size("a"), 5);
  assert.equal(await (await blobs.read("a", 1, 4)).text(), "bcd");
});

test("what was removed, or never there, is empty", async () => {
  const blobs = openMemoryBlobs();
  await blobs.append("a", bytes("abc"));
  await blobs.remove("a");
  assert.equal(await blobs.size("a"), 0);
  assert.equal((await blobs.read("b", 0, 9)).size, 0);
});
