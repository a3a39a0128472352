// A link to give away: copied, or handed to whatever the phone sends things with. Without scripts,
// the address stands in a field that can be selected.

/** @param {ParentNode} page */
export function offerLink(page) {
  const field = page.querySelector("#my-link");
  if (!(field instanceof HTMLInputElement)) return;
  field.addEventListener("focus", () => field.select());
  const copy = page.querySelector("[data-copy-link]");
  if (copy instanceof HTMLButtonElement) offerToCopy(copy, field);
  const send = page.querySelector("[data-send-link]");
  if (send instanceof HTMLButtonElement && "share" in navigator) {
    send.hidden = false;
    // A person who changes their mind is no error.
    send.addEventListener("click", () => navigator.share({ url: field.value }).catch(() => {}));
  }
}

/** @param {HTMLButtonElement} button @param {HTMLInputElement} field */
function offerToCopy(button, field) {
  const answer = button.parentElement?.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // without HTTPS a page may not write to the clipboard
    }
    if (answer) answer.textContent = button.dataset.copied ?? "";
  });
}
