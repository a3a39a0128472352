// The page on which a chapter is filmed.
import { openStudio } from "../studio/open.js";
import { Recorder } from "../studio/recorder.js";

const page = document.querySelector("[data-recorder]");
if (page instanceof HTMLElement) {
  const { shelf, outbox } = await openStudio(page, () => {});
  await new Recorder(page, shelf, outbox).open();
}
