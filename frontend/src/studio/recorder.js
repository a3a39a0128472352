// The page on which one chapter is filmed. Nothing starts by itself: each state has one big button.

import { keepAwake } from "../upload/wake-lock.js";
import { alone, isHeldElsewhere } from "../upload/tab-lock.js";
import { bestForm } from "./container.js";
import { Countdown } from "./countdown.js";
import { canFilm, isAllowed, listDevices } from "./devices.js";
import { Filming } from "./take-recorder.js";
import { takeOf } from "./import-file.js";
import { stopHearing } from "./audio-playback.js";
import { clock, part, showOne, showState } from "./parts.js";
import { Prompter } from "./teleprompter.js";
import { stopReading } from "./read-aloud.js";
import { isFull, Problem } from "./device-errors.js";
import { Review } from "./take-review.js";
import { Settings } from "./settings-dialog.js";
import { isFound, isSame } from "./take-store/metadata.js";
import { Stage } from "./camera-preview.js";
import { isSure } from "./confirm.js";
import { showPlace, showRefusal, Takes } from "./take-list.js";
import { Wishes } from "./preferences.js";

const TICK_MS = 200;
const SHORTEST_MS = 1000; // the server takes nothing shorter
const SILENCE_MS = 5000;
const EMPTY_MS = 10_000; // a browser that has handed out nothing by then never will
const HEARD = 0.25; // of the level meter: a quiet room stays below it

/** @typedef {import("./take-store/metadata.js").Note} Note */

export class Recorder {
  state = "off";
  /** @type {Filming | null} */
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
   * @param {import("./take-store/take-store.js").Shelf} shelf
   * @param {import("./sync-queue.js").Outbox} outbox
   */
  constructor(page, shelf, outbox) {
    this.page = page;
    this.shelf = shelf;
    this.outbox = outbox;
    const { owner = "", film = "", chapter = "", name = "", title = "" } = page.dataset;
    this.about = { owner, film, chapter };
    this.limitMs = Number(page.dataset.limitS) * 1000;
    this.goalMs = Number(page.dataset.goalS) * 1000;
    this.wishes = new Wishes();
    if (page.dataset.camera === "rear") this.wishes.lean({ facing: "environment", camera: "" });
    this.stage = new Stage(
      /** @type {HTMLVideoElement} */ (part(page, "self")),
      this.wishes,
      { name, title },
      { lost: (code) => this.#lost(code), muted: (code) => this.#muted(code) },
    );
    this.prompter = new Prompter(part(page, "prompter"), this.wishes);
    this.countdown = new Countdown(part(page, "count"));
    this.review = new Review(part(page, "review"), () => this.#keepCut());
    this.takes = new Takes(part(page, "takes"), outbox, {
      look: (note) => this.#look(note),
      drop: (note) => this.#drop(note),
    });
    this.settings = new Settings(/** @type {HTMLDialogElement} */ (part(page, "settings")), {
      wishes: this.wishes,
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
    if (!canFilm() || !bestForm()) {
      this.#problem(globalThis.isSecureContext ? "no_recorder" : "not_secure");
      return this.#show("unable");
    }
    const mine = `studio-${this.about.film}`;
    if (await isHeldElsewhere(mine)) this.#standBack();
    alone(
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
    const notes = await this.#notes();
    const first = notes.filter(isFound).at(-1) ?? notes.find((note) => note.choice);
    if (first) return this.#look(first);
    if (await isAllowed(this.wishes.picture)) this.#turnOn();
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
      input.addEventListener("change", (event) => this.#takeFile(event));
    }
    this.shelf.addEventListener("change", () => this.#showTakes());
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.#showDevices());
    addEventListener("beforeunload", (event) => {
      if (this.#filming) event.preventDefault();
    });
    addEventListener("pagehide", () => {
      this.stage.turnOff();
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
      if (!(await this.stage.turnOn())) return;
      this.review.hide();
      this.takes.current = null;
      this.#show("ready");
      this.#showDevices();
      this.#showTakes();
    } catch (error) {
      this.#show("off");
      this.#problem(error instanceof Problem ? error.code : "recorder_failed");
    }
  }

  #turnAround() {
    const facing = this.wishes.facing === "user" ? "environment" : "user";
    this.wishes.change({ facing, camera: "" });
    this.#turnOn();
  }

  async #showDevices() {
    const { cameras, microphones } = await listDevices();
    this.settings.offer(cameras, microphones);
    part(this.page, "turn").hidden = cameras.length < 2 || !this.wishes.picture;
  }

  /** @param {string} code */
  async #lost(code) {
    this.countdown.cancel();
    if (this.#filming) await this.#stop();
    else this.#show("off");
    this.stage.turnOff();
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
    const { stream } = this.stage;
    if (!stream) return this.#show("off");
    try {
      const from = this.wishes.picture ? "camera" : "voice";
      const note = await this.shelf.begin({ ...this.about, mime: bestForm(), from });
      this.#filming = new Filming(stream, this.shelf, note, {
        problem: (code) => this.#lost(code),
      });
      this.#filming.start();
      this.#holdTake(note);
      this.outbox.take(note);
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
   * @param {Note} note
   */
  #holdTake(note) {
    const filming = this.#filming;
    alone(
      `recording-${note.id}`,
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
      const { ms, size } = filming.note;
      if (ms >= SHORTEST_MS && size > 0) return await this.#look(filming.note);
      await this.outbox.drop(filming.note);
      if (ms >= SHORTEST_MS) return this.#cannot();
    } catch {
      this.stage.turnOff(); // what is on the device is found when the page is opened again
      this.#show("off");
      return this.#problem("device_failed");
    }
    this.#show("ready");
    this.#problem("take_too_short");
  }

  /** The browser filmed, and handed out nothing. */
  #cannot() {
    this.stage.turnOff();
    this.#show("off");
    this.#problem("recorder_empty");
  }

  // -- choosing -------------------------------------------------------------------------------

  async #notes() {
    const all = await this.shelf.of(this.about.owner);
    return all.filter((note) => note.chapter === this.about.chapter);
  }

  async #showTakes() {
    this.takes.show(await this.#notes());
    const note = this.takes.current;
    if (!note) return;
    showPlace(part(this.page, "place"), note, this.outbox);
    if (!note.refusal) return;
    showRefusal(part(this.page, "refusal"), note);
    if (["looking", "chosen"].includes(this.state)) this.#show("refused");
  }

  /** @param {Note} note */
  async #look(note) {
    if (this.#filming || this.#elsewhere) return;
    this.stage.turnOff();
    this.#leave();
    this.takes.current = note;
    this.review.show(await this.shelf.whole(note), note);
    this.#show(this.#isAsChosen(note) ? "chosen" : "looking");
    this.#showTakes();
  }

  /**
   * What was chosen and is cut again wants to be chosen again.
   * @param {Note} note
   */
  #isAsChosen(note) {
    return note.choice !== null && isSame(note.choice, this.review.choice);
  }

  /** With its take, and at once: whoever looks at another one meanwhile finds it as it was left. */
  #keepCut() {
    const note = this.takes.current;
    if (!note) return;
    this.shelf.changeOften(note, { cut: this.review.choice }).catch(() => {});
    const state = this.#isAsChosen(note) ? "chosen" : "looking";
    if (state !== this.state && this.state !== "refused") this.#show(state);
  }

  /** The server hears how the take was cut that is not looked at any more. */
  #leave() {
    if (this.takes.current) this.outbox.take(this.takes.current);
  }

