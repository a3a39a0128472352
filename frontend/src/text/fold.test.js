import assert from "node:assert/strict";
import { test } from "node:test";
import { findFolded } from "./fold.js";

/** @param {string} text @param {string} wanted */
function found(text, wanted) {
  const place = findFolded(text, wanted);
  return place && text.slice(...place);
}

test("neither case nor accents matter", () => {
  assert.equal(found("Je suis né à Évry.", "evry"), "Évry");
  assert.equal(found("Je suis ne a Evry.", "ÉVRY"), "Evry");
});

test("the place is that in the text, whatever stands before it", () => {
  assert.equal(found("Ça, là-bas, où?", "ou"), "où");
});

test("what is not there is not found, and nothing is nowhere", () => {
  assert.equal(found("Bonjour", "salut"), null);
  assert.equal(found("Bonjour", ""), null);
});
