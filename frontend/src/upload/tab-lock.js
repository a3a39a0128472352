// One window sends a film, the others watch. The browser's own locks end with the window that
// holds them, however it ends; the server refuses a second sender in any case.

/** @param {string} fingerprint */
const nameOf = (fingerprint) => `cvtube-upload-${fingerprint}`;

/**
 * Hold the film for as long as `work` lasts. Says so once if another window holds it, and waits.
 * @param {string} fingerprint
 * @param {() => void} onElsewhere
 * @param {(waited: boolean) => Promise<void>} work
 */
export async function withTabLock(fingerprint, onElsewhere, work) {
  if (!navigator.locks) {
    await work(false);
    return;
  }
  const name = nameOf(fingerprint);
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
 * @param {string} fingerprint
 */
export async function isLockedElsewhere(fingerprint) {
  const locks = await navigator.locks?.query();
  return Boolean(locks?.held?.some((lock) => lock.name === nameOf(fingerprint)));
}

/**
 * Resolves when no window is sending this film any more.
 * @param {string} fingerprint
 */
export async function whenReleased(fingerprint) {
  await navigator.locks?.request(nameOf(fingerprint), () => {});
}
