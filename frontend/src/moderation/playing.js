// What this page asks of the player: its time, its speed, and to go somewhere.

export const FAST = 1.5;

/** The film: the player's element, or the plain `<video>` before the player is there.
 * @param {ParentNode} page
 * @returns {HTMLMediaElement | null}
 */
export function filmOn(page) {
  return page.querySelector("film-video, video");
}

/** Pictures of the contact sheet and sentences of the transcript lead to their second.
 * @param {HTMLElement} page
 */
export function jumpFromPictures(page) {
  page.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const link = event.target.closest("[data-seek]");
    const film = filmOn(page);
    if (!(link instanceof HTMLElement) || !film) return;
    event.preventDefault();
    film.currentTime = Number(link.dataset.seek);
    page.querySelector("[data-seek][aria-current]")?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
  });
}

/** The first time the film plays, it plays faster, if the moderator wishes so.
 * @param {HTMLElement} page
 * @param {() => boolean} wanted
 */
export function startFast(page, wanted) {
  // Media events do not bubble, and the player may come into being after this line.
  page.addEventListener("play", () => wanted() && setSpeed(page, FAST), {
    capture: true,
    once: true,
  });
  page.querySelector('input[data-option="fast"]')?.addEventListener("change", (event) => {
    const on = event.target instanceof HTMLInputElement && event.target.checked;
    setSpeed(page, on ? FAST : 1);
  });
}

/**
 * @param {HTMLElement} page
 * @param {number} speed
 */
function setSpeed(page, speed) {
  const film = filmOn(page);
  if (film) film.playbackRate = speed;
}
