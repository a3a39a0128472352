// What our elements are made of. Each declares at its top what it is given, what it works with
// and what it tells:
//
//   class CharacterCounter extends pageElement({
//     inputs: { left: String },               data-left="…" of the element itself
//     parts: { text: HTMLTextAreaElement },   the element inside that has data-text
//     events: ["counted"],                    what emit() may say
//   }) {
//     start() {
//       this.on(this.parts.text, "input", () => …);
//     }
//   }
//
// A browser may make an element before what is inside it: parts and inputs are there from start()
// on, and a field of the class that reads them throws. Whatever it listens to ends when it leaves
// the page. Without a script its tag means nothing, and
// what is inside it is the page as it works then.

/**
 * @template {Record<string, (text: string) => unknown>} I
 * @template {Record<string, new () => Element>} P
 * @template {string} E
 * @param {{inputs?: I, parts?: P, events?: E[]}} declared a `Boolean` input is whether there is
 *   such an attribute
 */
export function pageElement({ inputs, parts }) {
  return class extends HTMLElement {
    #listening = new AbortController();
    #hasStarted = false;
    #hasKeyboard = false;

    /** @type {{readonly [K in keyof I]: ReturnType<I[K]>}} as the attributes are now */
    inputs = getters(inputs, (name, read) => {
      this.#demandStart();
      return read === Boolean ? name in this.dataset : read(this.dataset[name] ?? "");
    });

    /** @type {{readonly [K in keyof P]: InstanceType<P[K]>}} reading one that is not there throws */
    parts = getters(parts, (name, kind) => {
      this.#demandStart();
      const found = this.querySelector(attribute(name));
      if (!(found instanceof kind)) throw new TypeError(`<${this.localName}> has no ${name}`);
      return found;
    });

    connectedCallback() {
      this.#listening = new AbortController();
      this.#hasStarted = true;
      void this.start();
    }

    disconnectedCallback() {
      this.#listening.abort();
    }

    #demandStart() {
      if (!this.#hasStarted) throw new TypeError(`<${this.localName}> is not in the page yet`);
    }

    /** What an element does once it is in the page. @returns {void | Promise<void>} */
    start() {}

    /**
     * @param {EventTarget | null | undefined} target
     * @param {string} type
     * @param {(event: any) => unknown} listener
     * @param {AddEventListenerOptions} [options]
     */
    on(target, type, listener, options) {
      target?.addEventListener(type, listener, { ...options, signal: this.#listening.signal });
    }

    /**
     * What its buttons do: `data-do="stop"` is an action's name.
     * @param {Record<string, () => unknown>} actions
     */
    onPress(actions) {
      this.on(this, "click", ({ target }) => {
        const button = target instanceof Element ? target.closest("[data-do]") : null;
        actions[button?.getAttribute("data-do") ?? ""]?.();
      });
    }

    /**
     * @param {E} event
     * @param {unknown} [detail]
     */
    emit(event, detail) {
      this.dispatchEvent(new CustomEvent(event, { bubbles: true, detail }));
    }

    /**
     * All parts with this name, for those that may be many, or none.
     * @param {string} name
     * @returns {HTMLElement[]}
     */
    all(name) {
      return [.../** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(attribute(name)))];
    }

    /**
     * Show what belongs to a state (data-in="ready recording"), and hide what belongs to others.
     * What was pressed may be hidden by that: the keyboard then goes on at the first of `focus`
     * that is seen, now or in a later state.
     * @param {string} state
     * @param {string} [focus] a selector
     */
    showState(state, focus) {
      this.#hasKeyboard ||= this.contains(document.activeElement);
      this.dataset.state = state;
      for (const one of this.all("in")) one.hidden = !one.dataset.in?.split(" ").includes(state);
      if (focus && this.#hasKeyboard) this.#hasKeyboard = !this.#rescueFocus(focus);
    }

    /** @param {string} candidates */
    #rescueFocus(candidates) {
      const focused = document.activeElement;
      if (focused !== document.body && isSeen(focused)) return true;
      const next = [...this.querySelectorAll(candidates)].find(isSeen);
      if (next instanceof HTMLElement) next.focus();
      return next !== undefined;
    }

    /**
     * Of several sentences that are in the page, show the one with this value, or none.
     * @param {string} name of their attribute
     * @param {string} value
     */
    showOne(name, value) {
      showOne(this, name, value);
    }
  };
}

/**
 * The same within some other element.
 * @param {ParentNode} where
 * @param {string} name
 * @param {string} value
 */
export function showOne(where, name, value) {
  for (const one of where.querySelectorAll(attribute(name))) {
    one.toggleAttribute("hidden", one.getAttribute(`data-${kebab(name)}`) !== value);
  }
}

/** What an input with a list or an object in it is read by. @param {string} text */
export const json = (text) => JSON.parse(text || "null");

/** @param {Element | null} element */
const isSeen = (element) => element instanceof HTMLElement && element.offsetParent !== null;

/** @param {string} name */
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** @param {string} name */
const attribute = (name) => `[data-${kebab(name)}]`;

/**
 * An object whose values are looked up each time they are read.
 * @param {Record<string, any> | undefined} declared
 * @param {(name: string, declaration: any) => unknown} look
 * @returns {any}
 */
function getters(declared, look) {
  const found = {};
  for (const [name, declaration] of Object.entries(declared ?? {})) {
    Object.defineProperty(found, name, { get: () => look(name, declaration) });
  }
  return found;
}
