// What the sentences ask of the film beside them: to play one of them, and which one is heard.

/** The player's element, once there is one; before, or without it, the plain video.
 * @returns {HTMLMediaElement | null} */
export function film() {
  return document.querySelector("film-video, video");
}

/** @param {HTMLElement} sentence an item with `data-start` and `data-end` (ms in the whole film) */
export function hear(sentence) {
  const playing = film();
  if (!playing) return;
  const [start, end] = times(sentence);
  stopAt = end;
  playing.currentTime = start / 1000;
  void playing.play();
}

/** Mark the sentence that is heard, and stop at the end of one that was asked for.
 * @param {HTMLElement} box */
export function follow(box) {
  // Media events do not bubble, and the player comes into being after this line.
  document.addEventListener("timeupdate", () => attend(box), true);
  document.addEventListener("pause", () => (stopAt = Number.POSITIVE_INFINITY), true);
}

let stopAt = Number.POSITIVE_INFINITY;
let heard = "";

/** @param {HTMLElement} box */
function attend(box) {
  const playing = film();
  if (!playing) return;
  const now = 1000 * playing.currentTime;
  if (now >= stopAt) playing.pause();
  for (const sentence of sentencesOf(box)) {
    const [start, end] = times(sentence);
    if (start <= now && now < end) mark(box, sentence);
    else sentence.removeAttribute("aria-current");
  }
}

/** @param {HTMLElement} box @param {HTMLElement} sentence */
function mark(box, sentence) {
  sentence.setAttribute("aria-current", "true");
  if (heard === sentence.dataset.start) return;
  heard = sentence.dataset.start ?? "";
  // Never away from where somebody types.
  if (!box.matches(":focus-within")) sentence.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement} box */
function sentencesOf(box) {
  return /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("[data-start]"));
}

/** @param {HTMLElement} sentence @returns {[number, number]} */
function times(sentence) {
  return [Number(sentence.dataset.start), Number(sentence.dataset.end)];
}
