import assert from "node:assert/strict";
import { test } from "node:test";

import { setLocale } from "../../../studio/js/app/i18n.js";
import { NOTHING, Previews, merged } from "../../../studio/js/cloud/previews.js";
import { rushes } from "../../../studio/js/elements/visualizer/rushes.js";
import { playable } from "../../../studio/js/elements/visualizer/sources.js";
import { strip } from "../../../studio/js/elements/visualizer/strip.js";
import { fakePage } from "./support/fake-page.mjs";

const Page = fakePage();
const { WorkflowVisualizer } = await import("../../../studio/js/elements/workflow-visualizer.js");
setLocale("en", { remember: false });

const at = (name, signed = 1) => `https://m.invalid/${name}?signed=${signed}`;
const told = (pictures, chunks = [], signed = 1) => ({
  ...NOTHING,
  pictures: pictures.map((name, index) => ({ scene: index + 1, url: at(name, signed), width: 640, height: 360 })),
  chunks: chunks.map((name, index) => ({ index, url: at(name, signed), seconds: 5 })),
});
const bare = (element) => element.getAttribute("src").split("?")[0].split("/").at(-1);
const shown = (element) => element.all("img", "video").map(bare);

test("another attempt with other results takes the place of the one before, everywhere", () => {
  const [first, second] = [told(["a1", "a2", "a3"], ["c1", "c2"]), told(["b1", "b2"], ["d1", "d2"])];
  const known = merged(first, second);
  for (const part of [rushes(), strip()]) {
    part.show(first);
    const before = shown(part.element);
    assert.ok(before.includes("a2") && before.includes("c2"));
    part.show(known);
    const after = shown(part.element);
    assert.ok(after.includes("b2") && after.includes("d2"), String(after));
    assert.deepEqual(after.filter((name) => /^[ac]/.test(name)), [], "nothing of the one before");
  }
});

test("signed anew, nothing is loaded again; one that is not told yet stays", () => {
  const first = told(["a1", "a2"], ["c1"]);
  for (const part of [rushes(), strip()]) {
    part.show(first);
    const before = part.element.all("img", "video");
    part.show(merged(first, told(["a1"], ["c1"], 2)));
    assert.deepEqual(part.element.all("img", "video"), before);
  }
});

test("a script of as many scenes is another one where its words are", () => {
  const part = strip();
  const texts = () => part.element.all("span").flatMap((one) => one.children.map((child) => child.text));
  const script = (description) => ({ ...NOTHING, title: "T", scenes: [{ number: 1, description }] });
  part.show(script("A fox"));
  part.show(script("An owl"));
  assert.ok(texts().includes("An owl") && !texts().includes("A fox"));
});

test("a piece in HEVC is shown where the browser says that it plays it", () => {
  for (const [says, expected] of [["", false], ["maybe", true], ["probably", true]]) {
    Page.plays = says;
    assert.equal(playable({ codec: "hevc" }), expected);
    assert.equal(playable({ codec: "h264" }), true);
  }
  assert.match(Page.asked, /hvc1\.1\.6\./, "profile Main: what the encoder makes");
});

test("a picture whose address has run out takes the fresh one, once; all at once share an answer", async () => {
  let asked = 0;
  const api = { request: async () => told(["a1", "a2"], ["c1"], (asked += 1)) };
  const previews = new Previews(api, "f", () => {});
  previews.poke();
  await new Promise(setImmediate);
  const renewals = [];
  for (const part of [rushes(), strip()]) {
    part.element.addEventListener("preview-stale", ({ detail: { url, take } }) => {
      renewals.push(previews.fresh(url).then((fresh) => fresh && take(fresh)));
    });
    part.show(previews.known);
    const elements = part.element.all("img", "video");
    for (const one of elements) one.dispatchEvent(new Event("error"));
    await Promise.all(renewals);
    for (const one of elements) assert.match(one.getAttribute("src"), new RegExp(`signed=${asked}\\b`));
    const clip = part.element.all("video").map((one) => one.getAttribute("src"));
    for (const src of clip) assert.match(src, /#t=0\.8$/);
    const sofar = renewals.length;
    for (const one of elements) one.dispatchEvent(new Event("error"));
    assert.equal(renewals.length, sofar, "what does not open then is not asked for again");
  }
  assert.equal(asked, 3, "one for each part");
  assert.equal(previews.known.pictures[0].url, at("a1", 3), "and whoever is drawn next has it too");
  previews.stop();
  assert.equal(await previews.fresh(at("a1", 3)), null);
});

test("no fresh address, no change", async () => {
  const answers = [told(["a1"]), told([]), Object.assign(new Error(), { status: 503 })];
  const api = { request: async () => { const next = answers.shift(); if (next instanceof Error) throw next; return next; } };
  const previews = new Previews(api, "f", () => {});
  previews.poke();
  await new Promise(setImmediate);
  assert.equal(await previews.fresh(at("a1")), null);
  assert.equal(await previews.fresh(at("a1")), null);
  assert.equal(previews.known.pictures[0].url, at("a1"));
  previews.stop();
});

test("the visualizer gives what has run out its fresh address", async () => {
  let asked = 0;
  const live = { state: { value: "open", subscribe: () => () => {} }, follow: () => ({ stop() {} }) };
  const api = {
    request: async (_method, path) => (path.endsWith("/previews") ? told(["a1"], ["c1"], (asked += 1)) : new Promise(() => {})),
  };
  const visualizer = new WorkflowVisualizer("workflow-visualizer");
  visualizer.setAttribute("job-id", "f");
  visualizer.connectedCallback();
  visualizer.client = { api, live };
  await new Promise(setImmediate);
  const elements = visualizer.shadowRoot.all("img", "video");
  assert.ok(elements.length >= 4);
  for (const one of elements) one.dispatchEvent(new Event("error"));
  await new Promise(setImmediate);
  visualizer.disconnectedCallback();
  for (const one of elements) assert.match(one.getAttribute("src"), /signed=2\b/);
  assert.equal(asked, 2);
});
