// What every page of the studio does first: find the takes this device keeps of this person, put
// an end to those that were cut off, and go on sending them.

import { csrfToken } from "../page/http.js";
import { isLockedElsewhere, whenReleased } from "../upload/tab-lock.js";
import { SessionToken } from "./session-token.js";
import { loadUploader, SyncQueue } from "./sync-queue.js";
import { isTrimUnsynced, isUnsynced } from "./take-store/metadata.js";
import { openTakeStore } from "./take-store/take-store.js";

/** @typedef {import("./take-store/metadata.js").TakeRecord} TakeRecord */

/**
 * @param {HTMLElement} page with data-owner, data-endpoint, data-session and data-store-script; for
 *   one film data-film and data-made (its chapters that the server can play), for one of its
 *   chapters data-chapter
 * @param {(take: import("./take-store/metadata.js").TakeRecord) => void} onChange how a take stands has changed
 */
export async function openStudio(page, onChange) {
  const { owner = "", endpoint = "", session: address = "", storeScript = "" } = page.dataset;
  const store = await openTakeStore(storeScript);
  const session = new SessionToken(address, owner, csrfToken());
  const syncQueue = new SyncQueue(store, session, endpoint, (take) => {
    onChange(take);
    store.dispatchEvent(new Event("change"));
  });
  const takes = await store.of(owner);
  const decided = new Set(takes.filter((take) => take.settled).map((take) => take.chapter));
  const made = new Set((page.dataset.made ?? "").split(" "));
  // The server has it, and its chapter is done. What it has not made anything of yet is still
  // watched here, and a chapter's own page shows all of its takes.
  const done = (/** @type {TakeRecord} */ take) =>
    take.sent &&
    decided.has(take.chapter) &&
    !isUnsynced(take) &&
    !isTrimUnsynced(take) &&
    (take.film !== page.dataset.film || made.has(take.chapter)) &&
    take.chapter !== page.dataset.chapter;
  for (const take of takes) {
    try {
      if (done(take)) await store.remove(take);
      else if (take.ended || (await finish(store, take))) syncQueue.enqueue(take);
      else void follow(store, syncQueue, take);
    } catch {
      // A device that is full, or lost its database: the other takes are looked after all the same.
    }
  }
  // Now, while there may be a network: a take may be filmed when there is none.
  loadUploader().catch(() => {});
  // The browser is asked not to clear this away when the disk gets full.
  navigator.storage?.persist?.().catch(() => {});
  return { store, syncQueue, session };
}

/**
 * A take that is being filmed in another window is looked after here once that one has ended.
 * @param {import("./take-store/take-store.js").TakeStore} store
 * @param {SyncQueue} syncQueue
 * @param {TakeRecord} take
 */
async function follow(store, syncQueue, take) {
  await whenReleased(`recording-${take.id}`);
  if (!(await store.refresh(take))) return;
  if (take.ended || (await finish(store, take))) syncQueue.enqueue(take);
}

/**
 * A take whose window died under it ends with its last piece. False: it is being filmed elsewhere,
 * or nothing of it was kept.
 * @param {import("./take-store/take-store.js").TakeStore} store
 * @param {TakeRecord} take
 */
async function finish(store, take) {
  if (await isLockedElsewhere(`recording-${take.id}`)) return false;
  await store.end(take);
  if (take.size > 0) {
    await store.change(take, { found: true });
    return true;
  }
  await store.remove(take);
  return false;
}
