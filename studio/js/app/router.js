/** Addresses after the `#`, because the page lives in more than one folder. */

/** Path → name of its view. `:id` takes one segment. `feature`: only where it is switched on. */
export const ROUTES = [
  { path: "/", name: "create" },
  { path: "/films", name: "library" },
  { path: "/films/:id", name: "film" },
  { path: "/account", name: "account" },
  { path: "/uploads", name: "uploads", feature: "uploads" },
  { path: "/queue", name: "queue" },
];

/**
 * What an address means.
 *
 * @param {string} hash "#/films/42?page=2"; empty is the first page
 * @param {string[]} [features] what the deployment has
 * @returns {{name: string, params: Object<string, string>, query: URLSearchParams}} name
 *   "unknown" where nothing is
 */
export function match(hash, features = []) {
  const [rawPath, rawQuery = ""] = hash.replace(/^#/, "").split("?", 2);
  const path = segments(rawPath);
  const query = new URLSearchParams(rawQuery);
  for (const route of ROUTES) {
    if (route.feature && !features.includes(route.feature)) continue;
    const params = fit(segments(route.path), path);
    if (params) return { name: route.name, params, query };
  }
  return { name: "unknown", params: {}, query };
}

/** Calls `onRoute` now and at each change of address. @returns {{navigate, refresh, stop}} */
export function router({ features, onRoute, window = globalThis }) {
  const refresh = () => onRoute(match(window.location.hash, features));
  window.addEventListener("hashchange", refresh);
  return {
    refresh,
    navigate(hash) {
      if (window.location.hash === hash) refresh();
      else window.location.hash = hash;
    },
    stop: () => window.removeEventListener("hashchange", refresh),
  };
}

function segments(path) {
  return path.split("/").filter(Boolean);
}

function fit(pattern, path) {
  if (pattern.length !== path.length) return null;
  const params = {};
  for (const [index, part] of pattern.entries()) {
    if (part.startsWith(":")) {
      const value = decoded(path[index]);
      if (value === null) return null;
      params[part.slice(1)] = value;
    } else if (part !== path[index]) {
      return null;
    }
  }
  return params;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // "%" followed by what is no number is nobody's id
  }
}
