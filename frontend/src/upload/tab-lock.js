// One window sends a film, the others watch. The browser's own locks end with the window that
// holds them, however it ends; the server refuses a second sender in any case.

/** @param {string} key */
const nameOf = (key) => `cvtube-upload-${key}`;

/**
 * Hold the film for as long as `work` lasts. Says so once if another window holds it, and waits.
 * @param {string} key
 * @param {() => void} onElsewhere
 * @param {(waited: boolean) => Promise<void>} work
 */
export async function withTabLock(key, onElsewhere, work) {
  if (!navigator.locks) {
    await work(false);
    return;
  }
  const name = nameOf(key);
  const had = await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work(false);
    return lock !== null;
  });
  if (had) return;
  onElsewhere();
  await navigator.locks.request(name, () => work(true));
}

/**
 * Whether another window is sending this film just now.
 * @param {string} key
 */
export async function isLockedElsewhere(key) {
  const locks = await navigator.locks?.query();
  return Boolean(locks?.held?.some((lock) => lock.name === nameOf(key)));
}

/**
 * Resolves when no window is sending this film any more.
 * @param {string} key
 */
export async function whenReleased(key) {
  await navigator.locks?.request(nameOf(key), () => {});
}
