import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { bestAudioType, bestVideoType, extensionOf } from "./container.js";

/** @param {(type: string) => boolean} isTypeSupported */
function browser(isTypeSupported) {
  globalThis.MediaRecorder = Object.assign(function MediaRecorder() {}, { isTypeSupported });
}

afterEach(() => {
  delete globalThis.MediaRecorder;
});

test("MP4 comes before WebM where a browser has both", () => {
  browser(() => true);
  assert.match(bestVideoType(), /^video\/mp4;codecs=avc1/);
  assert.match(bestAudioType(), /^audio\/mp4/);
});

test("a browser without MP4 records WebM", () => {
  browser((type) => type.includes("webm"));
  assert.equal(bestVideoType(), "video/webm;codecs=vp8,opus");
  assert.equal(bestAudioType(), "audio/webm;codecs=opus");
});

test("a browser that records nothing has no type", () => {
  assert.equal(bestVideoType(), "");
  browser(() => false);
  assert.equal(bestVideoType(), "");
});

test("a file ends with the name of its container", () => {
  assert.equal(extensionOf("video/mp4;codecs=avc1"), "mp4");
  assert.equal(extensionOf("video/webm"), "webm");
});
