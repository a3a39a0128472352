import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprint } from "./fingerprint.js";

const MIB = 1024 * 1024;

/**
 * @param {number} size bytes
 * @param {Record<number, number>} [changes] byte by place
 */
function film(size, changes = {}, name = "film.mp4", lastModified = 1) {
  const bytes = new Uint8Array(size);
  for (const [place, byte] of Object.entries(changes)) bytes[Number(place)] = byte;
  return new File([bytes], name, { lastModified });
}

test("a file is known again under another name and date", async () => {
  const mark = await fingerprint(film(5000));
  assert.equal(await fingerprint(film(5000, {}, "copy.mp4", 2)), mark);
});

test("a file that begins or ends differently is another one", async () => {
  const mark = await fingerprint(film(3 * MIB));
  assert.notEqual(await fingerprint(film(3 * MIB, { 0: 1 })), mark);
  assert.notEqual(await fingerprint(film(3 * MIB, { [3 * MIB - 1]: 1 })), mark);
});

test("a file of another size is another one", async () => {
  assert.notEqual(await fingerprint(film(5000)), await fingerprint(film(5001)));
});

test("only both ends are read, however large the file is", async () => {
  const file = film(4 * MIB);
  let read = 0;
  const slice = file.slice.bind(file);
  file.slice = (start, end) => {
    const part = slice(start, end);
    read += part.size;
    return part;
  };
  await fingerprint(file);
  assert.equal(read, 2 * MIB);
});

test("without HTTPS, size and date have to do", async () => {
  const secure = Object.getOwnPropertyDescriptor(globalThis, "crypto") ?? {};
  Object.defineProperty(globalThis, "crypto", { configurable: true, value: undefined });
  try {
    assert.equal(await fingerprint(film(5000, {}, "a", 7)), "size-5000-7");
  } finally {
    Object.defineProperty(globalThis, "crypto", secure);
  }
});
