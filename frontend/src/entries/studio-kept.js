// On the studio's other pages: takes that are only on this device are marked, and go on their way.

import { showKept } from "../studio/kept.js";
import { openStudio } from "../studio/open.js";

const page = document.querySelector("[data-kept]");
if (page instanceof HTMLElement) {
  const { shelf, outbox } = await openStudio(page, () => {});
  showKept(page.dataset.owner ?? "", shelf);
  shelf.addEventListener("change", () => showKept(page.dataset.owner ?? "", shelf));
  addEventListener("online", () => outbox.hurry());
}
