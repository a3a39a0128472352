// The screen of one question: its answer can be said, and a job is found while it is typed.
import "../components/combobox.js";
import { showForThisBrowser } from "../studio/browser-kind.js";
import { VoiceRecorder } from "../studio/voice-recorder.js";

const panel = document.querySelector("[data-voice-recorder]");
if (panel instanceof HTMLElement) {
  showForThisBrowser(panel);
  await new VoiceRecorder(panel).open();
}
