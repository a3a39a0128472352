// The page on which one chapter is filmed. Nothing starts by itself: each state has one big button.

import { clock } from "../text/format.js";
import { isLockedElsewhere, withTabLock } from "../upload/tab-lock.js";
import { keepAwake } from "../upload/wake-lock.js";
import { stopPlayback } from "./audio-playback.js";
import { CameraPreview } from "./camera-preview.js";
import { isConfirmed } from "./confirm.js";
import { bestVideoType } from "./container.js";
import { Countdown } from "./countdown.js";
import { DeviceError, isQuotaExceeded } from "./device-errors.js";
import { canFilm, isAllowed, listDevices } from "./devices.js";
import { importTake } from "./import-file.js";
import { part, showOne, showState } from "./parts.js";
import { Preferences } from "./preferences.js";
import { stopReading } from "./read-aloud.js";
import { SettingsDialog } from "./settings-dialog.js";
import { showPlace, showRefusal, TakeList } from "./take-list.js";
import { TakeRecorder } from "./take-recorder.js";
import { TakeReview } from "./take-review.js";
import { isRecovered } from "./take-store/metadata.js";
import { Teleprompter } from "./teleprompter.js";
import { isSame } from "./trim.js";

const TICK_MS = 200;
const SHORTEST_MS = 1000; // the server takes nothing shorter
const SILENCE_MS = 5000;
const EMPTY_MS = 10_000; // a browser that has handed out nothing by then never will
const HEARD = 0.25; // of the level meter: a quiet room stays below it

/** @typedef {import("./take-store/metadata.js").TakeRecord} TakeRecord */

export class Recorder {
  state = "off";
  /** @type {TakeRecorder | null} */
  #filming = null;
  /** @type {() => void} lets the next window film */
  #release = () => {};
  /** Another window films this film: nothing can be done here. */
  #elsewhere = false;
  #heardAt = 0;
  /** Whether the keyboard was in the page, and is to be found a place there. */
  #keyboard = false;

  /**
   * @param {HTMLElement} page
   * @param {import("./take-store/take-store.js").TakeStore} store
   * @param {import("./sync-queue.js").SyncQueue} syncQueue
   */
  constructor(page, store, syncQueue) {
    this.page = page;
    this.store = store;
    this.syncQueue = syncQueue;
    const { owner = "", film = "", chapter = "", name = "", title = "" } = page.dataset;
    this.about = { owner, film, chapter };
    this.limitMs = Number(page.dataset.limitS) * 1000;
    this.goalMs = Number(page.dataset.goalS) * 1000;
    this.preferences = new Preferences();
    if (page.dataset.camera === "rear")
      this.preferences.override({ facing: "environment", camera: "" });
    this.preview = new CameraPreview(
      /** @type {HTMLVideoElement} */ (part(page, "self")),
      this.preferences,
      { name, title },
      { lost: (code) => this.#lost(code), muted: (code) => this.#muted(code) },
    );
    this.prompter = new Teleprompter(part(page, "prompter"), this.preferences);
    this.countdown = new Countdown(part(page, "count"));
    this.review = new TakeReview(part(page, "review"), () => this.#keepCut());
    this.takes = new TakeList(part(page, "takes"), syncQueue, {
      open: (take) => this.#open(take),
      discard: (take) => this.#discard(take),
    });
    this.settings = new SettingsDialog(/** @type {HTMLDialogElement} */ (part(page, "settings")), {
      preferences: this.preferences,
      again: () => this.state === "ready" && this.#turnOn(), // a take ends as it began
    });
    this.#listen();
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** Begin where somebody left off. */
  async open() {
    this.#show("off");
    this.#problem("");
    await this.#showTakes();
    if (!canFilm() || !bestVideoType()) {
      this.#problem(globalThis.isSecureContext ? "no_recorder" : "not_secure");
      return this.#show("unable");
    }
    const mine = `studio-${this.about.film}`;
    if (await isLockedElsewhere(mine)) this.#standBack();
    withTabLock(
      mine,
      () => this.#standBack(),
      () => {
        if (this.#elsewhere) this.#show("off");
        this.#elsewhere = false;
        this.#begin();
        return new Promise((resolve) => {
          this.#release = resolve;
        });
      },
    );
  }

  #standBack() {
    this.#elsewhere = true;
    this.#show("elsewhere");
  }

  async #begin() {
    const takes = await this.#records();
    const first = takes.filter(isRecovered).at(-1) ?? takes.find((take) => take.choice);
    if (first) return this.#open(first);
    if (await isAllowed(this.preferences.picture)) this.#turnOn();
  }

  #listen() {
    const { page } = this;
    /** @type {Record<string, () => void>} */
    const actions = {
      "turn-on": () => this.#turnOn(),
      film: () => this.#count(),
      "call-off": () => this.#callOff(),
      stop: () => this.#stop(),
      pause: () => this.#pause(),
      "go-on": () => this.#goOn(),
      again: () => this.#again(),
      keep: () => this.#keep(),
      turn: () => this.#turnAround(),
      "open-settings": () => this.#openSettings(),
      save: () => this.#save(),
    };
    for (const [name, action] of Object.entries(actions)) {
      for (const button of page.querySelectorAll(`[data-do="${name}"]`)) {
        button.addEventListener("click", action);
      }
    }
    for (const input of page.querySelectorAll("[data-file]")) {
      input.addEventListener("change", (event) => this.#importFile(event));
    }
    this.store.addEventListener("change", () => this.#showTakes());
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.#showDevices());
    addEventListener("beforeunload", (event) => {
      if (this.#filming) event.preventDefault();
    });
    addEventListener("pagehide", () => {
      this.preview.turnOff();
      this.#release();
    });
  }

  // -- the camera ---------------------------------------------------------------------------

  async #turnOn() {
    if (this.#elsewhere) return;
    this.countdown.cancel();
    this.#problem("");
    this.#show("asking");
    try {
      if (!(await this.preview.turnOn())) return;
      this.review.hide();
      this.takes.current = null;
      this.#show("ready");
      this.#showDevices();
      this.#showTakes();
    } catch (error) {
      this.#show("off");
      this.#problem(error instanceof DeviceError ? error.code : "recorder_failed");
    }
  }

  #turnAround() {
    const facing = this.preferences.facing === "user" ? "environment" : "user";
    this.preferences.change({ facing, camera: "" });
    this.#turnOn();
  }

  async #showDevices() {
    const { cameras, microphones } = await listDevices();
    this.settings.offer(cameras, microphones);
    part(this.page, "turn").hidden = cameras.length < 2 || !this.preferences.picture;
  }

  /** @param {string} code */
  async #lost(code) {
    this.countdown.cancel();
    if (this.#filming) await this.#stop();
    else this.#show("off");
    this.preview.turnOff();
    this.#problem(code);
  }

  /** @param {string} code */
  #muted(code) {
    if (this.state === "counting") this.#callOff();
    if (this.state === "ready") this.#problem(code.replace("_muted", "_busy"));
    if (this.state !== "recording") return;
    this.#pause();
    this.#problem(code);
  }

  // -- a take ---------------------------------------------------------------------------------

  #count() {
    this.#problem("");
    this.prompter.rewind();
    this.#show("counting");
    this.countdown.start(() => this.#start());
  }

  #callOff() {
    this.countdown.cancel();
    this.#show("ready");
  }

