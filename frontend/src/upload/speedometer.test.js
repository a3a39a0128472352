import assert from "node:assert/strict";
import { test } from "node:test";
import { Speedometer } from "./speedometer.js";

test("nobody knows the speed of the first second", () => {
  const meter = new Speedometer();
  assert.equal(meter.speed, 0);
  meter.mark(0, 0);
  meter.mark(500, 0.5);
  assert.equal(meter.speed, 0);
});

test("the speed is that of the last ten seconds", () => {
  const meter = new Speedometer();
  for (let second = 0; second <= 20; second += 1) meter.mark(1000 * second, second);
  for (let second = 21; second <= 40; second += 1) meter.mark(20_000 + 50 * (second - 20), second);
  assert.equal(Math.round(meter.speed), 50);
});

test("bytes that have to be sent again are not taken for a speed", () => {
  const meter = new Speedometer();
  meter.mark(0, 0);
  meter.mark(9000, 3);
  meter.mark(4000, 4);
  assert.equal(meter.speed, 0);
  meter.mark(6000, 6);
  assert.equal(meter.speed, 1000);
});

test("after a pause it begins anew", () => {
  const meter = new Speedometer();
  meter.mark(0, 0);
  meter.mark(1000, 1);
  meter.stop();
  assert.equal(meter.speed, 0);
});
