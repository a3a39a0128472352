// The screen of one question: its answer can be said, and a job is found while it is typed.
import "../components/combobox.js";
import { Saying } from "../studio/say.js";

const panel = document.querySelector("[data-say]");
if (panel instanceof HTMLElement) await new Saying(panel).open();
