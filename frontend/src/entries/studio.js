// The screens of the studio: read aloud, heard, and kept up to date. They work without it.
import "../live/live-page.js";
import "../studio/audio-playback.js";
import "../studio/read-aloud.js";
import "../studio/share-link.js";
