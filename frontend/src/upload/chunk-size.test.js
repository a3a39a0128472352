import assert from "node:assert/strict";
import { test } from "node:test";
import { ChunkSize, LARGEST, SMALLEST } from "./chunk-size.js";

test("the first part is small", () => {
  assert.equal(new ChunkSize().bytes, SMALLEST);
});

test("a part takes about three seconds", () => {
  const chunk = new ChunkSize();
  for (let part = 0; part < 10; part += 1) chunk.succeeded(chunk.bytes, chunk.bytes / 1_000_000);
  assert.ok(Math.abs(chunk.bytes - 3_000_000) <= SMALLEST / 2);
});

test("one quick request makes the next part four times as large at most", () => {
  const chunk = new ChunkSize();
  chunk.succeeded(SMALLEST, 0);
  assert.equal(chunk.bytes, 4 * SMALLEST);
});

test("a part that breaks halves the next one", () => {
  const chunk = new ChunkSize();
  chunk.succeeded(4 * SMALLEST, 1);
  chunk.failed();
  assert.equal(chunk.bytes, 2 * SMALLEST);
});

test("no part is smaller or larger than the server likes", () => {
  const chunk = new ChunkSize();
  chunk.failed();
  assert.equal(chunk.bytes, SMALLEST);
  for (let part = 0; part < 10; part += 1) chunk.succeeded(LARGEST, 0.001);
  assert.equal(chunk.bytes, LARGEST);
});
