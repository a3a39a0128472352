// Finding words in a text whatever their case and accents.

/**
 * Where a text has what is wanted: the first place, as [start, end] in the text; null: nowhere.
 * @param {string} text
 * @param {string} wanted
 * @returns {[number, number] | null}
 */
export function findFolded(text, wanted) {
  const folded = fold(wanted);
  const at = folded ? fold(text).indexOf(folded) : -1;
  return at < 0 ? null : [at, at + folded.length];
}

/**
 * One letter stays one letter, so that places in the folded text are places in the text.
 * @param {string} text
 */
function fold(text) {
  return [...text.normalize("NFC")]
    .map((letter) => letter.normalize("NFD")[0]?.toLowerCase() ?? letter)
    .join("");
}
