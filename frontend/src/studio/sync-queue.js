// Every take of this person that is on this device gets where it belongs: sent while it is still
// being filmed, then chosen or thrown away on the server as its owner has decided here. What
// cannot be done now is done later; the records in the store say what is left to do.

import { RetryBackoff } from "../upload/retry-backoff.js";
import { withTabLock } from "../upload/tab-lock.js";
import { keepAwake } from "../upload/wake-lock.js";
import { LoggedOut, SomebodyElse } from "./session-token.js";
import { chooseTake, discardTake, findUpload, metadataOf, trimTake } from "./take-api.js";
import { isTrimUnsynced } from "./take-store/metadata.js";

const AT_ONCE = 2; // a take that grows must not wait for one that was filmed before
/** Refusals that time mends. */
const LATER = new Set(["too_many_uploads", "enough_for_today", "storage_full"]);
/** The one that people mend: the take stays here, and whoever signs in is told why it waits. */
const SUSPENDED = "account_suspended";
const LATER_MS = 30_000;

/** What sends: it comes when the first screen is there, and with it to pages without a network. */
export const loadUploader = () => import("./upload-bundle.js");

/** @typedef {import("./take-store/metadata.js").TakeRecord} TakeRecord */

/**
 * How a take stands: kept (on this device, its turn will come), sending, waiting (no network),
 * retrying, full, logged-out, somebody-else, elsewhere (another window sends it), sent, gone (its
 * film was deleted), refused.
 * @typedef {string} State
 */

export class SyncQueue {
  /** @type {Map<string, State>} */
  states = new Map();
  /** @type {Map<string, {sent: number, speed: number}>} */
  progress = new Map();
  /** @type {Map<string, import("../upload/resumable-upload.js").ResumableUpload>} */
  #uploads = new Map();
  /** @type {Map<string, () => void>} wakes whoever waits to see what changed about a take */
  #wakers = new Map();
  /** @type {Promise<void>} */
  #choosing = Promise.resolve();
  #slotsTaken = 0;
  /** @type {(() => void)[]} */
  #waitingForSlot = [];

  /**
   * @param {import("./take-store/take-store.js").TakeStore} store
   * @param {import("./session-token.js").SessionToken} session
   * @param {string} endpoint where uploads begin
   * @param {(take: TakeRecord) => void} onChange something about it has changed
   * @param {typeof loadUploader} [load]
   */
  constructor(store, session, endpoint, onChange, load = loadUploader) {
    this.store = store;
    this.session = session;
    this.endpoint = endpoint;
    this.onChange = onChange;
    this.load = load;
    addEventListener("focus", () => this.retryNow()); // perhaps back from logging in
  }

  /** Try again now what waits. */
  retryNow() {
    for (const upload of this.#uploads.values()) upload.retryNow();
  }

  /** @param {TakeRecord} take */
  state(take) {
    return take.sent ? "sent" : (this.states.get(take.id) ?? "kept");
  }

  /**
   * Look after a take until nothing is left to do about it.
   * @param {TakeRecord} take
   */
  async enqueue(take) {
    if (this.#wakers.has(take.id)) return this.#wakers.get(take.id)?.();
    this.#wakers.set(take.id, () => {});
    await withTabLock(
      `take-${take.id}`,
      () => this.#setState(take, "elsewhere"),
      (waited) => this.#process(take, waited),
    );
    this.#wakers.delete(take.id);
  }

  /**
   * Discard a take: at once here, and on the server as soon as it can be told.
   * @param {TakeRecord} take
   */
  async discard(take) {
    await this.store.change(take, { unwanted: true });
    await this.#uploads
      .get(take.id)
      ?.stop()
      .catch(() => {}); // asked again below
    this.enqueue(take);
  }

  /**
   * @param {TakeRecord} take
   * @param {boolean} waited another window has looked after it until now
   */
  async #process(take, waited) {
    if (waited && !(await this.store.refresh(take))) return;
    this.#setState(take, "kept");
    await this.#slot();
    try {
      if (!take.sent && !take.unwanted && !take.refusal) await this.#send(take);
    } finally {
      this.#freeSlot();
    }
    while (take.sent && !take.unwanted && !take.settled) {
      if (take.choice) await this.#untilItWorks(take, () => this.#choose(take));
      else if (isTrimUnsynced(take)) await this.#untilItWorks(take, () => this.#sendTrim(take));
      else await this.#change(take);
    }
    if (take.unwanted) {
      if (take.clipId) await this.#untilItWorks(take, () => this.#discard(take));
      if (take.unwanted) await this.store.remove(take);
    }
  }

  /** @param {TakeRecord} take */
  async #send(take) {
    if (!take.address && take.ended) {
      const address = await this.#untilItWorks(take, () => findUpload(take));
      if (address) await this.store.change(take, { address });
    }
    const { ResumableUpload, StreamingSource } = await this.#untilItWorks(take, this.load);
    if (take.unwanted) return;
    const upload = new ResumableUpload(
      {
        endpoint: this.endpoint,
        address: take.address,
        metadata: metadataOf(take),
        token: () => this.session.token,
        renew: () => this.session.renew(),
      },
      {
        state: (state, sentence, code) => this.#onUploadState(take, state, code, sentence),
        progress: (sent, _length, speed) => this.#progress(take, sent, speed),
        film: () => {},
        begun: (address) => this.store.change(take, { address }),
        clip: (clipId) => take.clipId === clipId || this.store.change(take, { clipId }),
      },
    );
    this.#uploads.set(take.id, upload);
    keepAwake(true);
    const sent = await upload.sendStream(new StreamingSource(this.#source(take)));
    this.#uploads.delete(take.id);
    if (this.#uploads.size === 0) keepAwake(false);
    if (sent) await this.store.change(take, { sent: true });
    this.onChange(take);
  }

  /**
   * @param {TakeRecord} take
   * @returns {import("../upload/streaming-source.js").GrowingBytes}
   */
  #source(take) {
    return {
      size: () => take.size,
      ended: () => take.ended,
      read: (start, end) => this.store.blobs.read(take.id, start, end),
      watch: (grown) => this.store.addEventListener("change", grown),
    };
  }

  /**
   * @param {TakeRecord} take
   * @param {string} state
   * @param {string | undefined} code
   * @param {string | undefined} why
   */
  async #onUploadState(take, state, code, why) {
    if (state === "refused" && (code === SUSPENDED || LATER.has(code ?? ""))) {
      this.#setState(take, code === SUSPENDED ? "logged-out" : "full");
      setTimeout(() => this.enqueue(take), LATER_MS);
      return;
    }
    const hidden = state === "gone" ? await this.#whyHidden() : "";
    if (hidden) {
      this.#setState(take, hidden);
      setTimeout(() => this.enqueue(take), LATER_MS);
      return;
    }
    if (["gone", "refused"].includes(state)) {
      await this.store.change(take, { refusal: code || state, why });
    }
    this.#setState(
      take,
      state === "logged-out" && this.session.elsewhose ? "somebody-else" : state,
    );
  }

