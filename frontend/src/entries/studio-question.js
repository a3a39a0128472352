// The screen of one question: its answer can be said, and a job is found while it is typed.
import "../components/combobox.js";
import "../studio/voice-recorder.js";
