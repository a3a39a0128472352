// One letter for each decision. A letter never decides by itself: A goes to the button that
// approves, C and R open their forms. A slip of the finger must not show anybody's film.

const TEXT =
  "input:not([type=checkbox], [type=radio], [type=range], [type=submit]), textarea, select";

/**
 * @param {HTMLElement} page
 * @param {() => boolean} wanted whether the moderator has left the shortcuts on
 */
export function listenToKeys(page, wanted) {
  const help = page.querySelector("dialog[data-help]");
  const button = page.querySelector('button[data-key="?"]');
  button?.addEventListener("click", () => help instanceof HTMLDialogElement && help.showModal());
  // Capturing: the player has letters of its own, and on this page these come first.
  document.addEventListener("keydown", (event) => press(event, page, wanted()), { capture: true });
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} page
 * @param {boolean} wanted
 */
function press(event, page, wanted) {
  if (!wanted || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.isComposing || isTyping(event) || document.querySelector("dialog[open]")) return;
  const target = page.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!(target instanceof HTMLElement)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (target instanceof HTMLDetailsElement) open(target);
  else if (target.dataset.hint) goTo(target, page);
  else target.click();
}

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const [where] = event.composedPath();
  return where instanceof HTMLElement && (where.matches(TEXT) || where.isContentEditable);
}

/** @param {HTMLDetailsElement} form */
function open(form) {
  form.open = true;
  const first = form.querySelector("select, textarea");
  if (first instanceof HTMLElement) first.focus();
}

/**
 * @param {HTMLElement} button
 * @param {HTMLElement} page
 */
function goTo(button, page) {
  button.focus();
  const says = page.querySelector("[data-says]");
  if (says) says.textContent = button.dataset.hint ?? "";
}
