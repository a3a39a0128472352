// The look at camera, sound and light before filming.
import { Check } from "../studio/check.js";

const page = document.querySelector("[data-check]");
if (page instanceof HTMLElement) new Check(page).open();
