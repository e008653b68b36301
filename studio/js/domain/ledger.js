/** What a row of the ledger did to the balance, as src/reelstep/cli/tokens.py tells it. */

const SIGN = { RESERVE: -1, REFUND: 1, GRANT: 1 };

/**
 * @param {{type: string, tokens: number}} entry
 * @returns {{change: number|null, tokens: number, tone: "up"|"down"|"still"}} `change` is null where
 *   the balance stayed: what a film settles had left it when it was reserved
 */
export function movement({ type, tokens }) {
  const sign = SIGN[type];
  if (sign === undefined) return { change: null, tokens, tone: "still" };
  const change = sign * tokens;
  return { change, tokens, tone: change > 0 ? "up" : "down" };
}

/** The rows of another page after those that are shown; one that was there already is not doubled. */
export function joined(shown, more) {
  const known = new Set(shown.map(({ id }) => id));
  return [...shown, ...more.filter(({ id }) => !known.has(id))];
}
