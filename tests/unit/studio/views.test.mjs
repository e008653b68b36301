import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ROUTES } from "../../../studio/js/app/router.js";
import { allAhead, VIEWS } from "../../../studio/js/app/views.js";

test("each address has a page, which is loaded by its own name", () => {
  for (const { name } of ROUTES) assert.ok(VIEWS[name], name);
  for (const [name, view] of Object.entries(VIEWS)) assert.match(String(view), new RegExp(`views/${name}\\.js`));
});

test("all pages are loaded once there is time, and one that fails keeps none from it", async () => {
  for (const idle of ["requestIdleCallback", "setTimeout"]) {
    const asked = [];
    const views = {
      broken: async () => { asked.push("broken"); throw new TypeError("Failed to fetch"); },
      good: async () => void asked.push("good"),
    };
    let turn = null;
    allAhead(views, { [idle]: (work) => (turn = work) });
    assert.deepEqual(asked, [], "not before");
    await turn();
    assert.deepEqual(asked, ["broken", "good"]);
  }
});

test("the page does so once somebody is signed in", () => {
  const main = readFileSync(new URL("../../../studio/js/main.js", import.meta.url), "utf-8");
  const begin = main.slice(main.indexOf("const begin"), main.indexOf("user.subscribe"));
  assert.match(begin, /allAhead\(\)/);
});
