import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { RetryBackoff } from "./retry-backoff.js";

/** Counts how often it was called. */
let calls = 0;
const action = () => {
  calls += 1;
};
let now = 0;

beforeEach((context) => {
  calls = 0;
  now = 100_000;
  context.mock?.reset?.();
  mock.reset();
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(Math, "random", () => 1); // the longest of what chance allows
  mock.method(performance, "now", () => now);
});

/** @param {number} ms */
function pass(ms) {
  now += ms;
  mock.timers.tick(ms);
}

test("each try in a row waits twice as long", () => {
  const backoff = new RetryBackoff();
  for (const wait of [1000, 2000, 4000]) {
    backoff.schedule(action);
    const before = calls;
    pass(wait - 1);
    assert.equal(calls, before);
    pass(1);
    assert.equal(calls, before + 1);
  }
});

test("no try waits longer than half a minute, however many there were", () => {
  const backoff = new RetryBackoff();
  for (let tries = 0; tries < 40; tries += 1) backoff.schedule(action);
  pass(30_000);
  assert.equal(calls, 1);
});

test("chance takes a quarter of the wait away at most", () => {
  mock.method(Math, "random", () => 0);
  new RetryBackoff().schedule(action);
  pass(749);
  assert.equal(calls, 0);
  pass(1);
  assert.equal(calls, 1);
});

test("after something worked the next try is soon again", () => {
  const backoff = new RetryBackoff();
  for (let tries = 0; tries < 5; tries += 1) backoff.schedule(action);
  backoff.reset();
  backoff.schedule(action);
  pass(1000);
  assert.equal(calls, 1);
});

test("what waits is done now when somebody asks, and once", () => {
  const backoff = new RetryBackoff();
  backoff.schedule(action);
  backoff.runNow();
  assert.equal(calls, 1);
  backoff.runNow();
  pass(60_000);
  assert.equal(calls, 1);
});

test("a request that broke just now is given a second to settle", () => {
  const backoff = new RetryBackoff();
  backoff.noteFailure();
  backoff.schedule(action);
  backoff.runNow();
  assert.equal(calls, 0);
  pass(1000);
  assert.equal(calls, 1);
});

test("what was called off is not done", () => {
  const backoff = new RetryBackoff();
  backoff.schedule(action);
  backoff.cancel();
  pass(60_000);
  assert.equal(calls, 0);
});

test("nothing is tried before the time the server asked for", () => {
  new RetryBackoff().schedule(action, 10_000);
  pass(9999);
  assert.equal(calls, 0);
  pass(1);
  assert.equal(calls, 1);
});
