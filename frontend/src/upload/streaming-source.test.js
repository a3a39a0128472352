import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { StreamingSource } from "./streaming-source.js";

const LEAST = 256 * 1024;

/** Bytes that grow when a test says so. */
function growingBytes() {
  const all = { size: 0, ended: false, grown: () => {} };
  const stream = new StreamingSource({
    size: () => all.size,
    ended: () => all.ended,
    read: async (start, end) =>
      new Blob([new Uint8Array(Math.max(0, Math.min(end, all.size) - start))]),
    watch: (grown) => {
      all.grown = grown;
    },
  });
  const grow = (bytes) => {
    all.size += bytes;
    all.grown();
  };
  const end = () => {
    all.ended = true;
    all.grown();
  };
  return { stream, grow, end };
}

/** Whether a promise has an answer by now. */
async function isSettled(promise) {
  const pending = Symbol("pending");
  return (
    (await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, pending))])) !==
    pending
  );
}

test("what is asked for before it is there is waited for", async () => {
  const { stream, grow } = growingBytes();
  const slice = stream.slice(0, 10 * LEAST);
  assert.equal(await isSettled(slice), false);
  grow(LEAST);
  const { value, done } = await slice;
  assert.deepEqual([value.size, done], [LEAST, false]);
});

test("a few bytes are no request of their own while more may come", async () => {
  const { stream, grow } = growingBytes();
  const slice = stream.slice(0, 10 * LEAST);
  grow(LEAST - 1);
  assert.equal(await isSettled(slice), false);
  grow(1);
  assert.equal((await slice).value.size, LEAST);
});

test("after two seconds what is there goes, however little it is", async (context) => {
  let now = 0;
  context.mock.method(performance, "now", () => now);
  const { stream, grow } = growingBytes();
  const slice = stream.slice(0, 10 * LEAST);
  grow(1);
  assert.equal(await isSettled(slice), false);
  now = 2000;
  grow(1);
  assert.equal((await slice).value.size, 2);
});

test("the last bytes go at once, and say that they are the last", async () => {
  const { stream, grow, end } = growingBytes();
  grow(3);
  const slice = stream.slice(0, 10 * LEAST);
  end();
  const { value, done } = await slice;
  assert.deepEqual([value.size, done], [3, true]);
});

test("no more is handed out than was asked for", async () => {
  const { stream, grow, end } = growingBytes();
  grow(2 * LEAST);
  end();
  const { value, done } = await stream.slice(0, LEAST);
  assert.deepEqual([value.size, done], [LEAST, false]);
});

test("an answer nobody waits for any more never comes", async () => {
  const { stream, grow } = growingBytes();
  const slice = stream.slice(0, LEAST);
  stream.cancel();
  grow(LEAST);
  assert.equal(await isSettled(slice), false);
});

test("bytes that were written and cannot be read are not passed over in silence", async () => {
  const stream = new StreamingSource({
    size: () => LEAST,
    ended: () => true,
    read: async () => new Blob(),
    watch: mock.fn(),
  });
  await assert.rejects(stream.slice(0, LEAST), TypeError);
});
