import assert from "node:assert/strict";
import { test } from "node:test";

import { Favorite } from "../../../studio/js/cloud/favorite.js";
import {
  STATUSES, address, advanced, apiParams, followed, offeredPages, refreshed, snapped, tint, wished,
} from "../../../studio/js/domain/film-page.js";

const film = (changes = {}) => ({
  id: "1", prompt: "A garden", status: "PROCESSING", progressPercentage: 40, thumbnailUrl: null, isFavorite: false, ...changes,
});

test("an address and what it asks for are each other's way back", () => {
  for (const page of [0, 1, 41]) {
    for (const status of [null, ...STATUSES]) {
      for (const favorite of [false, true]) {
        const wish = { page, status, favorite };
        assert.deepEqual(wished(new URLSearchParams(address(wish).split("?")[1])), wish);
      }
    }
  }
  assert.equal(address({}), "#/films");
  assert.equal(address({ page: 1, status: "COMPLETED" }), "#/films?page=2&status=COMPLETED");
});

test("an address that makes no sense is the first page of everything", () => {
  for (const text of ["page=0", "page=-3", "page=x", "page=1e9", "page=99999999999", "status=DONE&favorite=1", "status=completed"]) {
    assert.deepEqual(wished(new URLSearchParams(text)), { page: 0, status: null, favorite: false });
  }
});

test("the API is asked for what was wished and for nothing else", () => {
  assert.deepEqual(apiParams({ page: 2, status: null, favorite: false }), { page: 2, size: 12 });
  assert.deepEqual(apiParams({ page: 0, status: "FAILED", favorite: true }), { page: 0, size: 12, status: "FAILED", favorite: true });
});

test("page numbers: the ends, the neighbours, and gaps of two or more", () => {
  assert.deepEqual(offeredPages(0, 1), [0]);
  assert.deepEqual(offeredPages(0, 3), [0, 1, 2]);
  assert.deepEqual(offeredPages(0, 9), [0, 1, null, 8]);
  assert.deepEqual(offeredPages(4, 9), [0, null, 3, 4, 5, null, 8]);
  assert.deepEqual(offeredPages(3, 7), [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(offeredPages(8, 9), [0, null, 7, 8]);
  for (let total = 1; total < 30; total += 1) {
    for (let current = 0; current < total; current += 1) {
      const numbers = offeredPages(current, total).filter((page) => page !== null);
      assert.deepEqual(numbers, [...new Set(numbers)].toSorted((a, b) => a - b));
      assert.ok(numbers.includes(current) && numbers.includes(0) && numbers.includes(total - 1));
    }
  }
});

test("only what can still change is followed, ten at most", () => {
  const films = Array.from({ length: 30 }, (_, index) => film({ id: String(index), status: STATUSES[index % 5] }));
  assert.deepEqual(followed(films).map(({ status }) => status), Array.from({ length: 10 }, (_, index) => (index % 2 ? "PROCESSING" : "QUEUED")));
});

test("events move a film on, and never back", () => {
  const steps = [
    [{ event: "job:queued", position: 2 }, "QUEUED", 40],
    [{ event: "job:started" }, "PROCESSING", 40],
    [{ event: "job:progress", percent: 55 }, "PROCESSING", 55],
    [{ event: "job:progress", percent: 30 }, "PROCESSING", 55],
    [{ event: "job:failed", retryIn: 5, error: {} }, "PROCESSING", 55],
    [{ event: "job:something-new" }, "PROCESSING", 55],
    [{ event: "job:completed" }, "COMPLETED", 100],
  ];
  let now = film();
  for (const [event, status, percent] of steps) {
    const before = structuredClone(now);
    const after = advanced(now, event);
    assert.deepEqual(now, before, "a row was changed in its place");
    assert.deepEqual([after.status, after.progressPercentage], [status, percent]);
    now = after;
  }
  assert.equal(advanced(film(), { event: "job:failed", error: {} }).status, "FAILED");
  assert.equal(advanced(film(), { event: "job:cancelled" }).status, "CANCELLED");
});

test("a snapshot and a record tell the rest", () => {
  assert.deepEqual(snapped(film(), { status: "COMPLETED", percent: 100 }), film({ status: "COMPLETED", progressPercentage: 100 }));
  const done = refreshed(film(), { status: "COMPLETED", progressPercentage: 100, thumbnailUrls: ["a", "b"], posterUrl: "p" });
  assert.equal(done.thumbnailUrl, "a");
  assert.equal(refreshed(film(), { status: "FAILED", progressPercentage: 41, thumbnailUrls: null }).thumbnailUrl, null);
});

test("a film keeps its light", () => {
  const tints = Array.from({ length: 200 }, (_, index) => tint(`film-${index}`));
  assert.deepEqual(tints, Array.from({ length: 200 }, (_, index) => tint(`film-${index}`)));
  assert.deepEqual([...new Set(tints)].toSorted(), [0, 1, 2, 3, 4, 5]);
});

/** Requests that end when the test says so. */
function slowApi() {
  const asked = [];
  const request = (method, path) =>
    new Promise((resolve, reject) => asked.push({ method, path, resolve, reject }));
  return { asked, request };
}

test("a favourite is shown at once and saved after", async () => {
  const api = slowApi();
  const shown = [];
  const favorite = new Favorite(api, "a/b", false, (value) => shown.push(value));
  const saved = favorite.toggle();
  assert.deepEqual(shown, [true]);
  assert.equal(api.asked[0].method, "POST");
  assert.equal(api.asked[0].path, "/api/v1/videos/a%2Fb/favorite");
  api.asked[0].resolve({ isFavorite: true });
  await saved;
  assert.equal(favorite.value, true);
});

test("a favourite that could not be saved is taken back, with the reason", async () => {
  const api = slowApi();
  const shown = [];
  const favorite = new Favorite(api, "1", true, (value, problem) => shown.push([value, problem?.message]));
  const saved = favorite.toggle();
  assert.equal(api.asked[0].method, "DELETE");
  api.asked[0].reject(new Error("no network"));
  await saved;
  assert.deepEqual(shown, [[false, undefined], [true, "no network"]]);
  assert.equal(favorite.value, true);
});

test("of many changes of mind only the last is sent after the first", async () => {
  const api = slowApi();
  const favorite = new Favorite(api, "1", false, () => {});
  const saved = favorite.toggle();
  for (let times = 0; times < 5; times += 1) favorite.toggle();
  assert.equal(favorite.value, false);
  api.asked[0].resolve();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(api.asked.map(({ method }) => method), ["POST", "DELETE"]);
  api.asked[1].resolve();
  await saved;
  assert.equal(api.asked.length, 2);
});
