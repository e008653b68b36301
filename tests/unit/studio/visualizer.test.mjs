/** One `<workflow-visualizer>` that is given one film after another. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { setLocale, t } from "../../../studio/js/app/i18n.js";
import { fakePage } from "./support/fake-page.mjs";

fakePage();
const { WorkflowVisualizer } = await import("../../../studio/js/elements/workflow-visualizer.js");
setLocale("en", { remember: false });

let visualizer, followed, asked;

beforeEach(() => {
  followed = new Map();
  asked = new Map();
  const live = {
    state: { value: "open", subscribe: () => () => {} },
    follow: (id, told) => (followed.set(id, told), { stop: () => followed.delete(id) }),
  };
  const request = (_method, path) =>
    new Promise((resolve, reject) => asked.set(path.replace("/api/v1/videos/", ""), { resolve, reject }));
  visualizer = new WorkflowVisualizer("workflow-visualizer");
  visualizer.client = { api: { request }, live };
  visualizer.connectedCallback();
});

afterEach(() => visualizer.disconnectedCallback());

const settled = () => new Promise(setImmediate);
const record = (id, status = "FAILED") => ({
  id, status, progressPercentage: 40, createdAt: "2026-11-21T12:00:00Z", completedAt: null, phases: [], title: "The boat",
  errorMessage: "The voice is gone", scenes: [{ number: 1, description: "A boat" }],
});
const notFound = Object.assign(new Error("There is no such job"), { status: 404 });

/** All that it says. */
function words(node = visualizer.shadowRoot) {
  return [node.text, typeof node.textContent === "string" ? node.textContent : "", ...node.children.map(words)].join(" ");
}

test("a job that is named after the element is on the page is followed", () => {
  visualizer.setAttribute("job-id", "a");
  assert.deepEqual([...followed.keys()], ["a"]);
});

test("of the film before nothing stays, also while nothing is known of the next", async () => {
  visualizer.setAttribute("job-id", "a");
  asked.get("a").resolve(record("a"));
  await settled();
  assert.equal(visualizer.dataset.status, "FAILED");
  assert.match(words(), /The voice is gone.*A boat/s);
  visualizer.setAttribute("job-id", "b");
  assert.deepEqual([visualizer.film, visualizer.details, visualizer.dataset.status], [null, null, undefined]);
  assert.doesNotMatch(words(), /The voice is gone|A boat/);
  assert.deepEqual([...followed.keys()], ["b"]);
});

test("after a job that is not found another one is shown", async () => {
  visualizer.setAttribute("job-id", "nobodys");
  followed.get("nobodys").onError();
  assert.ok(words().includes(t("viz.notFound")));
  visualizer.setAttribute("job-id", "a");
  asked.get("a").resolve(record("a"));
  await settled();
  assert.ok(!words().includes(t("viz.notFound")));
  assert.match(words(), /The voice is gone/);
});

test("that the job before is not found, said late, is no matter of the next", async () => {
  visualizer.setAttribute("job-id", "nobodys");
  visualizer.setAttribute("job-id", "a");
  asked.get("nobodys").reject(notFound);
  await settled();
  assert.deepEqual([...followed.keys()], ["a"]);
  assert.ok(!words().includes(t("viz.notFound")));
});
