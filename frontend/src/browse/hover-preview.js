// A look into a film before opening it: while one points at a card, or has it in focus, its
// small pictures pass by. Nothing moves for those who asked for less motion.

const STEP_MS = 700;
const HESITATION_MS = 250; // passing over a wall must not load twenty sheets

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {{film: HTMLElement, stop: () => void} | null} */
let shown = null;

/** @param {Document} page */
export function offerPreviews(page) {
  page.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse") look(filmAt(event.target));
  });
  page.addEventListener("pointerout", (event) => {
    if (shown && !shown.film.contains(/** @type {Node | null} */ (event.relatedTarget))) look(null);
  });
  page.addEventListener("focusin", (event) => look(filmAt(event.target)));
  page.addEventListener("focusout", () => look(null));
}

/** @param {EventTarget | null} target */
function filmAt(target) {
  const film = target instanceof Element ? target.closest(".film") : null;
  return film instanceof HTMLElement ? film : null;
}

/** @param {HTMLElement | null} film */
function look(film) {
  if (shown?.film === film) return;
  shown?.stop();
  shown = null;
  const picture = film?.querySelector("[data-sheet]");
  if (!film || !(picture instanceof HTMLElement) || still.matches) return;
  shown = { film, stop: walk(picture) };
}

/** @param {HTMLElement} picture @returns {() => void} */
function walk(picture) {
  const { sheet = "", columns = "1", rows = "1", tiles = "1" } = picture.dataset;
  const view = document.createElement("div");
  view.className = "film-sheet";
  let timer = 0;
  const image = new Image();
  image.onload = () => {
    fit(view, picture, image, Number(columns), Number(rows));
    picture.append(view);
    let tile = 0;
    const step = () => {
      const column = tile % Number(columns);
      const row = Math.floor(tile / Number(columns));
      view.style.backgroundPosition = `-${column * view.clientWidth}px -${row * view.clientHeight}px`;
      tile = (tile + 1) % Number(tiles);
    };
    step();
    timer = window.setInterval(step, STEP_MS);
  };
  timer = window.setTimeout(() => {
    image.src = sheet;
  }, HESITATION_MS);
  return () => {
    image.onload = null;
    clearTimeout(timer);
    clearInterval(timer);
    view.remove();
  };
}

/** One tile as large as the card's picture holds, whole.
 * @param {HTMLElement} view @param {HTMLElement} picture @param {HTMLImageElement} image
 * @param {number} columns @param {number} rows */
function fit(view, picture, image, columns, rows) {
  const [width, height] = [image.width / columns, image.height / rows];
  const scale = Math.min(picture.clientWidth / width, picture.clientHeight / height);
  const [shownWidth, shownHeight] = [Math.round(width * scale), Math.round(height * scale)];
  view.style.width = `${shownWidth}px`;
  view.style.height = `${shownHeight}px`;
  view.style.backgroundImage = `url("${image.src}")`;
  view.style.backgroundSize = `${shownWidth * columns}px ${shownHeight * rows}px`;
}
