// The look at camera, sound and light before filming.
import { showForThisBrowser } from "../studio/browser.js";
import { Check } from "../studio/check.js";
import { offerToRead } from "../studio/reading.js";

const page = document.querySelector("[data-check]");
if (page instanceof HTMLElement) {
  showForThisBrowser(page);
  offerToRead();
  new Check(page).open();
}
