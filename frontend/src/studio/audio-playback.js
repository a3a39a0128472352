// One's own voice notes, played by a button; one at a time. Without a script the page has the
// browser's own player instead.

/** @type {(() => void) | null} ends what is heard now */
let hush = null;

/** Whatever is heard, not any more. */
export const stopPlayback = () => hush?.();

/** @param {ParentNode} where */
export function offerPlayback(where) {
  for (const button of where.querySelectorAll("[data-hear]")) {
    if (button instanceof HTMLButtonElement) offer(button);
  }
  addEventListener("pagehide", stopPlayback);
}

/** @param {HTMLButtonElement} button */
function offer(button) {
  const audio = new Audio();
  const says = Object.assign(document.createElement("span"), { className: "hear-says" });
  says.setAttribute("role", "status");
  button.after(audio, says);
  button.hidden = false;
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") === "true";
    stopPlayback();
    if (!on) start();
  });

  function start() {
    says.textContent = "";
    button.setAttribute("aria-pressed", "true");
    hush = stop;
    next(button.dataset.hear?.trim().split(/\s+/) ?? []);
  }

  function stop() {
    hush = null;
    audio.pause();
    audio.onended = audio.onerror = null;
    button.setAttribute("aria-pressed", "false");
  }

  /** @param {string[]} addresses */
  function next([address, ...rest]) {
    if (!address) return stop();
    audio.onended = () => next(rest);
    audio.onerror = () => {
      stop();
      says.textContent = button.dataset.failed ?? "";
    };
    audio.src = address; // anew each time: it may have been said again
    audio.play().catch(() => {}); // what keeps it from playing is told by onerror
  }
}
