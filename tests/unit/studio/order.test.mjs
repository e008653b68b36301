import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { setLocale } from "../../../studio/js/app/i18n.js";
import { lenient } from "../../../studio/js/app/storage.js";
import { Api } from "../../../studio/js/cloud/api.js";
import { intentionMemory, order } from "../../../studio/js/cloud/order.js";
import { storage } from "./support/upload-server.mjs";

setLocale("en", { remember: false });

const WISH = { prompt: "A fox by the sea" };
const LOST = new TypeError("fetch failed");

/** A tab: what it keeps stays over `load()`, which is a page with an API that gives these answers. */
function tab() {
  const kept = storage();
  const keys = [];
  const load = (...answers) => {
    const fetch = async (_url, { headers }) => {
      keys.push(headers["Idempotency-Key"]);
      const next = answers.length > 1 ? answers.shift() : answers[0];
      if (next instanceof Error) throw next;
      return new Response(JSON.stringify({ videoId: "v" }), { status: next });
    };
    const session = { idToken: async () => "t" };
    const api = new Api({ apiUrl: "https://api.invalid" }, session, { fetch, sleep: async () => {} });
    return { api, intentions: intentionMemory(kept) };
  };
  return { kept, keys, load };
}

test("a lost answer and a reload: the same wish goes out under the same key, and once answered no more", async () => {
  for (const lost of [LOST, 500, 503, 429, 401]) {
    const { kept, keys, load } = tab();
    await assert.rejects(order(load(lost), "me", WISH));
    const page = load(202);
    assert.deepEqual(await order(page, "me", WISH), { videoId: "v" });
    assert.equal(new Set(keys).size, 1, String(lost));
    assert.equal(kept.kept.size, 0, "nothing stays behind");
    await order(page, "me", WISH);
    assert.equal(new Set(keys).size, 2, "the same film once more is another one");
  }
});

test("it is kept before anything is sent: the page may be gone before an answer", async () => {
  const { keys, kept, load } = tab();
  const { intentions } = load(202);
  const api = { request: (_method, _path, { idempotencyKey }) => (keys.push(idempotencyKey), new Promise(() => {})) };
  order({ api, intentions }, "me", WISH);
  assert.equal(JSON.parse(kept.getItem("reelstep.intention")).key, keys[0]);
  await order(load(202), "me", WISH);
  assert.equal(keys[1], keys[0]);
});

test("a refusal ends it; so do another wish, another person and signing out", async () => {
  for (const status of [402, 403, 409, 422]) {
    const { kept, keys, load } = tab();
    const page = load(status, 202);
    await assert.rejects(order(page, "me", WISH), { status });
    assert.equal(kept.kept.size, 0);
    await order(page, "me", WISH);
    assert.notEqual(keys[0], keys[1]);
  }
  const others = {
    wish: (page) => order(page, "me", { prompt: "An owl" }),
    person: (page) => order(page, "you", WISH),
    out: (page) => (page.intentions.forget(), order(page, "me", WISH)),
  };
  for (const [what, ask] of Object.entries(others)) {
    const { keys, load } = tab();
    await assert.rejects(order(load(LOST), "me", WISH));
    await ask(load(202));
    assert.notEqual(keys[0], keys.at(-1), what);
  }
  const { kept, load } = tab();
  await assert.rejects(order(load(LOST), "me", WISH));
  assert.equal(load(202).intentions.find("you"), null);
  assert.equal(kept.kept.size, 0, "what somebody wrote is not left to the next");
});

test("without a storage the key lasts as long as the page", async () => {
  for (const open of [() => null, () => ({ getItem: () => "{", setItem: () => { throw new Error("full"); }, removeItem: () => {} })]) {
    const { keys, load } = tab();
    const intentions = intentionMemory(lenient(open));
    await assert.rejects(order({ ...load(LOST), intentions }, "me", WISH));
    await order({ ...load(202), intentions }, "me", WISH);
    assert.equal(new Set(keys).size, 1);
  }
});

test("the page orders by it, forgets at sign-out, and begins with whose it is", () => {
  const read = (name) => readFileSync(new URL(`../../../studio/js/${name}`, import.meta.url), "utf-8");
  assert.match(read("views/create.js"), /await order\(app, app\.session\.user\.value\.id,/);
  assert.doesNotMatch(read("views/create.js"), /videos\/generate/);
  const main = read("main.js");
  assert.match(main, /intentionMemory\(tabStorage\)/);
  assert.match(main, /app\.signOut = async \(\) => \{[^}]*app\.intentions\.forget\(\)/);
  assert.match(main, /const begin = \(user\) => \{\s*app\.intentions\.find\(user\.id\)/);
});
