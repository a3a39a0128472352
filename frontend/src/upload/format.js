// Sizes and times as people say them, in the page's language.

const language = document.documentElement.lang || "fr";

/** @param {number} bytes */
export function size(bytes) {
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
 */
export function duration(seconds) {
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
 * Put words into the places of a sentence: "{sent} of {whole}".
 * @param {string | undefined} sentence
 * @param {Record<string, string>} words
 */
export function fill(sentence, words) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (_, name) => words[name] ?? "");
}
