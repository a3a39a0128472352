import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, fill, formatDuration, formatSize } from "./format.js";

/** Spaces of any width are spaces here. */
const plain = (text) => text.replace(/\s/g, " ");

test("sizes are said in the reader's language, in units of 1024", () => {
  assert.equal(plain(formatSize(512 * 1024, "en")), "512 kB");
  assert.equal(plain(formatSize(1.5 * 1024 ** 2, "en")), "1.5 MB");
  assert.equal(plain(formatSize(1.5 * 1024 ** 2, "fr")), "1,5 Mo");
  assert.equal(plain(formatSize(25 * 1024 ** 2, "fr")), "25 Mo");
  assert.equal(plain(formatSize(3 * 1024 ** 3, "fr")), "3 Go");
  assert.equal(plain(formatSize(5000 * 1024 ** 3, "en")), "5,000 GB");
});

test("times are rounded so that they do not flicker", () => {
  assert.equal(plain(formatDuration(0, "en")), "5 seconds");
  assert.equal(plain(formatDuration(42, "en")), "40 seconds");
  assert.equal(plain(formatDuration(89, "fr")), "90 secondes");
  assert.equal(plain(formatDuration(90, "en")), "2 minutes");
  assert.equal(plain(formatDuration(5400, "en")), "2 hours");
});

test("a clock has minutes and two digits of seconds", () => {
  assert.equal(clock(0), "0:00");
  assert.equal(clock(59_999), "0:59");
  assert.equal(clock(75_000), "1:15");
  assert.equal(clock(600_000), "10:00");
});

test("words are put into the places of a sentence", () => {
  assert.equal(fill("{sent} of {whole}", { sent: "1 MB", whole: "2 MB" }), "1 MB of 2 MB");
  assert.equal(fill("{a} {b}", { a: "{b}" }), "{b} ");
  assert.equal(fill(undefined, {}), "");
});
