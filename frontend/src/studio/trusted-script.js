// Addresses of scripts that a page may start. Where the browser guards them (Trusted Types), only
// this one place can make any, and only of this very site.

/** @type {{createScriptURL(address: string): string} | undefined} */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("cvtube-studio", {
  createScriptURL: (/** @type {string} */ address) => {
    const wanted = new URL(address, location.href);
    if (wanted.origin !== location.origin) throw new TypeError(`not ours: ${address}`);
    return wanted.href;
  },
});

/** @param {string} address */
export const trustedScriptUrl = (address) => policy?.createScriptURL(address) ?? address;
