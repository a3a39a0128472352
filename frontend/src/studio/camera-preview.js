// What is filmed: the camera's picture and the microphone's sound, or a drawn card instead of the
// picture.

import { AudioAvatar } from "./audio-avatar.js";
import { close, openDevices, watchDevices } from "./devices.js";
import { LevelMeter } from "./level-meter.js";

export class CameraPreview {
  /** @type {MediaStream | null} */
  stream = null;
  /** @type {LevelMeter | null} */
  level = null;
  /** @type {AudioAvatar | null} */
  #avatar = null;
  #turns = 0;

  /**
   * @param {HTMLVideoElement} self where one sees oneself
   * @param {import("./preferences.js").Preferences} preferences
   * @param {{name: string, title: string}} words what the drawn card says
   * @param {{lost: (code: string) => void, muted: (code: string) => void}} on
   */
  constructor(self, preferences, words, on) {
    this.self = self;
    this.preferences = preferences;
    this.words = words;
    this.on = on;
    preferences.addEventListener("change", () => this.show());
    // A page that comes back as it was left has neither its camera nor its place.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  /**
   * Turn it on, as the preferences are now. False: it was turned off or on anew meanwhile, and whatever
   * came of this is nobody's any more. Rejects with a Problem.
   */
  async turnOn() {
    this.turnOff();
    const turn = this.#turns;
    const { picture, camera, microphone, facing } = this.preferences;
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
    watchDevices(devices, this.on.lost, this.on.muted);
    const level = new LevelMeter(devices);
    this.level = level;
    if (picture) {
      this.stream = devices;
    } else {
      this.#avatar = new AudioAvatar(this.words.name, this.words.title, () => level.now);
      this.stream = new MediaStream([this.#avatar.track, ...devices.getAudioTracks()]);
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
    this.#avatar?.close();
    this.level?.close();
    this.self.srcObject = null;
    this.#devices = this.#avatar = this.level = this.stream = null;
  }

  show() {
    const { self, mirror, facing, picture } = this.preferences;
    this.self.dataset.hidden = String(!self);
    // A mirror is for one's own face: the world behind the phone, and words, stay as they are.
    this.self.dataset.mirrored = String(mirror && picture && facing === "user");
  }
}
