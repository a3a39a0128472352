// How bright the picture is. Only that: nothing here looks at what is in it.

const WIDTH = 32;
const HEIGHT = 18;
const DARK = 50; // of 255
const BRIGHT = 225;

export class LightCheck {
  #canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  #brush = this.#canvas.getContext("2d", { willReadFrequently: true });

  /**
   * @param {HTMLVideoElement} video
   * @returns {"dark" | "bright" | "good" | ""} empty while there is no picture
   */
  judge(video) {
    if (!this.#brush || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return "";
    this.#brush.drawImage(video, 0, 0, WIDTH, HEIGHT);
    const { data } = this.#brush.getImageData(0, 0, WIDTH, HEIGHT);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) {
      sum += 0.2126 * data[i] + 0.7152 * data[i + 1] + 0.0722 * data[i + 2]; // ITU-R BT.709
    }
    const mean = sum / (data.length / 4);
    if (mean < DARK) return "dark";
    return mean > BRIGHT ? "bright" : "good";
  }
}
