// The screens of the studio: read aloud, heard, and kept up to date. They work without it.
import { keepUpToDate } from "../live/live.js";
import { offerToHear } from "../studio/hear.js";
import { offerLink } from "../studio/link.js";
import { offerToRead } from "../studio/reading.js";

for (const page of document.querySelectorAll("[data-live]")) keepUpToDate(page, () => {});
offerToHear(document);
offerLink(document);
offerToRead();
