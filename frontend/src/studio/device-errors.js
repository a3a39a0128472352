// What can go wrong with a device, by the code whose sentence the page holds (the table is in
// cvtube/candidate/record/problems.py). Browsers name the reasons; the Media Capture specification lists them.

export class DeviceError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** @type {Record<string, string>} */
const BY_NAME = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/**
 * @param {"camera" | "microphone"} kind
 * @param {unknown} error
 */
export function deviceErrorOf(kind, error) {
  const name = error instanceof DOMException || error instanceof Error ? error.name : "";
  return new DeviceError(`${kind}_${BY_NAME[name] ?? "busy"}`);
}

/** @param {unknown} error */
export const isQuotaExceeded = (error) =>
  error instanceof DOMException && error.name === "QuotaExceededError";
