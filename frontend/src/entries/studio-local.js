// On the studio's other pages: takes that are only on this device are marked, can be watched, and go
// on their way.

import { LocalOverlay } from "../studio/local-overlay.js";
import { LocalPreview } from "../studio/local-preview.js";
import { openStudio } from "../studio/open-studio.js";

const page = document.querySelector("[data-local-overlay]");
if (page instanceof HTMLElement) {
  const { owner = "", film = "", made = "" } = page.dataset;
  const { store, syncQueue } = await openStudio(page, () => {});
  const box = document.querySelector("[data-local-preview]");
  const preview = box instanceof HTMLElement ? new LocalPreview(box, { owner, film }, store) : null;
  const overlay = new LocalOverlay({ owner, film, made }, store);
  const show = () => {
    overlay.show();
    preview?.show();
  };
  show();
  store.addEventListener("change", show);
  addEventListener("online", () => syncQueue.retryNow());
}