  /**
   * To others, an upload does not exist; nor does it when it is gone, which is the empty answer.
   * @returns {Promise<State>}
   */
  async #whyHidden() {
    try {
      await this.session.renew();
      return "";
    } catch (error) {
      return stateOf(error);
    }
  }

  /**
   * @param {TakeRecord} take
   * @param {number} sent
   * @param {number} speed
   */
  #progress(take, sent, speed) {
    this.progress.set(take.id, { sent, speed });
    this.onChange(take);
  }

  /**
   * One choice after the other: of two takes, the one that was chosen last is the film's.
   * @param {TakeRecord} take
   */
  #choose(take) {
    const turn = this.#choosing.then(() => this.#sendChoice(take));
    this.#choosing = turn.catch(() => {});
    return turn;
  }

  /** @param {TakeRecord} take */
  async #sendChoice(take) {
    await this.session.renew();
    const { choice } = take;
    if (!choice || take.unwanted) return; // another one was chosen meanwhile
    const answer = await chooseTake(take, this.session.token);
    if (take.choice !== choice) return;
    if (answer.ok) return this.store.change(take, { settled: true, knownCut: choice });
    if (isFinal(answer)) {
      const { code, title } = await answer.json().catch(() => ({ code: "refused" }));
      return this.store.change(take, { settled: true, refusal: code, why: title });
    }
    throw new TypeError(String(answer.status));
  }

  /** @param {TakeRecord} take */
  async #sendTrim(take) {
    await this.session.renew();
    const knownCut = take.cut;
    if (!isTrimUnsynced(take) || take.unwanted) return; // chosen meanwhile, which says it, too
    const answer = await trimTake(take, this.session.token);
    if (!answer.ok && !isFinal(answer)) throw new TypeError(String(answer.status));
    await this.store.change(take, { knownCut });
  }

  /** @param {TakeRecord} take */
  async #discard(take) {
    await this.session.renew();
    const answer = await discardTake(take, this.session.token);
    if (answer.status >= 500 || answer.status === 401) throw new TypeError(String(answer.status));
    // It has become part of the film meanwhile, and shows again: people must not think it gone.
    if (answer.status === 409) await this.store.change(take, { unwanted: false });
  }

  /**
   * @template T
   * @param {TakeRecord} take
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async #untilItWorks(take, work) {
    const backoff = new RetryBackoff();
    for (;;) {
      try {
        return await work();
      } catch (error) {
        this.#setState(take, stateOf(error));
        await new Promise((/** @type {(value: void) => void} */ again) => backoff.schedule(again));
      }
    }
  }

  /**
   * @param {TakeRecord} take
   * @param {State} state
   */
  #setState(take, state) {
    this.states.set(take.id, state);
    this.onChange(take);
  }

  /** @param {TakeRecord} take */
  #change(take) {
    return new Promise((/** @type {(value: void) => void} */ resolve) => {
      this.#wakers.set(take.id, resolve);
    });
  }

  async #slot() {
    if (this.#slotsTaken >= AT_ONCE) {
      await new Promise((/** @type {(value: void) => void} */ resolve) =>
        this.#waitingForSlot.push(resolve),
      );
    }
    this.#slotsTaken += 1;
  }

  #freeSlot() {
    this.#slotsTaken -= 1;
    this.#waitingForSlot.shift()?.();
  }
}

/**
 * Whether asking again would be answered in the same way.
 * @param {Response} answer
 */
const isFinal = ({ status }) => status < 500 && status !== 401 && status !== 429;

/** @param {unknown} error */
function stateOf(error) {
  if (error instanceof LoggedOut) return "logged-out";
  if (error instanceof SomebodyElse) return "somebody-else";
  return navigator.onLine === false ? "waiting" : "retrying";
}
