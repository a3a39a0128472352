// The page on which a chapter is filmed.
import { showForThisBrowser } from "../studio/browser-kind.js";
import { offerToHear } from "../studio/audio-playback.js";
import { openStudio } from "../studio/open-studio.js";
import { offerToRead } from "../studio/read-aloud.js";
import { Recorder } from "../studio/recorder.js";

const page = document.querySelector("[data-recorder]");
if (page instanceof HTMLElement) {
  offerToHear(page);
  showForThisBrowser(page);
  offerToRead();
  const { shelf, outbox } = await openStudio(page, () => {});
  await new Recorder(page, shelf, outbox).open();
}
