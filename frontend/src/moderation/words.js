// A reason brings the beginning of a sentence, with the second the film stands at. What the
// moderator has written is never replaced.
import { filmOn } from "./playing.js";

/** @param {HTMLElement} page */
export function openSentences(page) {
  for (const form of page.querySelectorAll("form[data-openings]")) {
    if (!(form instanceof HTMLFormElement)) continue;
    const reason = form.querySelector("select[name$=reason]");
    const words = form.querySelector("textarea");
    if (!(reason instanceof HTMLSelectElement) || !words) continue;
    /** @type {Record<string, string>} */
    const openings = JSON.parse(form.dataset.openings ?? "{}");
    let offered = "";
    reason.addEventListener("change", () => {
      if (words.value.trim() !== offered.trim()) return;
      const opening = openings[reason.value] ?? "";
      offered = opening.replace("%(time)s", clock(filmOn(page)?.currentTime ?? 0));
      words.value = offered;
    });
  }
}

/** @param {number} seconds */
function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
