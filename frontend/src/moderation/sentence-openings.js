// A form that is opened means the part at which the film stands. A reason brings the beginning
// of a sentence, with that second. What the moderator has chosen or written is never replaced.
import { clock } from "../text/format.js";
import { filmOn } from "./playback.js";

/** @param {HTMLElement} page */
export function openSentences(page) {
  for (const form of page.querySelectorAll("form[data-openings]")) {
    if (!(form instanceof HTMLFormElement)) continue;
    const reason = form.querySelector("select[name$=reason]");
    const words = form.querySelector("textarea");
    if (!(reason instanceof HTMLSelectElement) || !words) continue;
    form.closest("details:not([open])")?.addEventListener("toggle", () => meanPart(page, form), {
      once: true,
    });
    /** @type {Record<string, string>} */
    const openings = JSON.parse(form.dataset.openings ?? "{}");
    let offered = "";
    reason.addEventListener("change", () => {
      if (words.value.trim() !== offered.trim()) return;
      const opening = openings[reason.value] ?? "";
      offered = opening.replace("%(time)s", clock(1000 * (filmOn(page)?.currentTime ?? 0)));
      words.value = offered;
      selectGap(words);
    });
    words.addEventListener("click", () => {
      if (offered && words.value === offered) selectGap(words);
    });
  }
}

/**
 * What is typed next takes the place of the "…".
 * @param {HTMLTextAreaElement} words
 */
function selectGap(words) {
  const gap = words.value.indexOf("…");
  if (gap >= 0) words.setSelectionRange(gap, gap + 1);
}

/**
 * @param {HTMLElement} page
 * @param {HTMLFormElement} form
 */
function meanPart(page, form) {
  const choice = form.querySelector("select[name$=clip]");
  const second = filmOn(page)?.currentTime ?? 0;
  const parts = [...page.querySelectorAll("[data-clip]")].filter(
    (part) => part instanceof HTMLElement && Number(part.dataset.start) <= second,
  );
  const clip = parts.at(-1)?.getAttribute("data-clip");
  if (!(choice instanceof HTMLSelectElement)) return;
  if ([...choice.options].some((option) => option.value === clip)) choice.value = clip ?? "";
}
