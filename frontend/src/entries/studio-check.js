// The look at camera, sound and light before filming.
import { Check } from "../studio/check.js";
import { offerToRead } from "../studio/reading.js";

const page = document.querySelector("[data-check]");
if (page instanceof HTMLElement) {
  offerToRead();
  new Check(page).open();
}
