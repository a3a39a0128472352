import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Preferences } from "./preferences.js";

/** What a browser keeps. @type {Map<string, string>} */
let kept;

beforeEach(() => {
  kept = new Map();
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    value: {
      getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    },
  });
});

test("what somebody changed holds on the next page", () => {
  new Preferences().change({ mirror: false, camera: "back" });
  const { mirror, camera, self } = new Preferences();
  assert.deepEqual([mirror, camera, self], [false, "back", true]);
});

test("an override holds for this page alone, until it is changed by hand", () => {
  const preferences = new Preferences();
  preferences.override({ facing: "environment" });
  assert.equal(preferences.facing, "environment");
  assert.equal(new Preferences().facing, "user");
  preferences.change({ facing: "user" });
  assert.equal(preferences.facing, "user");
});

test("a change is told", () => {
  const preferences = new Preferences();
  let told = 0;
  preferences.addEventListener("change", () => {
    told += 1;
  });
  preferences.change({ size: 3 });
  assert.equal(told, 1);
});

test("steps that were kept by something else stay within what there is", () => {
  kept.set("cvtube-studio", JSON.stringify({ speed: 9, size: "x" }));
  const { speed, size } = new Preferences();
  assert.deepEqual([speed, size], [4, 0]);
});

test("a browser that keeps nothing works for this page", () => {
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get: () => {
      throw new DOMException("", "SecurityError");
    },
  });
  const preferences = new Preferences();
  preferences.change({ mirror: false });
  assert.equal(preferences.mirror, false);
});
