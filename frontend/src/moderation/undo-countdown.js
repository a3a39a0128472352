// The seconds in which a decision can be undone run down. What was decided stays to be read, so
// that nothing on the page moves while a film is watched.

/** @param {HTMLElement} page */
export function countDown(page) {
  for (const bar of page.querySelectorAll("[data-undo]")) {
    if (bar instanceof HTMLElement) run(bar);
  }
}

/** @param {HTMLElement} bar */
function run(bar) {
  const end = performance.now() + 1000 * Number(bar.dataset.undo);
  const says = bar.querySelector("[data-undo-says]");
  const seconds = bar.querySelector("[data-undo-seconds]");
  // A region that is there with its words is not read out; one that gets them is.
  setTimeout(() => says?.append(says.getAttribute("data-undo-says") ?? ""), 100);
  const timer = setInterval(() => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (seconds) seconds.textContent = String(Math.max(left, 0));
    if (left > 0) return;
    clearInterval(timer);
    const form = bar.querySelector("form");
    if (form?.contains(document.activeElement)) bar.focus();
    form?.replaceChildren();
  }, 250);
}
