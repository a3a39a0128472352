// What cannot be undone is asked about first.

/**
 * Whether somebody means it; the question's other ways out all mean no.
 * @param {HTMLElement} question a dialog with a form whose buttons say "yes" and "no"
 * @returns {Promise<boolean>}
 */
export function isConfirmed(question) {
  const dialog = /** @type {HTMLDialogElement} */ (question);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
