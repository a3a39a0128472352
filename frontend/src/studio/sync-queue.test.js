import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { openMemoryBlobs } from "./take-store/memory-blobs.js";
import { TakeStore } from "./take-store/take-store.js";

// Of the page it only needs to hear of the focus, and to keep the screen awake.
globalThis.addEventListener ??= () => {};
globalThis.document ??= { addEventListener() {}, visibilityState: "hidden" };
const { SyncQueue } = await import("./sync-queue.js");
const { LoggedOut } = await import("./session-token.js");

const ABOUT = { owner: "ada", film: "f", chapter: "hello", mime: "video/webm", from: "camera" };
const CHOICE = { startMs: 0, endMs: 1000 };

/** The server: what it was asked, and what it answers next. */
let server;
/** @type {TakeStore} */
let store;
let session;
/** Uploads that were begun, each with what its listeners are told. */
let uploads;
let queue;

class FakeUpload {
  stop = mock.fn(async () => this.finish(false));
  retryNow = mock.fn();

  constructor(target, on) {
    this.target = target;
    this.on = on;
    uploads.push(this);
  }

  sendStream() {
    return new Promise((resolve) => {
      this.finish = resolve;
    });
  }
}

beforeEach(() => {
  server = { asked: [], answers: [] };
  mock.method(globalThis, "fetch", async (address, { method = "GET" } = {}) => {
    server.asked.push(`${method} ${address}`);
    const answer = server.answers.shift() ?? Response.json({ uploads: [] });
    if (answer instanceof Error) throw answer;
    return answer;
  });
  mock.timers.enable({ apis: ["setTimeout"] });
  store = new TakeStore("memory", openMemoryBlobs());
  session = { token: "t", elsewhose: false, renew: mock.fn(async () => {}) };
  uploads = [];
  const load = async () => ({ ResumableUpload: FakeUpload, StreamingSource: class {} });
  queue = new SyncQueue(store, session, "/tus", () => {}, load);
});

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

/** Until everything is done that waits for nothing. */
async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** @param {object} [known] */
async function newTake(known = {}) {
  const take = await store.begin(ABOUT);
  await store.change(take, { ended: true, size: 5, ms: 1000, ...known });
  return take;
}

/** @param {object} [known] */
async function enqueued(known) {
  const take = await newTake(known);
  void queue.enqueue(take);
  await settle();
  return take;
}

test("a take is sent, and known to the server by its clip from then on", async () => {
  const take = await enqueued();
  const [upload] = uploads;
  assert.equal(upload.target.endpoint, "/tus");
  upload.on.clip("c1");
  upload.on.begun("/tus/1");
  upload.finish(true);
  await settle();
  assert.deepEqual([take.sent, take.clipId, take.address], [true, "c1", "/tus/1"]);
  assert.equal(queue.state(take), "sent");
});

test("an upload that was begun before goes on at its address", async () => {
  server.answers = [];
  mock.method(globalThis, "fetch", async () =>
    Response.json({ uploads: [{ fingerprint: (await store.of("ada"))[0].id, url: "/tus/7" }] }),
  );
  await enqueued();
  assert.equal(uploads[0].target.address, "/tus/7");
});

test("two takes are sent at a time, and the third when one of them is done", async () => {
  await enqueued();
  await enqueued();
  await enqueued();
  assert.equal(uploads.length, 2);
  uploads[0].finish(true);
  await settle();
  assert.equal(uploads.length, 3);
});

test("a choice is told once the take is sent", async () => {
  const take = await enqueued({ choice: CHOICE, clipId: "c1" });
  server.answers.push(Response.json({}));
  uploads[0].finish(true);
  await settle();
  assert.equal(server.asked.at(-1), "POST /studio/takes/c1/choice");
  assert.deepEqual([take.settled, take.knownCut], [true, CHOICE]);
});

test("a choice that no server hears is told again", async () => {
  server.answers.push(new TypeError("no network"), Response.json({}));
  const take = await enqueued({ sent: true, choice: CHOICE, clipId: "c1" });
  assert.equal(queue.states.get(take.id), "retrying");
  assert.ok(!take.settled);
  mock.timers.tick(1000);
  await settle();
  assert.ok(take.settled);
  assert.equal(server.asked.length, 2);
});

test("a choice that is refused is not told again, and says why", async () => {
  server.answers.push(Response.json({ code: "film_gone", title: "Gone." }, { status: 409 }));
  const take = await enqueued({ sent: true, choice: CHOICE, clipId: "c1" });
  assert.deepEqual([take.settled, take.refusal, take.why], [true, "film_gone", "Gone."]);
});

test("whoever is logged out is waited for", async () => {
  session.renew.mock.mockImplementationOnce(async () => {
    throw new LoggedOut();
  });
  const take = await enqueued({ sent: true, choice: CHOICE, clipId: "c1" });
  assert.equal(queue.states.get(take.id), "logged-out");
  mock.timers.tick(1000);
  await settle();
  assert.ok(take.settled);
});

test("a trim of a take that is not chosen is told when it is changed", async () => {
  const take = await enqueued({ sent: true, clipId: "c1" });
  assert.deepEqual(server.asked, []);
  await store.change(take, { cut: CHOICE });
  void queue.enqueue(take);
  await settle();
  assert.deepEqual(server.asked, ["PUT /studio/takes/c1/trim"]);
  assert.deepEqual(take.knownCut, CHOICE);
});

test("a take thrown away while it is sent is stopped, and deleted on the server", async () => {
  const take = await enqueued({ clipId: "c1" });
  await queue.discard(take);
  await settle();
  assert.equal(uploads[0].stop.mock.callCount(), 1);
  assert.equal(server.asked.at(-1), "DELETE /studio/takes/c1");
  assert.deepEqual(await store.of("ada"), []);
});

test("a take that became part of the film meanwhile shows again", async () => {
  server.answers.push(new Response("", { status: 409 }));
  const take = await enqueued({ unwanted: true, clipId: "c1" });
  assert.equal(take.unwanted, false);
  assert.deepEqual(await store.of("ada"), [take]);
});

test("a refusal that time mends is tried again, one that it does not mend is kept", async () => {
  const later = await enqueued();
  uploads[0].on.state("refused", "Too many.", "too_many_uploads");
  uploads[0].finish(false);
  await settle();
  assert.deepEqual([later.refusal, queue.state(later)], ["", "full"]);
  mock.timers.tick(30_000);
  await settle();
  assert.equal(uploads.length, 2);

  uploads[1].on.state("refused", "No film.", "not_a_film");
  await settle();
  assert.deepEqual([later.refusal, later.why], ["not_a_film", "No film."]);
});

test("an upload of somebody else's log-in is not taken for one that is gone", async () => {
  const take = await enqueued();
  session.renew.mock.mockImplementationOnce(async () => {
    throw new LoggedOut();
  });
  uploads[0].on.state("gone", undefined, "upload_gone");
  await settle();
  assert.deepEqual([take.refusal, queue.state(take)], ["", "logged-out"]);
  mock.timers.tick(30_000);
});

test("all uploads that wait are tried when somebody comes back to the window", async () => {
  await enqueued();
  queue.retryNow();
  assert.equal(uploads[0].retryNow.mock.callCount(), 1);
});
