// Every take of this person that is on this device gets where it belongs: sent while it is still
// being filmed, then chosen or thrown away on the server as its owner has decided here. What
// cannot be done now is done later; the notes on the shelf say what is left to do.

import { keepAwake } from "../upload/wake-lock.js";
import { alone } from "../upload/tab-lock.js";
import { Patience } from "../upload/retry-backoff.js";
import { LoggedOut, SomebodyElse } from "./session-token.js";
import { choose, cut, discard, findUpload, metadataOf } from "./take-api.js";
import { isCutUntold } from "./take-store/metadata.js";

const AT_ONCE = 2; // a take that grows must not wait for one that was filmed before
/** Refusals that time mends. */
const LATER = new Set(["too_many_uploads", "enough_for_today", "storage_full"]);
/** The one that people mend: the take stays here, and whoever signs in is told why it waits. */
const SUSPENDED = "account_suspended";
const LATER_MS = 30_000;

/** What sends: it comes when the first screen is there, and with it to pages without a network. */
export const sending = () => import("./upload-bundle.js");

/**
 * How a take stands: kept (on this device, its turn will come), sending, waiting (no network),
 * retrying, full, logged-out, somebody-else, elsewhere (another window sends it), sent, gone (its
 * film was deleted), refused.
 * @typedef {string} State
 */

export class Outbox {
  /** @type {Map<string, State>} */
  states = new Map();
  /** @type {Map<string, {sent: number, speed: number}>} */
  progress = new Map();
  /** @type {Map<string, import("../upload/resumable-upload.js").Resumable>} */
  #uploads = new Map();
  /** @type {Map<string, () => void>} wakes whoever waits to see what changed about a take */
  #bells = new Map();
  /** @type {Promise<void>} */
  #choosing = Promise.resolve();
  #busy = 0;
  /** @type {(() => void)[]} */
  #queue = [];

  /**
   * @param {import("./take-store/take-store.js").Shelf} shelf
   * @param {import("./session-token.js").Pass} pass
   * @param {string} endpoint where uploads begin
   * @param {(note: import("./take-store/metadata.js").Note) => void} told something about it has changed
   */
  constructor(shelf, pass, endpoint, told) {
    this.shelf = shelf;
    this.pass = pass;
    this.endpoint = endpoint;
    this.told = told;
    addEventListener("focus", () => this.hurry()); // perhaps back from logging in
  }

  /** Try again now what waits. */
  hurry() {
    for (const upload of this.#uploads.values()) upload.hurry();
  }

  /** @param {import("./take-store/metadata.js").Note} note */
  state(note) {
    return note.sent ? "sent" : (this.states.get(note.id) ?? "kept");
  }

  /**
   * Look after a take until nothing is left to do about it.
   * @param {import("./take-store/metadata.js").Note} note
   */
  async take(note) {
    if (this.#bells.has(note.id)) return this.#bells.get(note.id)?.();
    this.#bells.set(note.id, () => {});
    await alone(
      `take-${note.id}`,
      () => this.#say(note, "elsewhere"),
      (waited) => this.#care(note, waited),
    );
    this.#bells.delete(note.id);
  }

  /**
   * Throw a take away: at once here, and on the server as soon as it can be told.
   * @param {import("./take-store/metadata.js").Note} note
   */
  async drop(note) {
    await this.shelf.change(note, { unwanted: true });
    await this.#uploads
      .get(note.id)
      ?.stop()
      .catch(() => {}); // asked again below
    this.take(note);
  }

  /**
   * @param {import("./take-store/metadata.js").Note} note
   * @param {boolean} waited another window has looked after it until now
   */
  async #care(note, waited) {
    if (waited && !(await this.shelf.refresh(note))) return;
    this.#say(note, "kept");
    await this.#turn();
    try {
      if (!note.sent && !note.unwanted && !note.refusal) await this.#send(note);
    } finally {
      this.#next();
    }
    while (note.sent && !note.unwanted && !note.settled) {
      if (note.choice) await this.#untilItWorks(note, () => this.#choose(note));
      else if (isCutUntold(note)) await this.#untilItWorks(note, () => this.#tellCut(note));
      else await this.#bell(note);
    }
    if (note.unwanted) {
      if (note.take) await this.#untilItWorks(note, () => this.#discard(note));
      if (note.unwanted) await this.shelf.remove(note);
    }
  }

  /** @param {import("./take-store/metadata.js").Note} note */
  async #send(note) {
    if (!note.address && note.ended) {
      const address = await this.#untilItWorks(note, () => findUpload(note));
      if (address) await this.shelf.change(note, { address });
    }
    const { Resumable, Growing } = await this.#untilItWorks(note, sending);
    if (note.unwanted) return;
    const upload = new Resumable(
      {
        endpoint: this.endpoint,
        address: note.address,
        metadata: metadataOf(note),
        token: () => this.pass.token,
        renew: () => this.pass.renew(),
      },
      {
        state: (state, sentence, code) => this.#hear(note, state, code, sentence),
        progress: (sent, _length, speed) => this.#progress(note, sent, speed),
        film: () => {},
        begun: (address) => this.shelf.change(note, { address }),
        clip: (take) => note.take === take || this.shelf.change(note, { take }),
      },
    );
    this.#uploads.set(note.id, upload);
    keepAwake(true);
    const sent = await upload.sendGrowing(new Growing(this.#source(note)));
    this.#uploads.delete(note.id);
    if (this.#uploads.size === 0) keepAwake(false);
    if (sent) await this.shelf.change(note, { sent: true });
    this.told(note);
  }

  /**
   * @param {import("./take-store/metadata.js").Note} note
   * @returns {import("../upload/streaming-source.js").Source}
   */
  #source(note) {
    return {
      size: () => note.size,
      ended: () => note.ended,
      read: (start, end) => this.shelf.bytes.read(note.id, start, end),
      watch: (grown) => this.shelf.addEventListener("change", grown),
    };
  }

  /**
   * @param {import("./take-store/metadata.js").Note} note
   * @param {string} state
   * @param {string | undefined} code
   * @param {string | undefined} why
   */
  async #hear(note, state, code, why) {
    if (state === "refused" && (code === SUSPENDED || LATER.has(code ?? ""))) {
      this.#say(note, code === SUSPENDED ? "logged-out" : "full");
      setTimeout(() => this.take(note), LATER_MS);
      return;
    }
    const hidden = state === "gone" ? await this.#whyHidden() : "";
    if (hidden) {
      this.#say(note, hidden);
      setTimeout(() => this.take(note), LATER_MS);
      return;
    }
    if (["gone", "refused"].includes(state)) {
      await this.shelf.change(note, { refusal: code || state, why });
    }
    this.#say(note, state === "logged-out" && this.pass.elsewhose ? "somebody-else" : state);
  }

  /**
   * To others, an upload does not exist; nor does it when it is gone, which is the empty answer.
   * @returns {Promise<State>}
   */
  async #whyHidden() {
    try {
      await this.pass.renew();
      return "";
    } catch (error) {
      return stateOf(error);
    }
  }

