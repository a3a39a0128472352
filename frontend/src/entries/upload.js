// The candidate's own pages: sends films, and keeps the page of a film up to date.
import { keepUpToDate } from "../live/live-page.js";
import { takeOver } from "../upload/upload-panel.js";

for (const page of document.querySelectorAll("[data-live]")) keepUpToDate(page, takeOverAll);
takeOverAll(document);

/** @param {ParentNode} where */
function takeOverAll(where) {
  for (const section of where.querySelectorAll("[data-sender]")) takeOver(section);
}