  async #again() {
    this.#leave();
    if (this.takes.current?.found) await this.shelf.change(this.takes.current, { found: false });
    this.review.hide();
    this.takes.current = null;
    this.#turnOn();
  }

  async #keep() {
    const note = this.takes.current;
    if (!note) return;
    for (const other of await this.#notes()) {
      if (!other.choice || other === note) continue;
      await this.shelf.change(other, { choice: null, settled: false });
      this.outbox.take(other);
    }
    await this.shelf.change(note, { choice: this.review.choice, settled: false });
    this.outbox.take(note);
    this.#show("chosen");
  }

  /** @param {Note} note */
  async #drop(note) {
    if (!(await isSure(part(this.page, "sure")))) return;
    await this.outbox.drop(note);
    if (this.takes.current === note) this.#again();
  }

  /** To where people find their own films, for one that the site does not take any more. */
  async #save() {
    const note = this.takes.current;
    if (!note) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await this.shelf.whole(note));
    link.download = `cvtube.${note.mime.includes("mp4") ? "mp4" : "webm"}`;
    link.click();
  }

  /**
   * A film of the phone's own camera app becomes a take like any other.
   * @param {Event} event
   */
  async #takeFile(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    if (!file) return;
    const before = this.state;
    this.#problem("");
    this.#show("saving");
    try {
      const note = await takeOf(file, this.about, this.shelf);
      this.outbox.take(note);
      await this.#look(note);
    } catch (error) {
      this.#show(before);
      this.#problem(isFull(error) ? "file_too_large" : "file_not_kept");
    }
    input.value = "";
  }

  // -- telling --------------------------------------------------------------------------------

  /** @param {string} state */
  #show(state) {
    this.#keyboard ||= this.page.contains(document.activeElement);
    this.state = state;
    stopHearing();
    stopReading();
    showState(this.page, state);
    if (state !== "recording" && state !== "paused") keepAwake(false);
    if (this.#keyboard) this.#moveFocus();
    const found = state === "looking" && this.takes.current && isFound(this.takes.current);
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
    showOne(this.page, "problem", code || (this.shelf.keeps ? "" : "device_forbidden"));
  }

  #tick() {
    const loud = this.stage.level?.now ?? 0;
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
