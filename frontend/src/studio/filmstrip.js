// The pictures of a take in a row, below the handles that cut it: what goes and what stays is seen.
// They are drawn from the take on this device, one after the other, when somebody is about to cut.

const WIDTH = 48; // of one picture, in CSS pixels
const TIMEOUT_MS = 4000; // a browser that cannot find one by then shows none of the others either

export class Filmstrip {
  #drawn = ""; // the address of the take whose pictures these are
  #asked = 0;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
  }

  clear() {
    this.#asked += 1;
    this.#drawn = "";
    const { width, height } = this.canvas;
    this.canvas.getContext("2d")?.clearRect(0, 0, width, height);
    this.canvas.dataset.pictures = "0";
  }

  /**
   * @param {string} address of the take
   * @param {number} ms how long it is
   */
  async draw(address, ms) {
    if (this.#drawn === address) return;
    this.clear();
    this.#drawn = address;
    const asked = this.#asked;
    const film = document.createElement("video");
    film.muted = film.playsInline = true;
    film.preload = "auto";
    film.src = address;
    try {
      await once(film, "loadeddata");
      if (film.videoWidth > 0) await this.#drawAll(film, ms, () => asked === this.#asked);
    } catch {
      // The handles work without pictures, too.
    }
    film.removeAttribute("src");
    film.load();
  }

  /**
   * @param {HTMLVideoElement} film
   * @param {number} ms
   * @param {() => boolean} wanted
   */
  async #drawAll(film, ms, wanted) {
    const { canvas } = this;
    const scale = Math.min(devicePixelRatio, 2);
    canvas.width = Math.round(canvas.clientWidth * scale);
    canvas.height = Math.round(canvas.clientHeight * scale);
    const count = Math.max(1, Math.round(canvas.clientWidth / WIDTH));
    for (let index = 0; index < count; index += 1) {
      const found = once(film, "seeked");
      film.currentTime = ((index + 0.5) / count) * (ms / 1000);
      await found;
      if (!wanted()) return;
      this.#put(film, (canvas.width * index) / count, canvas.width / count);
      canvas.dataset.pictures = String(index + 1);
    }
  }

  /**
   * The middle of the picture, as large as fits.
   * @param {HTMLVideoElement} film
   * @param {number} left
   * @param {number} width
   */
  #put(film, left, width) {
    const { height } = this.canvas;
    const { videoWidth, videoHeight } = film;
    const scale = Math.max(width / videoWidth, height / videoHeight);
    const [w, h] = [width / scale, height / scale];
    const [x, y] = [(videoWidth - w) / 2, (videoHeight - h) / 2];
    this.canvas.getContext("2d")?.drawImage(film, x, y, w, h, left, 0, width, height);
  }
}

/**
 * @param {HTMLVideoElement} film
 * @param {string} event
 * @returns {Promise<void>}
 */
function once(film, event) {
  return new Promise((resolve, reject) => {
    film.addEventListener(event, () => resolve(), { once: true });
    film.addEventListener("error", reject, { once: true });
    setTimeout(reject, TIMEOUT_MS);
  });
}
