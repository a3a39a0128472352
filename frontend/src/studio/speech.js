// Says one text: its recording where there is one, else the browser's own voice, if that knows the
// page's language. What neither can say is passed over. Which texts have a recording is only asked
// when the first one is to be heard.

const language = document.documentElement.lang;
const RATE = 0.95; // as the recordings

/** @type {Promise<Map<string, string>> | undefined} */
let recordings;

// Some browsers only begin to look for their voices when they are asked.
window.speechSynthesis?.getVoices();

/**
 * To be called while a press of a button is handled: only then do phones let later sounds out.
 * @param {string} index the address of {text: file name}
 * @returns {(text: string, signal: AbortSignal) => Promise<void>} resolves when it was said
 */
export function createSpeaker(index) {
  const audio = new Audio();
  audio.load();
  if (speaks()) window.speechSynthesis.speak(new SpeechSynthesisUtterance(""));
  return async (text, signal) => {
    const name = (await known(index)).get(text);
    if (signal.aborted) return;
    const heard = name && (await play(audio, new URL(name, new URL(index, location.href)), signal));
    if (!heard && !signal.aborted && speaks()) await speak(text, signal);
  };
}

/**
 * @param {string} index
 * @returns {Promise<Map<string, string>>}
 */
function known(index) {
  recordings ??= fetch(index).then(
    async (answer) => new Map(Object.entries(answer.ok ? await answer.json() : {})),
  );
  return recordings.catch(() => {
    recordings = undefined; // there was no network: the next text asks again
    return new Map();
  });
}

/**
 * @param {HTMLAudioElement} audio the one a press of a button has woken
 * @param {URL} address
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} whether it could be played
 */
function play(audio, address, signal) {
  return new Promise((resolve) => {
    const fail = () => resolve(false);
    const stop = () => {
      audio.pause();
      resolve(true);
    };
    signal.addEventListener("abort", stop, { once: true });
    audio.onended = stop;
    audio.onerror = fail;
    audio.src = address.href;
    audio.play().catch(fail);
  });
}

/** Whether the browser has a voice for this page; "fr-FR" on computers, "fr_FR" on some phones. */
function speaks() {
  const voices = window.speechSynthesis?.getVoices() ?? [];
  return voices.some((voice) => voice.lang.split(/[-_]/)[0] === language);
}

/**
 * @param {string} text
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function speak(text, signal) {
  const said = new SpeechSynthesisUtterance(text);
  said.lang = language;
  said.rate = RATE;
  return new Promise((resolve) => {
    const stop = () => {
      window.speechSynthesis.cancel();
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
    said.onend = said.onerror = () => resolve();
    window.speechSynthesis.speak(said);
  });
}
