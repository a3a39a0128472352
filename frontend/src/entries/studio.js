// The screens of the studio: read aloud, heard, and kept up to date. They work without it.
import { keepUpToDate } from "../live/live-page.js";
import { offerToHear } from "../studio/audio-playback.js";
import { offerLink } from "../studio/share-link.js";
import { offerToRead } from "../studio/read-aloud.js";

for (const page of document.querySelectorAll("[data-live]")) keepUpToDate(page, () => {});
offerToHear(document);
offerLink(document);
offerToRead();
