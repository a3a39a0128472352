import assert from "node:assert/strict";
import { test } from "node:test";
import { NoiseCheck } from "./noise-check.js";

/**
 * What is said last of these levels, five a second.
 * @param {number[]} levels
 */
function judge(...levels) {
  const check = new NoiseCheck();
  return levels.map((level) => check.judge(level)).at(-1);
}

/** @param {number} level @param {number} looks */
const times = (level, looks) => Array(looks).fill(level);

test("first somebody is asked to speak", () => {
  assert.equal(judge(0), "asked");
  assert.equal(judge(...times(0, 30)), "asked");
});

test("nothing heard for six seconds is said", () => {
  assert.equal(judge(...times(0.1, 31)), "silent");
});

test("one knock is no speech", () => {
  assert.equal(judge(0.9, ...times(0, 20)), "asked");
});

test("after some words one is asked to be quiet", () => {
  assert.equal(judge(...times(0.6, 4), 0.1), "hush");
});

test("a voice well above a quiet room is good", () => {
  assert.equal(judge(...times(0.6, 4), ...times(0.2, 15)), "good");
});

test("a room almost as loud as the voice is noisy", () => {
  assert.equal(judge(...times(0.6, 4), ...times(0.45, 15)), "noisy");
});

test("somebody who goes on speaking is judged by the room between the words", () => {
  assert.equal(judge(...times(0.6, 4), ...times(0.6, 9), ...times(0.1, 6)), "good");
});
