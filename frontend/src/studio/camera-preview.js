// What is filmed: the camera's picture and the microphone's sound, or a drawn card instead of the
// picture.

import { Card } from "./audio-avatar.js";
import { close, openDevices, watchDevices } from "./devices.js";
import { Level } from "./level-meter.js";

export class Stage {
  /** @type {MediaStream | null} */
  stream = null;
  /** @type {Level | null} */
  level = null;
  /** @type {Card | null} */
  #card = null;
  #turns = 0;

  /**
   * @param {HTMLVideoElement} self where one sees oneself
   * @param {import("./preferences.js").Wishes} wishes
   * @param {{name: string, title: string}} words what the drawn card says
   * @param {{lost: (code: string) => void, muted: (code: string) => void}} told
   */
  constructor(self, wishes, words, told) {
    this.self = self;
    this.wishes = wishes;
    this.words = words;
    this.told = told;
    wishes.addEventListener("change", () => this.show());
    // A page that comes back as it was left has neither its camera nor its place.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  /**
   * Turn it on, as the wishes are now. False: it was turned off or on anew meanwhile, and whatever
   * came of this is nobody's any more. Rejects with a Problem.
   */
  async turnOn() {
    this.turnOff();
    const turn = this.#turns;
    const { picture, camera, microphone, facing } = this.wishes;
    const opening = openDevices({ picture, camera, microphone, facing });
    const devices = await opening.catch((error) => {
      if (turn === this.#turns) throw error;
      return null;
    });
    if (!devices || turn !== this.#turns) {
      close(devices);
      return false;
    }
    this.#devices = devices;
    watchDevices(devices, this.told.lost, this.told.muted);
    const level = new Level(devices);
    this.level = level;
    if (picture) {
      this.stream = devices;
    } else {
      this.#card = new Card(this.words.name, this.words.title, () => level.now);
      this.stream = new MediaStream([this.#card.track, ...devices.getAudioTracks()]);
    }
    this.self.srcObject = this.stream;
    this.self.play().catch(() => {}); // it begins when the page is seen
    this.show();
    return true;
  }

  /** @type {MediaStream | null} */
  #devices = null;

  turnOff() {
    this.#turns += 1;
    close(this.#devices);
    this.#card?.close();
    this.level?.close();
    this.self.srcObject = null;
    this.#devices = this.#card = this.level = this.stream = null;
  }

  show() {
    const { self, mirror, facing, picture } = this.wishes;
    this.self.dataset.hidden = String(!self);
    // A mirror is for one's own face: the world behind the phone, and words, stay as they are.
    this.self.dataset.mirrored = String(mirror && picture && facing === "user");
  }
}
