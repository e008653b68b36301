/**
 * A value that can be watched. Setting it to what it is tells nobody.
 *
 * @template T
 * @param {T} first
 * @returns {{value: T, subscribe: (fn: (value: T) => void) => () => void}} `subscribe` calls `fn`
 *   with each new value, not with the present one, and gives back what stops it.
 */
export function signal(first) {
  let current = first;
  const listeners = new Set();
  return {
    get value() {
      return current;
    },
    set value(next) {
      if (Object.is(next, current)) return;
      current = next;
      for (const listener of [...listeners]) listener(next);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
