import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { FileUpload } from "./file-upload.js";
import { fingerprint } from "./fingerprint.js";

/** @param {Partial<import("./file-upload.js").Options>} [options] */
function prepared(options = {}) {
  const states = [];
  const on = { state: (state) => states.push(state), progress() {}, film() {}, sent() {} };
  const known = {
    endpoint: "/tus",
    chapter: "",
    maxBytes: 100,
    begun: [],
    expects: "",
    ...options,
  };
  return { upload: new FileUpload({ ...known, token: () => "", renew: mock.fn() }, on), states };
}

test("an empty file is no film", async () => {
  const { upload, states } = prepared();
  await upload.send(new File([], "film.mp4"));
  assert.deepEqual(states, ["looking", "no-film"]);
});

test("a file that is too large is not even begun", async () => {
  const { upload, states } = prepared({ maxBytes: 2 });
  await upload.send(new File(["abc"], "film.mp4"));
  assert.deepEqual(states, ["looking", "too-big"]);
});

test("a file the device does not give away is told", async () => {
  const { upload, states } = prepared();
  const file = new File(["abc"], "film.mp4");
  file.slice = () => {
    throw new DOMException("", "NotReadableError");
  };
  await upload.send(file);
  assert.deepEqual(states, ["looking", "unreadable"]);
});

test("where one upload is to go on, no other file will do", async () => {
  const begun = [
    { url: "/tus/1", film: "/f", fingerprint: await fingerprint(new File(["x"], "a")) },
  ];
  const { upload, states } = prepared({ begun, expects: "/tus/1" });
  await upload.send(new File(["abc"], "film.mp4"));
  assert.deepEqual(states, ["looking", "other-file"]);
});
