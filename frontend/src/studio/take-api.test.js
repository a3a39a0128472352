import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseTake, discardTake, findUpload, metadataOf, trimTake } from "./take-api.js";

const take = {
  id: "f1",
  clipId: "c1",
  chapter: "hello",
  mime: "video/webm;codecs=vp8",
  from: "camera",
  ms: 8000,
  choice: { startMs: 500, endMs: 8000 },
  cut: { startMs: 0, endMs: 6000 },
};

/** @param {import("node:test").TestContext} context @param {Response} answer */
const server = (context, answer = new Response()) =>
  context.mock.method(globalThis, "fetch", async () => answer);

/** @param {ReturnType<typeof server>} fetched */
function asked(fetched) {
  const [address, { method, body, headers }] = fetched.mock.calls[0].arguments;
  return { address, method, body: body && JSON.parse(body), token: headers["X-CSRFToken"] };
}

test("a take is sent as what it is", () => {
  assert.deepEqual(metadataOf(take), {
    filename: "camera.webm",
    filetype: "video/webm;codecs=vp8",
    fingerprint: "f1",
    chapter: "hello",
    take: "1",
  });
});

test("a choice up to the end leaves it to the server to find that", async (context) => {
  const fetched = server(context);
  await chooseTake(take, "t");
  assert.deepEqual(asked(fetched), {
    address: "/studio/takes/c1/choice",
    method: "POST",
    body: { start_ms: 500, end_ms: null },
    token: "t",
  });
});

test("a trim says both of its ends", async (context) => {
  const fetched = server(context);
  await trimTake(take, "t");
  const { address, method, body } = asked(fetched);
  assert.deepEqual([address, method], ["/studio/takes/c1/trim", "PUT"]);
  assert.deepEqual(body, { start_ms: 0, end_ms: 6000 });
});

test("a discarded take is deleted", async (context) => {
  const fetched = server(context);
  await discardTake(take, "t");
  const { address, method } = asked(fetched);
  assert.deepEqual([address, method], ["/studio/takes/c1", "DELETE"]);
});

test("an upload that was begun is found again by its fingerprint", async (context) => {
  server(context, Response.json({ uploads: [{ fingerprint: "f1", url: "/uploads/1" }] }));
  assert.equal(await findUpload(take), "/uploads/1");
});

test("an upload that was not begun, or of nobody who is logged in, has no address", async (context) => {
  server(context, Response.json({ uploads: [] }));
  assert.equal(await findUpload(take), "");
  context.mock.restoreAll();
  server(context, new Response("", { status: 401 }));
  assert.equal(await findUpload(take), "");
});