  #openSettings() {
    if (this.state === "counting") this.#callOff(); // filming would begin behind them
    this.settings.open();
  }

  async #start() {
    const { stream } = this.preview;
    if (!stream) return this.#show("off");
    try {
      const from = this.preferences.picture ? "camera" : "voice";
      const take = await this.store.begin({ ...this.about, mime: bestVideoType(), from });
      this.#filming = new TakeRecorder(stream, this.store, take, {
        problem: (code) => this.#lost(code),
      });
      this.#filming.start();
      this.#holdTake(take);
      this.syncQueue.enqueue(take);
    } catch {
      this.#filming = null;
      this.#show("ready");
      return this.#problem("recorder_failed");
    }
    this.page.dataset.ms = "0";
    this.#heardAt = performance.now();
    this.prompter.roll();
    keepAwake(true);
    this.#show("recording");
  }

  /**
   * Other windows must not take it for one that was left unfinished.
   * @param {TakeRecord} take
   */
  #holdTake(take) {
    const filming = this.#filming;
    withTabLock(
      `recording-${take.id}`,
      () => {},
      () => filming?.whole ?? Promise.resolve(),
    );
  }

  #pause() {
    this.#filming?.pause();
    this.prompter.stop();
    this.#show("paused");
  }

  #goOn() {
    this.#problem("");
    this.#filming?.goOn();
    this.prompter.roll();
    this.#show("recording");
  }

  async #stop() {
    const filming = this.#filming;
    if (!filming) return;
    this.#filming = null;
    this.prompter.stop();
    this.#show("saving");
    try {
      await filming.stop();
      const { ms, size } = filming.take;
      if (ms >= SHORTEST_MS && size > 0) return await this.#open(filming.take);
      await this.syncQueue.discard(filming.take);
      if (ms >= SHORTEST_MS) return this.#reportEmpty();
    } catch {
      this.preview.turnOff(); // what is on the device is found when the page is opened again
      this.#show("off");
      return this.#problem("device_failed");
    }
    this.#show("ready");
    this.#problem("take_too_short");
  }

  /** The browser filmed, and handed out nothing. */
  #reportEmpty() {
    this.preview.turnOff();
    this.#show("off");
    this.#problem("recorder_empty");
  }

  // -- choosing -------------------------------------------------------------------------------

  async #records() {
    const all = await this.store.of(this.about.owner);
    return all.filter((take) => take.chapter === this.about.chapter);
  }

  async #showTakes() {
    this.takes.show(await this.#records());
    const take = this.takes.current;
    if (!take) return;
    showPlace(part(this.page, "place"), take, this.syncQueue);
    if (!take.refusal) return;
    showRefusal(part(this.page, "refusal"), take);
    if (["looking", "chosen"].includes(this.state)) this.#show("refused");
  }

  /** @param {TakeRecord} take */
  async #open(take) {
    if (this.#filming || this.#elsewhere) return;
    this.preview.turnOff();
    this.#syncCurrent();
    this.takes.current = take;
    this.review.show(await this.store.whole(take), take);
    this.#show(this.#isAsChosen(take) ? "chosen" : "looking");
    this.#showTakes();
  }

  /**
   * What was chosen and is cut again wants to be chosen again.
   * @param {TakeRecord} take
   */
  #isAsChosen(take) {
    return take.choice !== null && isSame(take.choice, this.review.choice);
  }

  /** With its take, and at once: whoever looks at another one meanwhile finds it as it was left. */
  #keepCut() {
    const take = this.takes.current;
    if (!take) return;
    this.store.changeOften(take, { cut: this.review.choice }).catch(() => {});
    const state = this.#isAsChosen(take) ? "chosen" : "looking";
    if (state !== this.state && this.state !== "refused") this.#show(state);
  }

  /** The server hears how the take was cut that is not looked at any more. */
  #syncCurrent() {
    if (this.takes.current) this.syncQueue.enqueue(this.takes.current);
  }

  async #again() {
    this.#syncCurrent();
    if (this.takes.current?.found) await this.store.change(this.takes.current, { found: false });
    this.review.hide();
    this.takes.current = null;
    this.#turnOn();
  }

  async #keep() {
    const take = this.takes.current;
    if (!take) return;
    for (const other of await this.#records()) {
      if (!other.choice || other === take) continue;
      await this.store.change(other, { choice: null, settled: false });
      this.syncQueue.enqueue(other);
    }
    await this.store.change(take, { choice: this.review.choice, settled: false });
    this.syncQueue.enqueue(take);
    this.#show("chosen");
  }

  /** @param {TakeRecord} take */
  async #discard(take) {
    if (!(await isConfirmed(part(this.page, "confirm")))) return;
    await this.syncQueue.discard(take);
    if (this.takes.current === take) this.#again();
  }

  /** To where people find their own films, for one that the site does not take any more. */
  async #save() {
    const take = this.takes.current;
    if (!take) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await this.store.whole(take));
    link.download = `cvtube.${take.mime.includes("mp4") ? "mp4" : "webm"}`;
    link.click();
  }

  /**
   * A film of the phone's own camera app becomes a take like any other.
   * @param {Event} event
   */
  async #importFile(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    if (!file) return;
    const before = this.state;
    this.#problem("");
    this.#show("saving");
    try {
      const take = await importTake(file, this.about, this.store);
      this.syncQueue.enqueue(take);
      await this.#open(take);
    } catch (error) {
      this.#show(before);
      this.#problem(isQuotaExceeded(error) ? "file_too_large" : "file_not_kept");
    }
    input.value = "";
  }

  // -- telling --------------------------------------------------------------------------------

  /** @param {string} state */
  #show(state) {
    this.#keyboard ||= this.page.contains(document.activeElement);
    this.state = state;
    stopPlayback();
    stopReading();
    showState(this.page, state);
    if (state !== "recording" && state !== "paused") keepAwake(false);
    if (this.#keyboard) this.#moveFocus();
    const found = state === "looking" && this.takes.current && isRecovered(this.takes.current);
    showOne(this.page, "says", found ? "found" : state);
  }

  /** The button that was pressed is gone: the one in its place takes the keyboard on. */
  #moveFocus() {
    const focused = document.activeElement;
    const lost = !(focused instanceof HTMLElement) || focused.offsetParent === null;
    if (!lost && focused !== document.body) {
      this.#keyboard = false;
      return;
    }
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (
      this.page.querySelectorAll("[data-main]")
    )) {
      if (button.offsetParent === null) continue;
      button.focus();
      this.#keyboard = false;
    }
  }

  /** @param {string} code */
  #problem(code) {
    // What is true all the time is said whenever nothing is more urgent.
    showOne(this.page, "problem", code || (this.store.keeps ? "" : "device_forbidden"));
  }

  #tick() {
    const loud = this.preview.level?.now ?? 0;
    /** @type {HTMLMeterElement} */ (part(this.page, "level")).value = loud;
    const filming = this.#filming;
    if (!filming || this.state !== "recording") return;
    const { ms } = filming;
    this.page.dataset.ms = String(ms);
    part(this.page, "time").textContent = clock(ms);
    this.page.style.setProperty("--done", String(Math.min(1, ms / this.goalMs)));
    part(this.page, "enough").hidden = ms < this.goalMs;
    part(this.page, "nearly").hidden = ms < this.limitMs - 15_000;
    if (loud > HEARD) this.#heardAt = performance.now();
    part(this.page, "silent").hidden = performance.now() - this.#heardAt < SILENCE_MS;
    if (ms >= this.limitMs || (ms >= EMPTY_MS && !filming.begun)) this.#stop();
  }
}
