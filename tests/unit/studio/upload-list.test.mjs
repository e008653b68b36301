import assert from "node:assert/strict";
import { test } from "node:test";

import { UploadList } from "../../../studio/js/cloud/upload-list.js";

/** An upload that does what a test says. */
class Played {
  state = "new";
  problem = null;
  #listeners = [];

  constructor(file) {
    this.file = file;
  }

  get underWay() {
    return this.state === "running";
  }

  get canCancel() {
    return ["new", "running", "paused"].includes(this.state);
  }

  onProgress(listener) {
    this.#listeners.push(listener);
  }

  become(state, problem = null) {
    this.state = state;
    this.problem = problem;
    for (const listener of this.#listeners) listener(this);
  }

  start() {
    this.become("running");
  }

  resume() {
    this.become("running");
  }

  pause() {
    if (this.state === "running") this.become("paused");
  }

  cancel() {
    this.become("cancelled");
  }
}

const file = (name) => ({ name, size: 1, lastModified: 1 });
const states = (list) => list.uploads.map(({ state }) => state);

test("two files at a time, the others when one of them is over", () => {
  const list = new UploadList((each) => new Played(each));
  list.add(["a", "b", "c", "d"].map(file));
  assert.deepEqual(states(list), ["running", "running", "new", "new"]);
  list.uploads[0].become("done");
  assert.deepEqual(states(list), ["done", "running", "running", "new"]);
  list.uploads[1].pause();
  assert.deepEqual(states(list), ["done", "paused", "running", "running"]);
});

test("a file that is under way is not added again; one that is over may be", () => {
  const list = new UploadList((each) => new Played(each));
  list.add([file("a"), file("a")]);
  list.add([file("a")]);
  assert.equal(list.uploads.length, 1);
  list.uploads[0].become("done");
  list.add([file("a")]);
  assert.equal(list.uploads.length, 2);
});

test("leaving would interrupt what runs or waits, and nothing else", () => {
  const list = new UploadList((each) => new Played(each));
  assert.equal(list.busy, false);
  list.add([file("a")]);
  assert.equal(list.busy, true);
  list.uploads[0].pause();
  assert.equal(list.busy, false);
});

test("the network being back resumes what it had stopped, not what the person paused", () => {
  const list = new UploadList((each) => new Played(each));
  list.add([file("a"), file("b")]);
  list.uploads[0].pause();
  list.uploads[1].become("paused", { kind: "connection" });
  list.backOnline();
  assert.deepEqual(states(list), ["paused", "running"]);
});

test("signing out stops and hides everything, and forgets nothing", () => {
  const list = new UploadList((each) => new Played(each));
  list.add(["a", "b", "c"].map(file));
  const before = list.uploads;
  list.clear();
  assert.deepEqual(list.uploads, []);
  assert.deepEqual(before.map(({ state }) => state), ["paused", "paused", "new"]);
});

test("removing one stops it and starts the next", () => {
  const list = new UploadList((each) => new Played(each));
  const heard = [];
  const stop = list.subscribe((upload) => heard.push(upload?.state ?? "list"));
  list.add(["a", "b", "c"].map(file));
  list.remove(list.uploads[0]);
  assert.deepEqual(states(list), ["running", "running"]);
  assert.ok(heard.includes("cancelled") && heard.at(-1) === "list");
  stop();
  const many = heard.length;
  list.remove(list.uploads[0]);
  assert.equal(heard.length, many);
});
