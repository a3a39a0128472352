// The queue, the page of a film under review, and that of a decision that came too late.

import { pageElement } from "../components/page-element.js";
import { jumpFromPictures, playAtOnce, startFast } from "./playback.js";
import { listenToKeys } from "./review-keys.js";
import { keepLock } from "./review-lock.js";
import { rememberOptions } from "./review-options.js";
import { openSentences } from "./sentence-openings.js";
import { countDown } from "./undo-countdown.js";

export class ReviewPage extends pageElement({
  // The lock's address is there while the film is this moderator's.
  inputs: { moderator: String, lock: String, lockSeconds: Number },
}) {
  start() {
    const { moderator, lock, lockSeconds } = this.inputs;
    const options = rememberOptions(this, moderator);
    listenToKeys(this, () => options.keys);
    jumpFromPictures(this);
    startFast(this, () => options.fast);
    if (lock) playAtOnce(this, () => options.fast);
    openSentences(this);
    if (lock) keepLock(this, lock, lockSeconds);
    countDown(this);
  }
}

customElements.define("cv-review", ReviewPage);
