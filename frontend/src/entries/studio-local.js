// On the studio's other pages: takes that are only on this device are marked, can be watched, and go
// on their way.

import { Kept } from "../studio/local-overlay.js";
import { openStudio } from "../studio/open-studio.js";
import { Premiere } from "../studio/local-preview.js";

const page = document.querySelector("[data-kept]");
if (page instanceof HTMLElement) {
  const { owner = "", film = "", made = "" } = page.dataset;
  const { shelf, outbox } = await openStudio(page, () => {});
  const box = document.querySelector("[data-premiere]");
  const premiere = box instanceof HTMLElement ? new Premiere(box, { owner, film }, shelf) : null;
  const kept = new Kept({ owner, film, made }, shelf);
  const show = () => {
    kept.show();
    premiere?.show();
  };
  show();
  shelf.addEventListener("change", show);
  addEventListener("online", () => outbox.hurry());
}
