// Filming without a picture of oneself: an avatar whose rings move with the voice, as a stream.

const WIDTH = 1280;
const HEIGHT = 720;
const PICTURES_PER_S = 15;

export class AudioAvatar {
  #canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #ring = 0;

  /**
   * @param {string} name
   * @param {string} title
   * @param {() => number} level
   */
  constructor(name, title, level) {
    this.name = name;
    this.title = title;
    this.level = level;
    this.draw();
    // Not the screen's own rhythm: that stops when the screen shows something else.
    this.#timer = setInterval(() => this.draw(), 1000 / PICTURES_PER_S);
  }

  /** @returns {MediaStreamTrack} */
  get track() {
    return this.#canvas.captureStream(PICTURES_PER_S).getVideoTracks()[0];
  }

  close() {
    clearInterval(this.#timer);
  }

  draw() {
    const brush = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    this.#ring += (this.level() - this.#ring) * 0.3;
    brush.fillStyle = "#0d5c4b";
    brush.fillRect(0, 0, WIDTH, HEIGHT);
    for (const [reach, shade] of /** @type {[number, string][]} */ ([
      [170, "#14705c"],
      [90, "#1c8a72"],
      [0, "#faf8f3"],
    ])) {
      brush.beginPath();
      brush.arc(WIDTH / 2, 290, 120 + reach * this.#ring, 0, 2 * Math.PI);
      brush.fillStyle = shade;
      brush.fill();
    }
    brush.textAlign = "center";
    brush.fillStyle = "#0d5c4b";
    brush.font = "700 120px system-ui, sans-serif";
    brush.fillText(this.name.slice(0, 1).toUpperCase(), WIDTH / 2, 334);
    brush.fillStyle = "#faf8f3";
    brush.font = "700 56px system-ui, sans-serif";
    brush.fillText(this.name, WIDTH / 2, 560, WIDTH - 120);
    brush.font = "400 38px system-ui, sans-serif";
    brush.fillText(this.title, WIDTH / 2, 626, WIDTH - 120);
  }
}
