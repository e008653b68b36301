import assert from "node:assert/strict";
import { test } from "node:test";

import { setLocale } from "../../../studio/js/app/i18n.js";
import { checked } from "../../../studio/js/cloud/config.js";
import { NOTHING, Previews, merged } from "../../../studio/js/cloud/previews.js";
import { cuesOf } from "../../../studio/js/domain/vtt.js";
import { above, blank, bodyOf, intention } from "../../../studio/js/domain/wish.js";

setLocale("en", { remember: false });

test("a wish says what is chosen and leaves out what is empty", () => {
  const wish = { ...blank(), prompt: "  A fox \n", includeElements: ["a kite"] };
  const body = bodyOf(wish);
  assert.equal(body.prompt, "A fox");
  assert.deepEqual(body.includeElements, ["a kite"]);
  for (const empty of ["language", "voice", "companionIds"]) assert.ok(!(empty in body), empty);
  assert.equal(wish.prompt, "  A fox \n", "what is typed stays as it was");
});

test("the key of an intention lasts as long as the intention", () => {
  const first = intention(null, { prompt: "A" });
  assert.equal(intention(first, { prompt: "A" }).key, first.key);
  assert.notEqual(intention(first, { prompt: "B" }).key, first.key);
});

test("what is above a plan", () => {
  assert.equal(above("HD", "STANDARD"), true);
  assert.equal(above("HD", "HD"), false);
});

test("subtitles are read; notes and broken blocks are left out", () => {
  const text = "\ufeffWEBVTT - Luna\r\n\r\nNOTE nothing\r\n\r\n1\r\n00:01.500 --> 00:03.000 line:90%\r\nHello\r\n<b>you</b>\r\n\r\n01:00:00.000 --> 01:00:02.250\r\nLate\r\n\r\nbroken --> 1\r\nNo\r\n\r\n00:05.000 --> 00:04.000\r\nBackwards\r\n";
  assert.deepEqual(cuesOf(text), [
    { start: 1.5, end: 3, text: "Hello\n<b>you</b>" },
    { start: 3600, end: 3602.25, text: "Late" },
  ]);
  assert.deepEqual(cuesOf("<html>\n\n00:01.000 --> 00:02.000\nno"), []);
});

test("a picture keeps its address: signed anew it is still the same, made anew it is another", () => {
  const one = (url) => ({ pictures: [{ scene: 1, url }] });
  const before = merged(NOTHING, one("https://m.invalid/a.jpg?signed=1"));
  assert.equal(merged(before, one("https://m.invalid/a.jpg?signed=2")).pictures[0].url, "https://m.invalid/a.jpg?signed=1");
  assert.equal(merged(before, one("https://m.invalid/b.jpg?signed=3")).pictures[0].url, "https://m.invalid/b.jpg?signed=3");
  const first = merged(NOTHING, { title: "A", scenes: [{ number: 1 }], pictures: [{ scene: 2, url: "two" }], chunks: [] });
  const next = merged(first, { title: null, scenes: [], pictures: [{ scene: 2, url: "two?again" }, { scene: 1, url: "one" }], chunks: [{ index: 0, url: "c" }] });
  assert.deepEqual(next.pictures.map((one) => one.url), ["one", "two"]);
  assert.equal(next.title, "A");
  assert.equal(next.scenes.length, 1);
  assert.equal(merged(next, null), next);
});

test("previews are asked for at once, then every two seconds at most, and not where there are none", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const settle = async () => { for (let n = 0; n < 10; n += 1) await Promise.resolve(); };
  let asked = 0;
  const shown = [];
  const api = { request: async () => ({ ...NOTHING, pictures: [{ scene: (asked += 1), url: "u" }] }) };
  const previews = new Previews(api, "f", (known) => shown.push(known.pictures.length));
  for (let n = 0; n < 5; n += 1) previews.poke();
  await settle();
  assert.equal(asked, 1);
  context.mock.timers.tick(1999);
  await settle();
  assert.equal(asked, 1);
  context.mock.timers.tick(1);
  await settle();
  assert.equal(asked, 2);
  context.mock.timers.tick(60_000);
  await settle();
  assert.equal(asked, 2, "nothing has moved since");
  previews.poke();
  await settle();
  assert.deepEqual([asked, shown], [3, [1, 2, 3]]);
  previews.stop();
  previews.poke();
  await settle();
  assert.equal(asked, 3);

  let missing = 0;
  const none = new Previews({ request: async () => { missing += 1; throw Object.assign(new Error(), { status: 404 }); } }, "f", () => {});
  none.poke();
  await settle();
  context.mock.timers.tick(5000);
  none.poke();
  await settle();
  assert.equal(missing, 1);
});

test("a configuration without an address is an error that names it", () => {
  const good = { apiUrl: "https://a.invalid/", websocketUrl: "wss://w.invalid//", userPoolId: "p", clientId: "c", cognitoUrl: "https://i.invalid/" };
  assert.equal(checked(good).apiUrl, "https://a.invalid");
  assert.equal(checked(good).websocketUrl, "wss://w.invalid");
  assert.deepEqual(checked(good).features, []);
  assert.throws(() => checked({ ...good, clientId: "" }), /clientId/);
  assert.throws(() => checked(null), /apiUrl/);
});
