// Reads a screen aloud: a recording of it where there is one, else the browser's own voice, line
// by line, each marked while it is read. Without either the button does not appear.

const LINES = "h1, h2, p, legend, label, li, blockquote, textarea, .notice, .button";

/**
 * @param {HTMLButtonElement} button
 * @param {Element} where
 */
export function offerToRead(button, where) {
  const recording = button.dataset.audio?.trim();
  const voice = recording ? playing(new Audio(recording)) : speaking(where);
  if (!voice) return;
  const set = (/** @type {boolean} */ on) => button.setAttribute("aria-pressed", String(on));
  button.hidden = false;
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") return voice.stop();
    set(true);
    voice.start(() => set(false));
  });
  addEventListener("pagehide", () => voice.stop());
}

/**
 * @typedef {{start: (ended: () => void) => void, stop: () => void}} Voice
 * @param {HTMLAudioElement} audio
 * @returns {Voice}
 */
function playing(audio) {
  const ended = () => audio.dispatchEvent(new Event("ended"));
  return {
    start(tell) {
      audio.addEventListener("ended", tell, { once: true });
      audio.currentTime = 0;
      audio.play().catch(ended);
    },
    stop() {
      audio.pause();
      ended();
    },
  };
}

/**
 * @param {Element} where
 * @returns {Voice | null}
 */
function speaking(where) {
  const voices = window.speechSynthesis;
  if (!voices) return null;
  let turn = 0; // what was begun before it no longer counts
  /** @type {(() => void) | null} */
  let tell = null;

  const over = () => {
    turn += 1;
    for (const line of where.querySelectorAll(".is-read")) line.classList.remove("is-read");
    tell?.();
    tell = null;
  };

  /** @param {Element[]} lines */
  function next([line, ...rest]) {
    if (!line) return over();
    const mine = turn;
    const said = new SpeechSynthesisUtterance(words(line));
    said.lang = document.documentElement.lang;
    said.rate = 0.95;
    line.classList.add("is-read");
    said.onend = said.onerror = () => {
      if (mine !== turn) return;
      line.classList.remove("is-read");
      next(rest);
    };
    voices.speak(said);
  }

  return {
    start(ended) {
      over();
      tell = ended;
      next(lines(where));
    },
    stop() {
      over();
      voices.cancel();
    },
  };
}

/**
 * What stands on the screen, from top to bottom, nothing twice.
 * @param {Element} where
 */
export function lines(where) {
  const found = [...where.querySelectorAll(LINES)].filter(
    (line) => /** @type {HTMLElement} */ (line).offsetParent !== null && words(line),
  );
  return found.filter((line) => !found.some((other) => other !== line && other.contains(line)));
}

/** @param {Element} line */
function words(line) {
  const text = line instanceof HTMLTextAreaElement ? line.value : line.textContent;
  return (text ?? "").replace(/\s+/g, " ").trim();
}
