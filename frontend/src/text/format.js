// Sizes and times as people say them.

import { pageLanguage } from "../page/language.js";

/**
 * In units of 1024: 1536 bytes are 1.5 KB, or 1,5 ko.
 * @param {number} bytes
 * @param {string} [language]
 */
export function formatSize(bytes, language = pageLanguage()) {
  const units = ["kilobyte", "megabyte", "gigabyte"];
  let amount = bytes / 1024;
  let step = 0;
  while (amount >= 1000 && step < units.length - 1) {
    amount /= 1024;
    step += 1;
  }
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: units[step],
    maximumFractionDigits: amount < 10 && step > 0 ? 1 : 0,
  }).format(amount);
}

/**
 * Rounded so that it does not flicker: nobody plans by the second.
 * @param {number} seconds
 * @param {string} [language]
 */
export function formatDuration(seconds, language = pageLanguage()) {
  const [amount, unit] =
    seconds < 90
      ? [Math.max(5, Math.round(seconds / 5) * 5), "second"]
      : seconds < 5400
        ? [Math.round(seconds / 60), "minute"]
        : [Math.round(seconds / 3600), "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(
    amount,
  );
}

/**
 * 75000 -> 1:15
 * @param {number} ms
 */
export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * Put words into the places of a sentence: "{sent} of {whole}".
 * @param {string | undefined} sentence
 * @param {Record<string, string>} words
 */
export function fill(sentence, words) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (_, name) => words[name] ?? "");
}
