/** What the browser keeps for the page, as far as it is let. */

/**
 * A storage that never throws: what the browser does not take, because the person forbids it or it
 * is full, is held in memory and lasts until a reload.
 *
 * @param {() => Storage|undefined} open where it is forbidden, already looking at it throws
 * @returns {{getItem: Function, setItem: Function, removeItem: Function}} as in Storage
 */
export function lenient(open) {
  const held = new Map();
  return {
    getItem(key) {
      if (held.has(key)) return held.get(key);
      try {
        return open().getItem(key);
      } catch {
        return null;
      }
    },
    setItem(key, value) {
      held.set(key, String(value));
      try {
        open().setItem(key, value);
        held.delete(key);
      } catch {
        // It stays held.
      }
    },
    removeItem(key) {
      held.delete(key);
      try {
        open().removeItem(key);
      } catch {
        // Then nothing of it was there.
      }
    },
  };
}

/** Until the tab is closed. */
export const tabStorage = lenient(() => globalThis.sessionStorage);

/** For good. */
export const browserStorage = lenient(() => globalThis.localStorage);
