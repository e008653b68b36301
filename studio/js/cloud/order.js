/**
 * A film is asked for once, whatever happens on the way: its Idempotency-Key is kept over a reload,
 * until the API has said yes or no.
 */

import { intention } from "../domain/wish.js";
import { ApiProblem } from "./api.js";

const KEY = "reelstep.intention";
// Not an answer to what was asked: who it was, or when.
const NOT_YET = new Set([401, 408, 429]);

/**
 * Who wanted what under which key: one wish, in this tab's sessionStorage, which a reload does not
 * empty. It is given back to that user alone, and gone as soon as somebody else is there.
 *
 * @param {Storage} storage one that does not throw (app/storage.js)
 */
export function intentionMemory(storage) {
  let held = null; // {user, key, text}
  try {
    held = JSON.parse(storage.getItem(KEY));
  } catch {
    // Not ours.
  }
  const keep = (next) => {
    held = next;
    if (next) storage.setItem(KEY, JSON.stringify(next));
    else storage.removeItem(KEY);
  };
  return {
    /** @returns {{key: string, text: string}|null} */
    find(user) {
      if (held && held.user !== user) keep(null);
      return held && { key: held.key, text: held.text };
    },
    keep: (user, { key, text }) => keep({ user, key, text }),
    /** With `key`: only that one, not what was wanted since. */
    forget: (key) => (!key || held?.key === key) && keep(null),
  };
}

/**
 * POST /api/v1/videos/generate.
 *
 * @param {{api: object, intentions: ReturnType<typeof intentionMemory>}} app
 * @param {string} user the id of who asks
 * @param {object} body
 * @returns {Promise<object>} the answer
 * @throws {ApiProblem} the same body under the same key may be sent again after it
 */
export async function order({ api, intentions }, user, body) {
  const intended = intention(intentions.find(user), body);
  intentions.keep(user, intended);
  try {
    const options = { json: body, idempotencyKey: intended.key };
    const made = await api.request("POST", "/api/v1/videos/generate", options);
    intentions.forget(intended.key);
    return made;
  } catch (problem) {
    if (definite(problem)) intentions.forget(intended.key);
    throw problem;
  }
}

/** It was refused: nothing was made, and nothing will be. */
function definite(problem) {
  const { status } = problem;
  return problem instanceof ApiProblem && status >= 400 && status < 500 && !NOT_YET.has(status);
}
