// The look at camera, sound and light before filming.
import { showForThisBrowser } from "../studio/browser-kind.js";
import { DeviceCheck } from "../studio/device-check.js";
import { offerToRead } from "../studio/read-aloud.js";

const page = document.querySelector("[data-check]");
if (page instanceof HTMLElement) {
  showForThisBrowser(page);
  offerToRead();
  new DeviceCheck(page).open();
}
