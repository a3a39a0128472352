// The candidate's own pages: sends films, and keeps the page of a film up to date.
import { keepLive } from "../live/live-page.js";
import { enhance } from "../upload/upload-panel.js";

for (const page of document.querySelectorAll("[data-live]")) keepLive(page, enhanceAll);
enhanceAll(document);

/** @param {ParentNode} where */
function enhanceAll(where) {
  for (const section of where.querySelectorAll("[data-sender]")) enhance(section);
}
