// The queue, the page of a film under review, and that of a decision that came too late.
// Everything there also works without this file.

import { jumpFromPictures, playAtOnce, startFast } from "../moderation/playback.js";
import { listenToKeys } from "../moderation/review-keys.js";
import { keepLock } from "../moderation/review-lock.js";
import { rememberOptions } from "../moderation/review-options.js";
import { openSentences } from "../moderation/sentence-openings.js";
import { countDown } from "../moderation/undo-countdown.js";

const page = document.querySelector("[data-review]");
if (page instanceof HTMLElement) {
  const options = rememberOptions(page);
  listenToKeys(page, () => options.keys);
  jumpFromPictures(page);
  startFast(page, () => options.fast);
  playAtOnce(page, () => options.fast);
  openSentences(page);
  keepLock(page);
  countDown(page);
}
