// How many characters may still be typed; said aloud only when typing pauses.

const PAUSE_MS = 900;

/** @param {ParentNode} page */
export function countCharacters(page) {
  for (const text of page.querySelectorAll("textarea[data-left]")) {
    if (text instanceof HTMLTextAreaElement && text.maxLength > 0) addCounter(text);
  }
}

/** @param {HTMLTextAreaElement} text */
function addCounter(text) {
  const shown = document.createElement("p");
  shown.className = "hint";
  shown.setAttribute("aria-hidden", "true");
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  let timer = 0;
  const words = () =>
    (text.dataset.left ?? "").replace("{n}", String(text.maxLength - text.value.length));
  const count = () => {
    shown.textContent = words();
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      said.textContent = words();
    }, PAUSE_MS);
  };
  shown.textContent = words();
  text.addEventListener("input", count);
  text.after(shown, said);
}
