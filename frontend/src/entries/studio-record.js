// The page on which a chapter is filmed.
import { showForThisBrowser } from "../studio/browser.js";
import { offerToHear } from "../studio/hear.js";
import { openStudio } from "../studio/open.js";
import { offerToRead } from "../studio/reading.js";
import { Recorder } from "../studio/recorder.js";

const page = document.querySelector("[data-recorder]");
if (page instanceof HTMLElement) {
  offerToHear(page);
  showForThisBrowser(page);
  offerToRead();
  const { shelf, outbox } = await openStudio(page, () => {});
  await new Recorder(page, shelf, outbox).open();
}
