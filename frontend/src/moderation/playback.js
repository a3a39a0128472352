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

/** A review that opens plays by itself, if the moderator wishes so.
 *
 * Not a page that is only looked at, nor one that came back with a mistake in a form.
 * @param {HTMLElement} page
 * @param {() => boolean} wanted
 */
export function playAtOnce(page, wanted) {
  page.addEventListener(
    "filmready",
    () => {
      const asked = !page.querySelector("details.ruling[open]");
      const film = filmOn(page);
      if (!film || !asked || !wanted()) return;
      // Loading pauses what was asked to play before.
      if (film.readyState > 0) void play(page, film);
      else film.addEventListener("loadedmetadata", () => play(page, film), { once: true });
    },
    { once: true },
  );
}

/**
 * @param {HTMLElement} page
 * @param {HTMLMediaElement} film
 */
async function play(page, film) {
  try {
    await film.play();
  } catch (error) {
    // Browsers play sound by themselves only where somebody has pressed something before.
    const says = page.querySelector("[data-says]");
    if (says instanceof HTMLElement && error instanceof Error && error.name === "NotAllowedError")
      says.textContent = says.dataset.pressSpace ?? "";
  }
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
