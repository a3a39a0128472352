// The page on which one chapter is filmed. Nothing starts by itself: each state has one big button.

import { pageElement } from "../components/page-element.js";
import { clock } from "../text/format.js";
import { isLockedElsewhere, withTabLock } from "../upload/tab-lock.js";
import { keepAwake } from "../upload/wake-lock.js";
import { stopPlayback } from "./audio-playback.js";
import { showForThisBrowser } from "./browser-kind.js";
import { CameraPreview } from "./camera-preview.js";
import { isConfirmed } from "./confirm.js";
import { bestVideoType } from "./container.js";
import { Countdown } from "./countdown.js";
import { DeviceError, isQuotaExceeded } from "./device-errors.js";
import { canFilm, isAllowed, listDevices } from "./devices.js";
import { importTake } from "./import-file.js";
import { openStudio } from "./open-studio.js";
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

export class Recorder extends pageElement({
  inputs: {
    owner: String,
    film: String,
    chapter: String,
    name: String,
    title: String,
    camera: String,
    limitS: Number,
    goalS: Number,
  },
  parts: {
    self: HTMLVideoElement,
    prompter: HTMLElement,
    count: HTMLElement,
    review: TakeReview,
    takeBox: TakeList,
    settingsBox: SettingsDialog,
    confirm: HTMLDialogElement,
    turn: HTMLElement,
    place: HTMLElement,
    refusal: HTMLElement,
    level: HTMLMeterElement,
    time: HTMLElement,
    enough: HTMLElement,
    nearly: HTMLElement,
    silent: HTMLElement,
  },
}) {
  state = "off";
  preferences = new Preferences();
  /** @type {CameraPreview | undefined} */
  #preview;
  /** @type {Teleprompter | undefined} */
  #prompter;
  /** @type {Countdown | undefined} */
  #countdown;
  /** @type {import("./take-store/take-store.js").TakeStore} there once the studio is open */
  store = /** @type {any} */ (null);
  /** @type {import("./sync-queue.js").SyncQueue} */
  syncQueue = /** @type {any} */ (null);
  /** @type {TakeRecorder | null} */
  #filming = null;
  /** @type {() => void} lets the next window film */
  #release = () => {};
  /** Another window films this film: nothing can be done here. */
  #elsewhere = false;
  #heardAt = 0;

  get about() {
    const { owner, film, chapter } = this.inputs;
    return { owner, film, chapter };
  }

  get preview() {
    this.#preview ??= new CameraPreview(
      this.parts.self,
      this.preferences,
      { name: this.inputs.name, title: this.inputs.title },
      { lost: (code) => this.#lost(code), muted: (code) => this.#muted(code) },
    );
    return this.#preview;
  }

  get prompter() {
    this.#prompter ??= new Teleprompter(this.parts.prompter, this.preferences);
    return this.#prompter;
  }

  get countdown() {
    this.#countdown ??= new Countdown(this.parts.count);
    return this.#countdown;
  }

  get review() {
    return this.parts.review;
  }

  get takes() {
    return this.parts.takeBox;
  }

  get settings() {
    return this.parts.settingsBox;
  }

  get limitMs() {
    return 1000 * this.inputs.limitS;
  }

  get goalMs() {
    return 1000 * this.inputs.goalS;
  }

  /** Begin where somebody left off. */
  async start() {
    showForThisBrowser(this);
    this.prompter.show();
    if (this.inputs.camera === "rear") {
      this.preferences.override({ facing: "environment", camera: "" });
    }
    const { store, syncQueue } = await openStudio(this, () => {});
    this.store = store;
    this.syncQueue = syncQueue;
    this.takes.syncQueue = syncQueue;
    this.settings.preferences = this.preferences;
    this.#listen();
    setInterval(() => this.#tick(), TICK_MS);
    await this.#begin();
  }

  async #begin() {
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
        this.#resume();
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

  /** Where somebody left off. */
  async #resume() {
    const takes = await this.#records();
    const first = takes.filter(isRecovered).at(-1) ?? takes.find((take) => take.choice);
    if (first) return this.#open(first);
    if (await isAllowed(this.preferences.picture)) this.#turnOn();
  }

  #listen() {
    this.onPress({
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
    });
    for (const input of this.all("file")) {
      this.on(input, "change", (event) => this.#importFile(event));
    }
    this.on(this.store, "change", () => this.#showTakes());
    this.on(this.review, "trimmed", () => this.#keepCut());
    this.on(this.takes, "takeopened", ({ detail: take }) => this.#open(take));
    this.on(this.takes, "takediscarded", ({ detail: take }) => this.#discard(take));
    // A take ends as it began.
    this.on(this.settings, "devicewanted", () => this.state === "ready" && this.#turnOn());
    this.on(navigator.mediaDevices, "devicechange", () => this.#showDevices());
    this.on(window, "beforeunload", (event) => {
      if (this.#filming) event.preventDefault();
    });
    this.on(window, "pagehide", () => {
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
      this.review.clear();
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
    this.parts.turn.hidden = cameras.length < 2 || !this.preferences.picture;
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
    this.dataset.ms = "0";
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
    showPlace(this.parts.place, take, this.syncQueue);
    if (!take.refusal) return;
    showRefusal(this.parts.refusal, take);
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
    this.review.clear();
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
    if (!(await isConfirmed(this.parts.confirm))) return;
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
    this.state = state;
    stopPlayback();
    stopReading();
    this.showState(state, "[data-main]");
    if (state !== "recording" && state !== "paused") keepAwake(false);
    const found = state === "looking" && this.takes.current && isRecovered(this.takes.current);
    this.showOne("says", found ? "found" : state);
  }

  /** @param {string} code */
  #problem(code) {
    // What is true all the time is said whenever nothing is more urgent.
    this.showOne("problem", code || (this.store.keeps ? "" : "device_forbidden"));
  }

  #tick() {
    const loud = this.preview.level?.now ?? 0;
    this.parts.level.value = loud;
    const filming = this.#filming;
    if (!filming || this.state !== "recording") return;
    const { ms } = filming;
    this.dataset.ms = String(ms);
    this.parts.time.textContent = clock(ms);
    this.style.setProperty("--done", String(Math.min(1, ms / this.goalMs)));
    this.parts.enough.hidden = ms < this.goalMs;
    this.parts.nearly.hidden = ms < this.limitMs - 15_000;
    if (loud > HEARD) this.#heardAt = performance.now();
    this.parts.silent.hidden = performance.now() - this.#heardAt < SILENCE_MS;
    if (ms >= this.limitMs || (ms >= EMPTY_MS && !filming.begun)) this.#stop();
  }
}

customElements.define("cv-recorder", Recorder);
