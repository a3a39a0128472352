// In which form to record. MP4 first: phones encode H.264 in hardware, it plays everywhere, and
// the server decodes it cheapest.

const FORMS = [
  "video/mp4;codecs=avc1.42E01F,mp4a.40.2",
  "video/mp4;codecs=avc1.42E01F,opus",
  "video/mp4",
  "video/webm;codecs=vp8,opus",
  "video/webm;codecs=vp9,opus",
  "video/webm",
];

/** For sound alone; what is small and plays on other people's phones, too, comes first. */
const SOUND_FORMS = [
  "audio/mp4;codecs=mp4a.40.2",
  "audio/webm;codecs=opus",
  "audio/mp4",
  "audio/ogg;codecs=opus",
];

/** @param {string[]} forms */
const best = (forms) =>
  typeof MediaRecorder === "function"
    ? (forms.find((form) => MediaRecorder.isTypeSupported(form)) ?? "")
    : "";

/** The best form this browser can record, or empty where it can record none. */
export const bestVideoType = () => best(FORMS);

/** The same for sound alone. */
export const bestAudioType = () => best(SOUND_FORMS);

/** @param {string} mime */
export const extensionOf = (mime) => (mime.includes("mp4") ? "mp4" : "webm");
