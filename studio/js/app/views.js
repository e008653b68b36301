/** The pages: each is loaded when it is first looked at, and all of them once there is time. */

export const VIEWS = {
  "sign-in": () => import("../views/sign-in.js"),
  create: () => import("../views/create.js"),
  film: () => import("../views/film.js"),
  library: () => import("../views/library.js"),
  account: () => import("../views/account.js"),
  uploads: () => import("../views/uploads.js"),
  queue: () => import("../views/queue.js"),
  unknown: () => import("../views/unknown.js"),
};

const NO_IDLE = 2000; // milliseconds, where a browser does not say when it is idle
const AT_LAST = 10_000; // milliseconds, where it never is

/**
 * Load what is not loaded yet, so that a network that is lost later does not keep anybody from
 * changing pages. What cannot be had now is asked for again when it is looked at.
 *
 * @param {Object<string, () => Promise<any>>} [views]
 * @param {{requestIdleCallback?: Function, setTimeout: Function}} [window]
 */
export function allAhead(views = VIEWS, window = globalThis) {
  const load = () => Promise.allSettled(Object.values(views).map((view) => view()));
  if (window.requestIdleCallback) window.requestIdleCallback(load, { timeout: AT_LAST });
  else window.setTimeout(load, NO_IDLE);
}
