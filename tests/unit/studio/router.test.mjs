import assert from "node:assert/strict";
import { test } from "node:test";

import { ROUTES, match, router } from "../../../studio/js/app/router.js";

test("each address leads to its page", () => {
  const names = ["", "#", "#/", "#/films", "#/films/", "#/account", "#/queue"].map((hash) => match(hash).name);
  assert.deepEqual(names, ["create", "create", "create", "library", "library", "account", "queue"]);
  const found = match("#/films/a%2Fb?from=library", []);
  assert.equal(found.name, "film");
  assert.deepEqual(found.params, { id: "a/b" });
  assert.equal(found.query.get("from"), "library");
});

test("what is nowhere is unknown, broken escapes included", () => {
  for (const hash of ["#/nothing", "#/films/1/2", "#/films/%E0%A4%A", "#/account/x"]) {
    assert.equal(match(hash).name, "unknown", hash);
  }
});

test("uploads are there only where the deployment has them", () => {
  assert.equal(match("#/uploads", ["films"]).name, "unknown");
  assert.equal(match("#/uploads", ["uploads"]).name, "uploads");
});

test("every route is found by its own path", () => {
  for (const route of ROUTES) {
    assert.equal(match(`#${route.path.replace(":id", "42")}`, [route.feature]).name, route.name);
  }
});

test("going where one is draws the page again", () => {
  const listeners = new Set();
  const window = {
    location: { hash: "#/queue" },
    addEventListener: (_name, listener) => listeners.add(listener),
    removeEventListener: (_name, listener) => listeners.delete(listener),
  };
  const seen = [];
  const ways = router({ features: [], onRoute: (route) => seen.push(route.name), window });
  ways.navigate("#/queue");
  window.location.hash = "#/account";
  for (const listener of listeners) listener();
  assert.deepEqual(seen, ["queue", "account"]);
  ways.stop();
  assert.equal(listeners.size, 0);
});
