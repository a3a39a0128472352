// The page on which a chapter is filmed.

import { offerPlayback } from "../studio/audio-playback.js";
import { showForThisBrowser } from "../studio/browser-kind.js";
import { openStudio } from "../studio/open-studio.js";
import { offerToRead } from "../studio/read-aloud.js";
import { Recorder } from "../studio/recorder.js";

const page = document.querySelector("[data-recorder]");
if (page instanceof HTMLElement) {
  offerPlayback(page);
  showForThisBrowser(page);
  offerToRead();
  const { store, syncQueue } = await openStudio(page, () => {});
  await new Recorder(page, store, syncQueue).open();
}
