// The parts of a page by their names, and which of them belong to which state.

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} where
 * @param {string} name of its data attribute
 * @returns {T}
 */
export function part(where, name) {
  const found = where.querySelector(`[data-${name}]`);
  if (!found) throw new Error(`the page has no part "${name}"`);
  return /** @type {T} */ (found);
}

/**
 * Show what belongs to the state (data-in="ready recording") and hide what belongs to others.
 * @param {HTMLElement} where
 * @param {string} state
 */
export function showState(where, state) {
  where.dataset.state = state;
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (
    where.querySelectorAll("[data-in]")
  )) {
    element.hidden = !element.dataset.in?.split(" ").includes(state);
  }
}

/**
 * Of several sentences that are in the page, show the one with this name, or none.
 * @param {ParentNode} where
 * @param {string} attribute
 * @param {string} name
 */
export function showOne(where, attribute, name) {
  for (const element of where.querySelectorAll(`[data-${attribute}]`)) {
    const one = /** @type {HTMLElement} */ (element);
    one.hidden = one.getAttribute(`data-${attribute}`) !== name;
  }
}
