import assert from "node:assert/strict";
import { test } from "node:test";

import { lenient } from "../../../studio/js/app/storage.js";
import { storage } from "./support/upload-server.mjs";

test("what is kept is the browser's own, as long as it takes it", () => {
  const browser = storage();
  const mine = lenient(() => browser);
  mine.setItem("a", 1);
  assert.deepEqual([...browser.kept], [["a", "1"]]);
  assert.equal(lenient(() => browser).getItem("a"), "1");
  mine.removeItem("a");
  assert.equal(mine.getItem("a"), null);
  assert.equal(browser.kept.size, 0);
});

test("forbidden, missing or full: it lasts until a reload", () => {
  const full = { ...storage(), setItem: () => { throw new DOMException("", "QuotaExceededError"); } };
  const forbidden = () => { throw new DOMException("", "SecurityError"); };
  for (const open of [forbidden, () => undefined, () => full]) {
    const mine = lenient(open);
    assert.equal(mine.getItem("a"), null);
    mine.setItem("a", 1);
    assert.equal(mine.getItem("a"), "1");
    mine.removeItem("a");
    assert.equal(mine.getItem("a"), null);
    mine.setItem("a", 2);
    assert.equal(lenient(open).getItem("a"), null);
  }
});
