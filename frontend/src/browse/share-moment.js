// The address of this very moment, to send to a colleague (who needs an account of their own).

/** @param {HTMLElement} button @param {HTMLMediaElement} film */
export function offerMoment(button, film) {
  const answer = button.parentElement?.querySelector("[data-share-answer]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const address = new URL(location.href);
    address.searchParams.set("t", String(Math.floor(film.currentTime)));
    history.replaceState(history.state, "", address);
    let said = button.dataset.shown;
    try {
      await navigator.clipboard.writeText(address.href);
      said = button.dataset.copied;
    } catch {
      // Without HTTPS a page may not use the clipboard: the address bar has it.
    }
    if (answer) answer.textContent = said ?? "";
  });
}
