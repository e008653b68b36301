/** The page itself, in a browser that forbids it to keep anything. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { VIEWS } from "../../../studio/js/app/views.js";
import { fakePage } from "./support/fake-page.mjs";

fakePage();
for (const name of ["sessionStorage", "localStorage"]) {
  const get = () => {
    throw new DOMException("The request was denied", "SecurityError");
  };
  Object.defineProperty(globalThis, name, { get, configurable: true });
}
const config = { apiUrl: "https://api.invalid", userPoolId: "p", clientId: "c", cognitoUrl: "https://c.invalid" };
globalThis.fetch = async () => Response.json(config);
const left = [];
const page = (name) => async () => ({
  view: () => ({ element: document.createElement("h1"), title: name, leave: () => left.push(name) }),
});

test("the page starts where site data is forbidden", async () => {
  VIEWS["sign-in"] = page("first");
  await import("../../../studio/js/main.js");
  await new Promise(setImmediate);
  assert.equal(document.title, "first · Reelstep");
});

test("a page is left also when the next one cannot be loaded", async (context) => {
  context.mock.method(console, "error", () => {});
  VIEWS["sign-in"] = () => Promise.reject(new TypeError("Failed to fetch"));
  window.dispatchEvent(new Event("hashchange"));
  await new Promise(setImmediate);
  assert.deepEqual(left, ["first"]);
  VIEWS["sign-in"] = page("second");
  window.dispatchEvent(new Event("hashchange"));
  await new Promise(setImmediate);
  assert.equal(document.title, "second · Reelstep");
  assert.deepEqual(left, ["first"], "once");
});
