// The page on which a chapter is filmed.
import "../studio/audio-playback.js";
import "../studio/read-aloud.js";
import "../studio/recorder.js";
