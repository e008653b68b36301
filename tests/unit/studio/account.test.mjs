import assert from "node:assert/strict";
import { test } from "node:test";

import en from "../../../studio/js/app/messages/en-more.js";
import fr from "../../../studio/js/app/messages/fr-more.js";
import { Companions } from "../../../studio/js/cloud/companions.js";
import { whileVisible } from "../../../studio/js/cloud/while-visible.js";
import { joined, movement } from "../../../studio/js/domain/ledger.js";
import { ROOM, mood, strip } from "../../../studio/js/domain/queue-load.js";

test("what a movement did to the balance", () => {
  const tone = (type, tokens) => Object.values(movement({ type, tokens }));
  assert.deepEqual(tone("RESERVE", 100), [-100, 100, "down"]);
  assert.deepEqual(tone("REFUND", 100), [100, 100, "up"]);
  assert.deepEqual(tone("GRANT", 500), [500, 500, "up"]);
  assert.deepEqual(tone("GRANT", -500), [-500, -500, "down"]);
  assert.deepEqual(tone("SETTLE", 100), [null, 100, "still"]);
  assert.deepEqual(tone("PLAN", 0), [null, 0, "still"]);
});

test("a page of the ledger that overlaps the one before doubles nothing", () => {
  const rows = (...ids) => ids.map((id) => ({ id }));
  assert.deepEqual(joined(rows("c", "b"), rows("b", "a")), rows("c", "b", "a"));
});

test("the strip shows what runs, then what waits, and counts the others", () => {
  const kinds = (queuedCount, processingCount) => {
    const { frames, more } = strip({ queuedCount, processingCount });
    assert.equal(frames.length, ROOM);
    const count = (kind) => frames.filter((each) => each === kind).length;
    assert.deepEqual(frames, frames.toSorted((a, b) => ["running", "waiting", "free"].indexOf(a) - ["running", "waiting", "free"].indexOf(b)));
    return [count("running"), count("waiting"), more];
  };
  assert.deepEqual(kinds(0, 0), [0, 0, 0]);
  assert.deepEqual(kinds(3, 2), [2, 3, 0]);
  assert.deepEqual(kinds(100, 10), [10, 14, 86]);
  assert.deepEqual(kinds(5, 40), [24, 0, 21]);
});

test("the mood of the queue", () => {
  assert.equal(mood({ queuedCount: 0, processingCount: 0 }), "idle");
  assert.equal(mood({ queuedCount: 0, processingCount: 4 }), "open");
  assert.equal(mood({ queuedCount: 1, processingCount: 0 }), "waiting");
});

/** A page that can be hidden, and timers that go off when the test says so. */
function visiblePage() {
  const listeners = new Set();
  const timers = new Map();
  let number = 0;
  return {
    timers,
    visibilityState: "visible",
    addEventListener: (_, listener) => listeners.add(listener),
    removeEventListener: (_, listener) => listeners.delete(listener),
    setTimer: (action) => (timers.set((number += 1), action), number),
    clearTimer: (timer) => timers.delete(timer),
    async tick() {
      const due = [...timers.values()];
      timers.clear();
      for (const action of due) await action();
    },
    async turn(state) {
      this.visibilityState = state;
      for (const listener of listeners) await listener();
    },
  };
}

test("what is asked for again and again rests while nobody looks", async () => {
  const page = visiblePage();
  let asked = 0;
  const stop = whileVisible(async () => void (asked += 1), 10, { page, setTimer: page.setTimer, clearTimer: page.clearTimer });
  await Promise.resolve();
  assert.equal(asked, 1);
  await page.tick();
  assert.equal(asked, 2);
  await page.turn("hidden");
  await page.tick();
  await page.tick();
  assert.equal(asked, 2);
  await page.turn("visible");
  assert.equal(asked, 3);
  assert.equal(page.timers.size, 1);
  stop();
  assert.equal(page.timers.size, 0);
  await page.turn("visible");
  assert.equal(asked, 3);
});

test("a turn that fails does not end the turns, and one that lasts is not doubled", async () => {
  const page = visiblePage();
  const ends = [];
  const work = () => new Promise((resolve, reject) => ends.push({ resolve, reject }));
  const stop = whileVisible(work, 10, { page, setTimer: page.setTimer, clearTimer: page.clearTimer });
  await page.turn("visible");
  assert.equal(ends.length, 1);
  ends[0].reject(new Error("no network"));
  await new Promise((resolve) => setImmediate(resolve));
  page.tick();
  assert.equal(ends.length, 2);
  stop();
  ends[1].resolve();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(page.timers.size, 0);
});

test("a companion's picture goes to S3 first, then its record points to it", async () => {
  const asked = [];
  const api = {
    request: async (method, path, { json } = {}) => {
      asked.push([method, path, json]);
      return path.endsWith("/avatar") ? { uploadId: "u1", url: "https://s3/x" } : { id: "anna", name: "Anna" };
    },
  };
  const put = async (url, blob) => (asked.push(["S3", url, blob.type]), { status: 200, etag: null });
  const companions = new Companions(api, put);
  const avatar = new Blob(["abc"], { type: "image/png" });
  await companions.save({ id: "anna", name: "Anna", voice: "", avatar });
  assert.deepEqual(asked, [
    ["POST", "/api/v1/companions/anna/avatar", { contentType: "image/png", sizeBytes: 3 }],
    ["S3", "https://s3/x", "image/png"],
    ["PUT", "/api/v1/companions/anna", { name: "Anna", avatarUpload: "u1" }],
  ]);
});

test("a picture that S3 does not take leaves the companion as it is", async () => {
  const asked = [];
  const api = { request: async (method) => (asked.push(method), { uploadId: "u1", url: "x" }) };
  const companions = new Companions(api, async () => ({ status: 403, etag: null }));
  await assert.rejects(companions.save({ id: "a", name: "A", avatar: new Blob(["a"], { type: "image/png" }) }), /avatar/);
  assert.deepEqual(asked, ["POST"]);
});

test("both languages have the same words, with the same names in them", () => {
  assert.deepEqual(Object.keys(fr).toSorted(), Object.keys(en).toSorted());
  const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();
  for (const [key, text] of Object.entries(en)) {
    assert.ok(fr[key].trim() && text.trim(), key);
    const counted = key.endsWith(".one");
    if (!counted) assert.deepEqual(names(fr[key]), names(text), key);
  }
});

test("every plural has its form for all numbers, which French needs for millions", () => {
  for (const key of Object.keys(en).filter((each) => each.endsWith(".one"))) {
    assert.ok(en[key.slice(0, -4)], key);
  }
});
