// Bytes of takes in files of the site's own folder (OPFS). Only a worker may write them so that
// they are on the disk when it says so; this is the page's end of it.

import { trustedScriptUrl } from "../trusted-script.js";

/**
 * @typedef {object} BlobStore where the bytes of takes are kept
 * @property {(id: string, piece: ArrayBuffer) => Promise<number>} append resolves with the new
 *   size when the piece is durable; rejects with a QuotaExceededError when the device is full
 * @property {(id: string, start: number, end: number) => Promise<Blob>} read
 * @property {(id: string) => Promise<number>} size 0 where there is nothing
 * @property {(id: string) => Promise<void>} close nothing more will be appended
 * @property {(id: string) => Promise<void>} remove
 */

/**
 * Rejects where the browser has no such files.
 * @param {string} script address of the worker
 * @returns {Promise<BlobStore>}
 */
export async function openOpfsBlobs(script) {
  const worker = new Worker(/** @type {string} */ (trustedScriptUrl(script)));
  /** @type {Map<number, {resolve: (value: any) => void, reject: (reason: any) => void}>} */
  const waiting = new Map();
  let calls = 0;

  worker.onmessage = ({ data }) => {
    const call = waiting.get(data.call);
    waiting.delete(data.call);
    if (data.error) call?.reject(new DOMException(data.error.message, data.error.name));
    else call?.resolve(data.value);
  };
  worker.onerror = () => {
    for (const call of waiting.values()) call.reject(new DOMException("no worker", "AbortError"));
    waiting.clear();
  };

  /**
   * @param {string} verb
   * @param {any[]} args
   * @param {Transferable[]} [moved]
   * @returns {Promise<any>}
   */
  function ask(verb, args, moved = []) {
    calls += 1;
    const call = calls;
    return new Promise((resolve, reject) => {
      waiting.set(call, { resolve, reject });
      worker.postMessage({ call, verb, args }, moved);
    });
  }

  try {
    await ask("prove", []);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    append: (id, piece) => ask("append", [id, piece], [piece]),
    read: (id, start, end) => ask("read", [id, start, end]),
    size: (id) => ask("size", [id]),
    close: (id) => ask("close", [id]),
    remove: (id) => ask("remove", [id]),
  };
}
