// The dialog in which one says how one likes to film.

import { part } from "./parts.js";

export class SettingsDialog {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {{preferences: import("./preferences.js").Preferences, again: () => void}} told `again`: what is
   *   filmed has changed, so turn it on anew
   */
  constructor(dialog, { preferences, again }) {
    this.dialog = dialog;
    this.preferences = preferences;
    part(dialog, "close").addEventListener("click", () => dialog.close());
    for (const field of dialog.querySelectorAll("[name]")) {
      const input = /** @type {HTMLInputElement | HTMLSelectElement} */ (field);
      input.addEventListener("change", () => {
        preferences.change({ [input.name]: valueIn(input) });
        if (["camera", "microphone", "picture"].includes(input.name)) again();
      });
    }
  }

  open() {
    for (const field of this.dialog.querySelectorAll("[name]")) {
      const input = /** @type {HTMLInputElement | HTMLSelectElement} */ (field);
      const value = /** @type {any} */ (this.preferences)[input.name];
      if (input instanceof HTMLInputElement && input.type === "checkbox") input.checked = value;
      else input.value = String(value);
    }
    this.dialog.showModal();
  }

  /**
   * @param {MediaDeviceInfo[]} cameras
   * @param {MediaDeviceInfo[]} microphones
   */
  offer(cameras, microphones) {
    fillChoices(/** @type {HTMLSelectElement} */ (part(this.dialog, "cameras")), cameras);
    fillChoices(/** @type {HTMLSelectElement} */ (part(this.dialog, "microphones")), microphones);
  }
}

/** @param {HTMLInputElement | HTMLSelectElement} input */
function valueIn(input) {
  if (input instanceof HTMLInputElement && input.type === "checkbox") return input.checked;
  return input.type === "range" ? Number(input.value) : input.value;
}

/**
 * The first choice ("any") stays; the rest is what is plugged in.
 * @param {HTMLSelectElement} select
 * @param {MediaDeviceInfo[]} devices
 */
export function fillChoices(select, devices) {
  const { value } = select;
  const named = devices.filter((device) => device.deviceId && device.label);
  select.replaceChildren(
    select.options[0],
    ...named.map((device) => new Option(device.label, device.deviceId)),
  );
  select.value = named.some((device) => device.deviceId === value) ? value : "";
}
