import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Countdown } from "./countdown.js";

const box = { textContent: "" };

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("three, two, one, and then it begins", () => {
  const begin = mock.fn();
  new Countdown(box).start(begin);
  for (const number of ["3", "2", "1"]) {
    assert.equal(box.textContent, number);
    assert.equal(begin.mock.callCount(), 0);
    mock.timers.tick(1000);
  }
  assert.equal(begin.mock.callCount(), 1);
  assert.equal(box.textContent, "");
});

test("it can be called off until the end", () => {
  const begin = mock.fn();
  const countdown = new Countdown(box);
  countdown.start(begin);
  mock.timers.tick(2999);
  countdown.cancel();
  mock.timers.tick(10_000);
  assert.equal(begin.mock.callCount(), 0);
});
