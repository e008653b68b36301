import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { uploadMemory } from "../../../studio/js/cloud/upload-memory.js";
import { pauseAfter, waiting } from "../../../studio/js/cloud/upload-sending.js";
import { ATTEMPTS, LARGEST_BYTES, Upload, plan } from "../../../studio/js/cloud/upload.js";
import { UploadServer, fileOf, putByFetch, storage } from "./support/upload-server.mjs";

let server;
let memory;
let kept;

beforeEach(async () => {
  server = await UploadServer.started();
  kept = storage();
  memory = uploadMemory(kept);
});
afterEach(() => server.stop());

const never = (_, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
const STALLED = 7_654_321;
/** Pauses between tries take no time; nothing ever counts as stalled. */
const hasty = (ms, signal) => (ms === STALLED ? never(ms, signal) : Promise.resolve());

function uploadOf(file, changes = {}) {
  return new Upload(file, { api: server.api, put: putByFetch, memory, wait: hasty, stalledMs: STALLED, ...changes });
}

function until(upload, holds) {
  return new Promise((resolve) => {
    const stop = upload.onProgress(() => holds(upload) && (stop(), resolve()));
  });
}

async function sameBytes(upload, file) {
  const wanted = Buffer.from(await file.arrayBuffer());
  assert.ok(wanted.equals(server.bytesOf(upload.fileId)), "what arrived is not the file");
}

test("the plan covers the file without a gap or an overlap", () => {
  for (const [size, partSize] of [[1, 1], [1, 5], [10, 5], [11, 5], [9_999, 1_000], [LARGEST_BYTES, 8 * 1024 ** 2]]) {
    const parts = plan(size, partSize);
    assert.equal(parts[0].start, 0);
    assert.equal(parts.at(-1).end, size);
    parts.forEach((part, index) => {
      assert.equal(part.number, index + 1);
      assert.ok(part.end > part.start && part.end - part.start <= partSize);
      if (index > 0) assert.equal(part.start, parts[index - 1].end);
      if (index < parts.length - 1) assert.equal(part.end - part.start, partSize);
    });
  }
});

test("a plan of nothing, of fractions or of more parts than S3 takes is refused", () => {
  for (const sizes of [[0, 5], [-1, 5], [5, 0], [5.5, 5], [5, Number.NaN], [10_001, 1]]) {
    assert.throws(() => plan(...sizes), RangeError);
  }
  assert.equal(plan(10_000, 1).length, 10_000);
});

test("pauses double, vary and have an end", () => {
  assert.equal(pauseAfter(1, () => 0.5), 500);
  assert.equal(pauseAfter(3, () => 0.5), 2000);
  assert.equal(pauseAfter(30, () => 0.5), 15_000);
  assert.ok(pauseAfter(1, () => 0) < pauseAfter(1, () => 0.99));
});

test("waiting ends at once when it is called off", async () => {
  const off = new AbortController();
  const waited = waiting(3_600_000, off.signal);
  off.abort(new Error("called off"));
  await assert.rejects(waited, /called off/);
  await assert.rejects(waiting(3_600_000, off.signal), /called off/);
});

test("a file arrives whole, three parts at once, and is told of in bytes", async () => {
  const file = fileOf(10_500);
  const upload = uploadOf(file);
  const said = [];
  upload.onProgress(({ sent }) => said.push(sent));
  // No part ends before three are there: fewer at once would wait for ever.
  let release;
  const three = new Promise((resolve) => (release = resolve));
  server.part = (number) => {
    if (number === 3) release();
    return { hold: three };
  };
  assert.equal(await upload.start(), "done");
  await sameBytes(upload, file);
  assert.equal(server.mostAtOnce, 3);
  assert.equal(upload.sent, upload.total);
  assert.ok(said.some((sent) => sent > 0 && sent < upload.total));
  assert.equal(upload.taskId, `task-${upload.fileId}`);
  assert.equal(kept.kept.size, 0, "a finished upload is remembered");
});

test("a part that fails twice is sent a third time, and the others once", async () => {
  const file = fileOf(5_000);
  const upload = uploadOf(file);
  server.part = (number, attempt) => (number === 2 && attempt <= 2 ? { status: 503 } : {});
  assert.equal(await upload.start(), "done");
  await sameBytes(upload, file);
  assert.deepEqual(server.puts.toSorted(), [1, 2, 2, 2, 3, 4, 5]);
});

test("bytes of a part that failed do not count", async () => {
  const upload = uploadOf(fileOf(1_000));
  const said = [];
  upload.onProgress(({ sent }) => said.push(sent));
  server.part = (_, attempt) => (attempt === 1 ? { status: 500 } : {});
  await upload.start();
  assert.deepEqual(said.filter((sent, index) => sent !== said[index - 1]), [0, 500, 1000, 0, 500, 1000]);
});

test("URLs that have expired are replaced, asked for once", async () => {
  const file = fileOf(6_000);
  const upload = uploadOf(file);
  server.part = (number, attempt) => {
    if (number === 1 && attempt === 1) server.expire();
    return {};
  };
  assert.equal(await upload.start(), "done");
  await sameBytes(upload, file);
  assert.equal(server.requests.filter((each) => each.startsWith("GET")).length, 1);
});

test("a URL that is refused although it is fresh is not asked for without an end", async () => {
  const upload = uploadOf(fileOf(1_000));
  server.part = () => ({ status: 403 });
  assert.equal(await upload.start(), "failed");
  assert.equal(upload.problem.kind, "refused");
  assert.ok(server.puts.length <= 5);
});

test("a connection that breaks is tried again; one that stays broken pauses, and nothing is lost", async () => {
  const file = fileOf(4_000);
  const upload = uploadOf(file);
  server.part = (number, attempt) => (number === 3 && attempt === 1 ? { cut: true } : {});
  server.complete = () => null;
  assert.equal(await upload.start(), "done");
  await sameBytes(upload, file);

  const other = fileOf(4_000, "other.mp4");
  const second = uploadOf(other);
  server.part = (number) => (number === 4 ? { cut: true } : {});
  assert.equal(await second.start(), "paused");
  assert.equal(second.problem.kind, "connection");
  assert.equal(server.uploads.get(second.fileId).attempts.get(4), ATTEMPTS);
  const before = server.puts.length;
  server.part = () => ({});
  assert.equal(await second.resume(), "done");
  assert.deepEqual(server.puts.slice(before), [4]);
  await sameBytes(second, other);
});

test("a part that arrived although its answer was lost is sent again and counts once", async () => {
  const file = fileOf(3_000);
  const upload = uploadOf(file);
  server.part = (number, attempt) => (number === 2 && attempt === 1 ? { lost: true } : {});
  assert.equal(await upload.start(), "done");
  await sameBytes(upload, file);
});

test("a slow part does not hold up the others", async () => {
  const file = fileOf(8_000);
  const upload = uploadOf(file);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  server.part = (number) => (number === 1 ? { hold: held } : {});
  const others = until(upload, () => upload.fileId && server.uploads.get(upload.fileId).parts.size === 7);
  const going = upload.start();
  await others;
  assert.equal(upload.state, "running");
  release();
  assert.equal(await going, "done");
  await sameBytes(upload, file);
});

test("a part of which nothing moves any more is sent again", async () => {
  const file = fileOf(1_000);
  // The watch over the first sending sees rounds go by without a byte; later ones never end.
  let sendings = 0;
  const wait = (ms, signal) => {
    if (ms !== STALLED) return Promise.resolve();
    return sendings <= 1 ? new Promise((resolve) => setImmediate(resolve)) : never(ms, signal);
  };
  const put = (url, blob, means) => {
    sendings += 1;
    return sendings === 1 ? never(0, means.signal) : putByFetch(url, blob, means);
  };
  const upload = uploadOf(file, { wait, put });
  assert.equal(await upload.start(), "done");
  assert.equal(sendings, 2);
  await sameBytes(upload, file);
});

test("pause keeps what has arrived, and resume sends the rest", async () => {
  const file = fileOf(6_000);
  const upload = uploadOf(file);
  const held = new Promise(() => {});
  server.part = (number) => (number > 3 ? { hold: held } : {});
  const three = until(upload, () => upload.fileId && server.uploads.get(upload.fileId).parts.size === 3 && upload.sent >= 3_000);
  const going = upload.start();
  await three;
  upload.pause();
  assert.equal(upload.state, "paused");
  assert.equal(await going, "paused");
  server.part = () => ({});
  const before = server.puts.length;
  assert.equal(await upload.resume(), "done");
  assert.deepEqual(server.puts.slice(before).toSorted(), [4, 5, 6]);
  await sameBytes(upload, file);
});

test("after a reload the same file goes on where it was", async () => {
  const file = fileOf(5_000);
  const first = uploadOf(file);
  server.part = (number) => (number === 5 ? { status: 400 } : {});
  assert.equal(await first.start(), "failed");
  server.part = () => ({});
  const before = server.puts.length;
  const second = new Upload(fileOf(5_000), {
    api: server.api, put: putByFetch, memory: uploadMemory(kept), wait: hasty, stalledMs: STALLED,
  });
  assert.equal(await second.start(), "done");
  assert.equal(second.fileId, first.fileId);
  assert.ok(server.puts.slice(before).includes(5) && server.puts.length - before < 5);
  await sameBytes(second, file);
});

test("a file of the same name that was changed is another upload", async () => {
  const first = uploadOf(fileOf(2_000));
  server.complete = () => ({ status: 500, title: "Broken" });
  assert.equal(await first.start(), "failed");
  server.complete = () => null;
  const second = uploadOf(fileOf(2_000, "film.mp4", 2));
  assert.equal(await second.start(), "done");
  assert.notEqual(second.fileId, first.fileId);
});

test("an upload that the server no longer knows begins anew", async () => {
  const file = fileOf(2_000);
  memory.keep(file, "long-gone");
  const upload = uploadOf(file);
  assert.equal(await upload.start(), "done");
  assert.notEqual(upload.fileId, "long-gone");
  await sameBytes(upload, file);
});

test("an upload that was complete before the reload is done at once", async () => {
  const file = fileOf(2_000);
  const first = uploadOf(file);
  await first.start();
  memory.keep(file, first.fileId);
  const before = server.puts.length;
  const second = uploadOf(file);
  assert.equal(await second.start(), "done");
  assert.equal(second.taskId, first.taskId);
  assert.equal(server.puts.length, before);
});

test("a lost answer to the first request starts no second upload", async () => {
  let lost = 0;
  const api = {
    request: async (...request) => {
      const answer = await server.api.request(...request);
      if (request[0] === "POST" && lost++ === 0) throw new TypeError("fetch failed");
      return answer;
    },
  };
  const upload = uploadOf(fileOf(2_000), { api });
  assert.equal(await upload.start(), "paused");
  assert.equal(await upload.resume(), "done");
  assert.equal(server.uploads.size, 1);
});

test("cancel stops what is under way and forgets it", async () => {
  const file = fileOf(3_000);
  const upload = uploadOf(file);
  server.part = () => ({ hold: new Promise(() => {}) });
  const running = until(upload, () => upload.sent > 0);
  const going = upload.start();
  await running;
  upload.cancel();
  assert.equal(await going, "cancelled");
  assert.equal(memory.find(file), null);
  assert.equal(await upload.start(), "cancelled", "a cancelled upload cannot be started");
});

test("refusals are told by what a person can do about them", async () => {
  for (const [status, kind] of [[413, "too-large"], [415, "unsupported"], [402, "unpaid"], [422, "refused"], [503, "server"], [401, "signed-out"]]) {
    server.begin = () => ({ status, title: "No", detail: "Because", required: 40, balance: 3 });
    const upload = uploadOf(fileOf(1_000, `${status}.mp4`));
    assert.equal(await upload.start(), "failed");
    assert.equal(upload.problem.kind, kind);
    assert.equal(upload.problem.cause.detail, "Because");
  }
  assert.deepEqual(server.puts, []);
});

test("an empty file and one over 5 GiB are refused before anything is sent", async () => {
  const empty = uploadOf(fileOf(0));
  assert.equal(await empty.start(), "failed");
  assert.equal(empty.problem.kind, "empty");
  const large = uploadOf({ name: "a", size: LARGEST_BYTES + 1, type: "", lastModified: 1 });
  assert.equal(await large.start(), "failed");
  assert.equal(large.problem.kind, "too-large");
  assert.deepEqual(server.requests, []);
});

test("a size that the server does not find is told, not hidden", async () => {
  const upload = uploadOf(fileOf(2_000));
  server.complete = (found) => {
    found.sizeBytes += 1;
    return null;
  };
  assert.equal(await upload.start(), "failed");
  assert.equal(upload.problem.kind, "refused");
  assert.match(upload.problem.cause.detail, /not all of the file/);
});

test("a file that changes on the disk meanwhile is told as that", async () => {
  const broken = {
    name: "film.mp4", size: 2_000, type: "video/mp4", lastModified: 1,
    slice: () => ({ size: 1000, arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")) }),
  };
  const upload = uploadOf(broken, { put: async () => ({ status: 0, etag: null }) });
  assert.equal(await upload.start(), "failed");
  assert.equal(upload.problem.kind, "changed");
});

test("a bucket that hides its ETags from browsers is asked through the API", async () => {
  const file = fileOf(2_000);
  const upload = uploadOf(file);
  server.part = () => ({ silent: true });
  assert.equal(await upload.start(), "done");
  await sameBytes(upload, file);
});

test("an answer that leaves out a part is not followed", async () => {
  const api = { request: async () => ({ file_id: "f", upload_id: "u", part_size: 1000, parts: [{ part_number: 1, url: "x" }] }) };
  const upload = uploadOf(fileOf(2_000), { api });
  assert.equal(await upload.start(), "failed");
  assert.equal(upload.problem.kind, "server");
});

test("the memory forgets by itself, keeps no more than fifty", () => {
  let now = 0;
  const remembered = uploadMemory(kept, () => now);
  for (let index = 0; index < 60; index += 1) remembered.keep(fileOf(1, `${index}.mp4`), `id-${index}`);
  assert.equal(remembered.find(fileOf(1, "5.mp4")), null);
  assert.equal(remembered.find(fileOf(1, "59.mp4")), "id-59");
  now = 7 * 24 * 3600 * 1000;
  assert.equal(remembered.find(fileOf(1, "59.mp4")), null);
  kept.setItem("reelstep.uploads", "{broken");
  assert.equal(remembered.find(fileOf(1)), null);
});

test("nothing but names, sizes, times and ids is remembered", async () => {
  const upload = uploadOf(fileOf(2_000));
  server.part = () => ({ status: 400 });
  await upload.start();
  const [[, text]] = kept.kept;
  assert.deepEqual(Object.keys(JSON.parse(text)[0]).toSorted(), ["at", "file", "id"]);
  assert.doesNotMatch(text, /http|generation/);
});
