/** What comes of an order whose answer takes its time. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { setLocale, t } from "../../../studio/js/app/i18n.js";
import { signal } from "../../../studio/js/app/signal.js";
import { fakePage } from "./support/fake-page.mjs";

fakePage();
const { view } = await import("../../../studio/js/views/create.js");
setLocale("en", { remember: false });

const settled = () => new Promise(setImmediate);
let app, page, answer, went;

beforeEach(async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  went = [];
  document.body.replaceChildren();
  const made = new Promise((resolve, reject) => (answer = { resolve, reject }));
  const request = (_method, path) => (path.endsWith("/generate") ? made : new Promise(() => {}));
  app = {
    api: { request }, session: { user: { value: { id: "me" } } }, account: signal(null), draft: {},
    intentions: { find: () => null, keep() {}, forget() {} }, refreshAccount() {}, announce() {},
    navigate: (hash) => went.push(hash),
  };
  page = view({ app });
  write("A fox");
  page.element.dispatchEvent(new Event("submit", { cancelable: true }));
  await settled();
});

function write(text, on = page) {
  const [area] = on.element.all("textarea");
  area.value = text;
  area.dispatchEvent(new Event("input"));
}

async function made() {
  answer.resolve({ videoId: "v" });
  await settled();
}

const links = () => document.body.all("a").map((one) => one.getAttribute("href"));

test("who waits is led to the film, and what was asked for is not asked again", async () => {
  await made();
  assert.deepEqual([went, app.draft, links()], [["#/films/v"], {}, []]);
});

test("what was written since stays", async () => {
  write("An owl");
  await made();
  assert.equal(app.draft.wish.prompt, "An owl");
});

test("another person's draft stays", async () => {
  app.draft = { wish: { prompt: "Mine" } };
  await made();
  assert.equal(app.draft.wish.prompt, "Mine");
});

test("who has gone elsewhere is told, with the way to the film", async () => {
  page.leave();
  await made();
  assert.deepEqual([went, app.draft, links()], [[], {}, ["#/films/v"]]);
});

test("who has come back before the answer goes on with a draft", async () => {
  page.leave();
  const again = view({ app });
  await made();
  write("An owl", again);
  assert.equal(app.draft.wish?.prompt, "An owl");
  again.leave();
  app.draft = {}; // signed out: a field that is taken away tells its last word
  write("A bear", again);
  assert.deepEqual(app.draft, {});
});

test("who has gone elsewhere is told of a refusal, too", async () => {
  page.leave();
  answer.reject(Object.assign(new Error("Not enough tokens"), { status: 402 }));
  await settled();
  assert.deepEqual(document.body.all("p").flatMap((one) => one.children.map((child) => child.text)), ["Not enough tokens"]);
  assert.equal(app.draft.wish.prompt, "A fox");
});
