// The page of one film: what stands beside the player goes along with it.

import { offerPreviews } from "../browse/hover-preview.js";
import { followFilm } from "../browse/moments.js";
import { offerMoment } from "../browse/share-moment.js";
import { offerTranscriptSearch } from "../browse/transcript-search.js";

offerPreviews(document);
const search = document.querySelector("[data-transcript-search]");
const transcript = document.querySelector("[data-transcript]");
if (search instanceof HTMLElement && transcript instanceof HTMLElement) {
  offerTranscriptSearch(search, transcript);
}

const there = () => /** @type {HTMLMediaElement | null} */ (document.querySelector("film-video"));
const film = await new Promise((/** @type {(film: HTMLMediaElement | null) => void} */ resolve) => {
  if (there()) resolve(there());
  else document.addEventListener("filmready", () => resolve(there()), { once: true });
});
if (film) {
  for (const list of document.querySelectorAll("[data-moments]")) {
    if (list instanceof HTMLElement) followFilm(list, film);
  }
  const button = document.querySelector("[data-share]");
  if (button instanceof HTMLElement) offerMoment(button, film);
}
