// What stands beside a film waits for it: the player weighs more than the rest of the page, and
// comes when that is there.

const there = () => /** @type {HTMLMediaElement | null} */ (document.querySelector("film-video"));

/** The page's film, once its player is there. @returns {Promise<HTMLMediaElement>} */
export function whenFilmIsReady() {
  return new Promise((resolve) => {
    const look = () => {
      const film = there();
      if (film) resolve(film);
      return film;
    };
    if (!look()) document.addEventListener("filmready", look, { once: true });
  });
}