  /**
   * @param {import("./take-store/metadata.js").Note} note
   * @param {number} sent
   * @param {number} speed
   */
  #progress(note, sent, speed) {
    this.progress.set(note.id, { sent, speed });
    this.told(note);
  }

  /**
   * One choice after the other: of two takes, the one that was chosen last is the film's.
   * @param {import("./take-store/metadata.js").Note} note
   */
  #choose(note) {
    const turn = this.#choosing.then(() => this.#tellChoice(note));
    this.#choosing = turn.catch(() => {});
    return turn;
  }

  /** @param {import("./take-store/metadata.js").Note} note */
  async #tellChoice(note) {
    await this.pass.renew();
    const { choice } = note;
    if (!choice || note.unwanted) return; // another one was chosen meanwhile
    const answer = await choose(note, this.pass.token);
    if (note.choice !== choice) return;
    if (answer.ok) return this.shelf.change(note, { settled: true, told: choice });
    if (isFinal(answer)) {
      const { code, title } = await answer.json().catch(() => ({ code: "refused" }));
      return this.shelf.change(note, { settled: true, refusal: code, why: title });
    }
    throw new TypeError(String(answer.status));
  }

  /** @param {import("./take-store/metadata.js").Note} note */
  async #tellCut(note) {
    await this.pass.renew();
    const told = note.cut;
    if (!isCutUntold(note) || note.unwanted) return; // chosen meanwhile, which says it, too
    const answer = await cut(note, this.pass.token);
    if (!answer.ok && !isFinal(answer)) throw new TypeError(String(answer.status));
    await this.shelf.change(note, { told });
  }

  /** @param {import("./take-store/metadata.js").Note} note */
  async #discard(note) {
    await this.pass.renew();
    const answer = await discard(note, this.pass.token);
    if (answer.status >= 500 || answer.status === 401) throw new TypeError(String(answer.status));
    // It has become part of the film meanwhile, and shows again: people must not think it gone.
    if (answer.status === 409) await this.shelf.change(note, { unwanted: false });
  }

  /**
   * @template T
   * @param {import("./take-store/metadata.js").Note} note
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async #untilItWorks(note, work) {
    const patience = new Patience();
    for (;;) {
      try {
        return await work();
      } catch (error) {
        this.#say(note, stateOf(error));
        await new Promise((/** @type {(value: void) => void} */ again) => patience.later(again));
      }
    }
  }

  /**
   * @param {import("./take-store/metadata.js").Note} note
   * @param {State} state
   */
  #say(note, state) {
    this.states.set(note.id, state);
    this.told(note);
  }

  /** @param {import("./take-store/metadata.js").Note} note */
  #bell(note) {
    return new Promise((/** @type {(value: void) => void} */ resolve) => {
      this.#bells.set(note.id, resolve);
    });
  }

  async #turn() {
    if (this.#busy >= AT_ONCE) {
      await new Promise((/** @type {(value: void) => void} */ resolve) =>
        this.#queue.push(resolve),
      );
    }
    this.#busy += 1;
  }

  #next() {
    this.#busy -= 1;
    this.#queue.shift()?.();
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
