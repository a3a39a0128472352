// A phone that locks its screen stops sending. Keep it awake while bytes go, if it lets us.

/** @type {WakeLockSentinel | null} */
let held = null;
let wanted = false;

/** @param {boolean} awake */
export async function keepAwake(awake) {
  wanted = awake;
  if (awake && !held && document.visibilityState === "visible") {
    held = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    held?.addEventListener("release", () => {
      held = null;
    });
  }
  if (!wanted) await held?.release();
}

document.addEventListener("visibilitychange", () => {
  if (wanted) keepAwake(true); // the lock ends with the window's visibility
});
