// The QR code of an access card leads to its log-in page, with number and secret behind the "#"
// of the address: that part is never sent. It is put into the form and taken out of the address,
// so that neither the history nor somebody who looks at the screen keeps it.

const CARD = /^#(\d{12})-([\w-]+)$/;

/** @param {HTMLFormElement} form */
export function readCard(form) {
  const read = () => {
    const found = CARD.exec(location.hash);
    if (!found) return;
    history.replaceState(null, "", location.pathname + location.search);
    fill(form, "number", found[1].replace(/(.{4})(?=.)/g, "$1 "));
    fill(form, "secret", found[2]);
    form.querySelector("[data-card-read]")?.removeAttribute("hidden");
    field(form, "pin")?.focus();
  };
  // Scanned while the page is already open: only the part behind the "#" changes.
  addEventListener("hashchange", read);
  // Somebody types another card's number: the secret is not that card's.
  field(form, "number")?.addEventListener("input", () => fill(form, "secret", ""));
  read();
}

/** @param {HTMLFormElement} form @param {string} name */
function field(form, name) {
  const found = form.elements.namedItem(name);
  return found instanceof HTMLInputElement ? found : null;
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function fill(form, name, value) {
  const input = field(form, name);
  if (input) input.value = value;
}
