import assert from "node:assert/strict";
import { test } from "node:test";
import { isConfirmed } from "./confirm.js";

/** A dialog that is closed in one way or another. @param {string} [answer] */
function dialog(answer) {
  const question = Object.assign(new EventTarget(), {
    returnValue: "yes", // of the last time it was asked
    showModal() {
      if (answer !== undefined) question.returnValue = answer;
      setImmediate(() => question.dispatchEvent(new Event("close")));
    },
  });
  return question;
}

test("only a yes is a yes", async () => {
  assert.equal(await isConfirmed(dialog("yes")), true);
  assert.equal(await isConfirmed(dialog("no")), false);
});

test("closing the question without an answer means no, whatever was said before", async () => {
  assert.equal(await isConfirmed(dialog()), false);
});
