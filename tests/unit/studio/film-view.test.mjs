/** The page of one film, as far as it can be seen without a browser. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { setLocale } from "../../../studio/js/app/i18n.js";
import { fakePage } from "./support/fake-page.mjs";

fakePage();
const { view } = await import("../../../studio/js/views/film.js");
setLocale("en", { remember: false });

const MINUTE = 60_000;
const settled = () => new Promise(setImmediate);

/** A finished film whose addresses are signed anew with each answer, and live for an hour. */
async function shown(context) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const w = { asked: 0, went: [] };
  const request = async (method) => {
    if (method === "DELETE") return w.deleting;
    w.asked += 1;
    if (w.down) throw new Error("no network");
    return {
      id: "f", status: "COMPLETED", title: "The boat", prompt: "A boat", isFavorite: false, durationSeconds: 10, quality: "HD",
      tokensCost: 5, createdAt: "2026-11-21T12:00:00Z", storageUrl: `https://m.invalid/f.mp4?signed=${w.asked}`,
      captionUrls: { vtt: `https://m.invalid/f.vtt?signed=${w.asked}` },
    };
  };
  const app = {
    api: { request }, live: {}, setTitle() {}, refreshAccount() {}, navigate: (hash) => w.went.push(hash),
  };
  w.page = view({ params: { id: "f" }, app });
  context.after(() => w.page.leave());
  await settled();
  w.links = () => w.page.element.all("a").filter((one) => one.getAttribute("download")).map((one) => one.getAttribute("href").split("signed=")[1]);
  w.pass = async (minutes) => {
    for (let n = 0; n < minutes; n += 1) {
      context.mock.timers.tick(MINUTE);
      await settled();
    }
  };
  w.turn = async (state) => {
    document.visibilityState = state;
    document.dispatchEvent(new Event("visibilitychange"));
    await settled();
  };
  return w;
}

test("what can be downloaded is signed anew before it runs out; who is on a button stays there", async (context) => {
  const w = await shown(context);
  const [video, button] = [w.page.element.all("film-player")[0], w.page.element.all("button")[0]];
  assert.deepEqual(w.links(), ["1", "1"]);
  await w.pass(49);
  assert.equal(w.asked, 1);
  w.down = true;
  await w.pass(3);
  assert.deepEqual(w.links(), ["1", "1"]);
  w.down = false;
  await w.pass(1);
  assert.deepEqual(w.links(), [String(w.asked), String(w.asked)], "it is tried again soon");
  assert.equal(w.page.element.all("button")[0], button);
  assert.match(video.film.url, /signed=1$/, "what plays is left alone");
  const before = w.asked;
  await w.pass(50);
  assert.equal(w.asked, before);
  await w.pass(2);
  assert.equal(w.asked, before + 1);
});

test("whoever comes back to the tab after an hour finds fresh addresses, and a left page asks no more", async (context) => {
  const w = await shown(context);
  await w.turn("hidden");
  await w.pass(70);
  assert.equal(w.asked, 1, "nobody looks");
  await w.turn("visible");
  assert.deepEqual(w.links(), ["2", "2"]);
  await w.turn("hidden");
  await w.turn("visible");
  assert.equal(w.asked, 2, "not each time");
  w.page.leave();
  await w.pass(120);
  assert.equal(w.asked, 2);
});

test("a film whose address has run out goes on in the player that it is in", async (context) => {
  const w = await shown(context);
  const [player] = w.page.element.all("film-player");
  player.dispatchEvent(new CustomEvent("film-stale", { bubbles: true }));
  await settled();
  assert.deepEqual(w.page.element.all("film-player"), [player]);
  assert.match(player.film.url, /signed=2$/);
  assert.match(player.film.captions.url, /signed=2$/);
  assert.deepEqual(w.links(), ["2", "2"]);
});

test("a film that is deleted leads back to the others, unless somebody has gone elsewhere", async (context) => {
  for (const elsewhere of [false, true]) {
    await context.test(elsewhere ? "elsewhere" : "here", async (context) => {
      const w = await shown(context);
      let deleted;
      w.deleting = new Promise((resolve) => (deleted = resolve));
      w.page.element.all("button").at(-1).dispatchEvent(new Event("click"));
      await settled();
      document.body.all("dialog")[0].close("yes");
      await settled();
      if (elsewhere) w.page.leave();
      deleted(null);
      await settled();
      assert.deepEqual(w.went, elsewhere ? [] : ["#/films"]);
    });
  }
});
