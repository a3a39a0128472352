import assert from "node:assert/strict";
import { test } from "node:test";
import { LoggedOut, SessionToken, SomebodyElse } from "./session-token.js";

/**
 * @param {import("node:test").TestContext} context
 * @param {number} status
 * @param {object} [body]
 */
function answers(context, status, body = {}) {
  context.mock.method(globalThis, "fetch", async () => Response.json(body, { status }));
  return new SessionToken("/who", "ada", "old");
}

test("a token is renewed for its owner", async (context) => {
  const session = answers(context, 200, { person: "ada", token: "new" });
  await session.renew();
  assert.equal(session.token, "new");
});

test("nobody is logged in", async (context) => {
  await assert.rejects(answers(context, 401).renew(), LoggedOut);
});

test("somebody else is logged in: the old token stays", async (context) => {
  const session = answers(context, 200, { person: "bob", token: "bob's" });
  await assert.rejects(session.renew(), SomebodyElse);
  assert.deepEqual([session.token, session.elsewhose], ["old", true]);
});

test("a server that fails says nothing about who is there", async (context) => {
  await assert.rejects(answers(context, 503).renew(), TypeError);
});
