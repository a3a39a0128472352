// How somebody likes to film, remembered on this device.

const KEY = "cvtube-studio";
const FIRST = {
  camera: "",
  microphone: "",
  facing: "user",
  picture: true,
  mirror: true,
  self: true,
  prompter: true,
  speed: 2,
  size: 2,
  place: "top",
};

export class Wishes extends EventTarget {
  /** @type {typeof FIRST} */
  #all = FIRST;

  constructor() {
    super();
    try {
      this.#all = { ...FIRST, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
    } catch {
      // A browser that keeps nothing: the first wishes, each time.
    }
  }

  get camera() {
    return this.#all.camera;
  }
  get microphone() {
    return this.#all.microphone;
  }
  get facing() {
    return this.#all.facing === "environment" ? "environment" : "user";
  }
  /** Whether one wants to be seen. */
  get picture() {
    return this.#all.picture;
  }
  get mirror() {
    return this.#all.mirror;
  }
  /** Whether one wants to see oneself. */
  get self() {
    return this.#all.self;
  }
  get prompter() {
    return this.#all.prompter;
  }
  get speed() {
    return step(this.#all.speed);
  }
  get size() {
    return step(this.#all.size);
  }
  get place() {
    return this.#all.place;
  }

  /**
   * For this page alone: some chapters show hands at work, not a face.
   * @param {Partial<typeof FIRST>} wish
   */
  lean(wish) {
    this.#all = { ...this.#all, ...wish };
  }

  /** @param {Partial<typeof FIRST>} wish */
  change(wish) {
    this.#all = { ...this.#all, ...wish };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#all));
    } catch {
      // They hold for this page, then.
    }
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {unknown} value */
const step = (value) => Math.min(4, Math.max(0, Math.round(Number(value)) || 0));
