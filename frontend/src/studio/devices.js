// Camera and microphone: asked for together, so that people are asked once; when that fails, one
// by one, so that the sentence can name the one that is missing.

import { DeviceError, deviceErrorOf } from "./device-errors.js";

/**
 * @typedef {object} Wanted
 * @property {boolean} picture without it only the microphone is asked for
 * @property {string} [camera] id of a device
 * @property {string} [microphone]
 * @property {"user" | "environment"} facing
 */

/** A picture a phone of some years ago encodes while it films, and 720 lines of it. */
const PICTURE = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};

export const canFilm = () =>
  Boolean(navigator.mediaDevices?.getUserMedia) && typeof MediaRecorder === "function";

/**
 * @param {Wanted} wanted
 * @returns {Promise<MediaStream>}
 */
export async function openDevices(wanted) {
  const audio = { ...(wanted.microphone && { deviceId: { exact: wanted.microphone } }) };
  const video = {
    ...PICTURE,
    ...(wanted.camera ? { deviceId: { exact: wanted.camera } } : { facingMode: wanted.facing }),
  };
  if (!navigator.mediaDevices?.getUserMedia) throw new DeviceError("no_recorder");
  try {
    return await ask(wanted.picture ? { audio, video } : { audio });
  } catch (error) {
    if (wanted.camera || wanted.microphone) {
      // A device that was chosen once and is not plugged in today: any other will do.
      return openDevices({ ...wanted, camera: "", microphone: "" });
    }
    throw await blame(error, wanted);
  }
}

/** @param {MediaStreamConstraints} constraints */
const ask = (constraints) => navigator.mediaDevices.getUserMedia(constraints);

/**
 * @param {unknown} error
 * @param {Wanted} wanted
 */
async function blame(error, wanted) {
  if (!wanted.picture) return deviceErrorOf("microphone", error);
  const silent = await ask({ video: true }).then(close, (reason) =>
    deviceErrorOf("camera", reason),
  );
  if (silent) return silent;
  const blind = await ask({ audio: true }).then(close, (reason) =>
    deviceErrorOf("microphone", reason),
  );
  return blind ?? deviceErrorOf("camera", error);
}

/** @param {MediaStream | null | undefined} stream */
export function close(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * Devices by kind, with names once people have said yes.
 * @returns {Promise<{cameras: MediaDeviceInfo[], microphones: MediaDeviceInfo[]}>}
 */
export async function listDevices() {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return {
    cameras: all.filter((device) => device.kind === "videoinput"),
    microphones: all.filter((device) => device.kind === "audioinput"),
  };
}

/**
 * Whether people have said yes already, here: then they need not be asked again.
 * @param {boolean} picture
 */
export async function isAllowed(picture) {
  const names = picture ? ["camera", "microphone"] : ["microphone"];
  try {
    const answers = await Promise.all(
      names.map((name) =>
        navigator.permissions.query({ name: /** @type {PermissionName} */ (name) }),
      ),
    );
    return answers.every((answer) => answer.state === "granted");
  } catch {
    return false; // this browser does not tell
  }
}

/**
 * Say when a device is unplugged, taken away or silenced by another program.
 * @param {MediaStream} stream
 * @param {(code: string) => void} lost it will not come back
 * @param {(code: string) => void} muted it may come back
 */
export function watchDevices(stream, lost, muted) {
  for (const track of stream.getTracks()) {
    const kind = track.kind === "video" ? "camera" : "microphone";
    track.addEventListener("ended", () => lost(`${kind}_lost`));
    track.addEventListener("mute", () => muted(`${kind}_muted`));
  }
}
