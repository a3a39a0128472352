// The dialog in which one says how one likes to film.

import { pageElement } from "../components/page-element.js";
import { Preferences } from "./preferences.js";

export class SettingsDialog extends pageElement({
  parts: {
    settings: HTMLDialogElement,
    close: HTMLElement,
    cameras: HTMLSelectElement,
    microphones: HTMLSelectElement,
  },
  events: ["devicewanted"],
}) {
  preferences = new Preferences();

  start() {
    const { settings, close } = this.parts;
    this.on(close, "click", () => settings.close());
    for (const field of this.querySelectorAll("[name]")) {
      const input = /** @type {HTMLInputElement | HTMLSelectElement} */ (field);
      this.on(input, "change", () => {
        this.preferences.change({ [input.name]: valueIn(input) });
        if (["camera", "microphone", "picture"].includes(input.name)) this.emit("devicewanted");
      });
    }
  }

  open() {
    for (const field of this.querySelectorAll("[name]")) {
      const input = /** @type {HTMLInputElement | HTMLSelectElement} */ (field);
      const value = /** @type {any} */ (this.preferences)[input.name];
      if (input instanceof HTMLInputElement && input.type === "checkbox") input.checked = value;
      else input.value = String(value);
    }
    this.parts.settings.showModal();
  }

  /**
   * @param {MediaDeviceInfo[]} cameras
   * @param {MediaDeviceInfo[]} microphones
   */
  offer(cameras, microphones) {
    fillChoices(this.parts.cameras, cameras);
    fillChoices(this.parts.microphones, microphones);
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

customElements.define("cv-settings", SettingsDialog);
