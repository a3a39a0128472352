// The screens of the studio: read aloud, heard, and kept up to date. They work without it.
import "../live/live-page.js";
import { offerPlayback } from "../studio/audio-playback.js";
import { offerToRead } from "../studio/read-aloud.js";
import { offerLink } from "../studio/share-link.js";

offerPlayback(document);
offerLink(document);
offerToRead();
