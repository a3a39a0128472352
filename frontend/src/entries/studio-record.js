// The page on which a chapter is filmed.
import { offerPlayback } from "../studio/audio-playback.js";
import { offerToRead } from "../studio/read-aloud.js";
import "../studio/recorder.js";

offerPlayback(document);
offerToRead();
