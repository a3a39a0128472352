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

export class Preferences extends EventTarget {
  /** @type {typeof FIRST} */
  #all = FIRST;
  /** @type {Partial<typeof FIRST>} */
  #overrides = {};

  constructor() {
    super();
    try {
      this.#all = { ...FIRST, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
    } catch {
      // A browser that keeps nothing: the defaults, each time.
    }
  }

  get #now() {
    return { ...this.#all, ...this.#overrides };
  }

  get camera() {
    return this.#now.camera;
  }
  get microphone() {
    return this.#now.microphone;
  }
  get facing() {
    return this.#now.facing === "environment" ? "environment" : "user";
  }
  /** Whether one wants to be seen. */
  get picture() {
    return this.#now.picture;
  }
  get mirror() {
    return this.#now.mirror;
  }
  /** Whether one wants to see oneself. */
  get self() {
    return this.#now.self;
  }
  get prompter() {
    return this.#now.prompter;
  }
  get speed() {
    return step(this.#now.speed);
  }
  get size() {
    return step(this.#now.size);
  }
  get place() {
    return this.#now.place;
  }

  /**
   * For this page alone: some chapters show hands at work, not a face.
   * @param {Partial<typeof FIRST>} values
   */
  override(values) {
    this.#overrides = { ...this.#overrides, ...values };
  }

  /** @param {Partial<typeof FIRST>} values */
  change(values) {
    this.#all = { ...this.#all, ...values };
    for (const name of Object.keys(values)) delete (/** @type {any} */ (this.#overrides)[name]);
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
