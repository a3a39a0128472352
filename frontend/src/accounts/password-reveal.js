// A button beside each password that shows what is typed. It is hidden again when the form is
// sent, so that browsers offer to remember a password and not a plain text.

/** @param {ParentNode} page */
export function offerToReveal(page) {
  for (const place of page.querySelectorAll("[data-reveal]")) {
    const input = place.querySelector("input[type=password]");
    if (place instanceof HTMLElement && input instanceof HTMLInputElement) addButton(place, input);
  }
}

/** @param {HTMLElement} place @param {HTMLInputElement} input */
function addButton(place, input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link reveal";
  button.setAttribute("aria-controls", input.id);
  const show = (/** @type {boolean} */ visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = (visible ? place.dataset.hide : place.dataset.show) ?? "";
  };
  show(false);
  button.addEventListener("click", () => {
    show(input.type === "password");
    input.focus();
  });
  input.form?.addEventListener("submit", () => show(false));
  input.after(button);
}
