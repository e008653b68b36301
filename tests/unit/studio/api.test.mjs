import assert from "node:assert/strict";
import { test } from "node:test";

import { setLocale } from "../../../studio/js/app/i18n.js";
import { Api, ApiProblem } from "../../../studio/js/cloud/api.js";
import { SignInProblem } from "../../../studio/js/cloud/cognito.js";

setLocale("en", { remember: false });

/** An API that gives these answers in turn: a status, {status, body, headers}, or an Error. */
function answering(...answers) {
  const world = { requests: [], pauses: [], tokens: [] };
  const fetch = async (url, init) => {
    world.requests.push({ url: String(url), ...init });
    const next = answers.length > 1 ? answers.shift() : answers[0];
    if (next instanceof Error) throw next;
    const { status = 200, body = {}, headers = {} } = typeof next === "number" ? { status: next } : next;
    const text = body === "" || status === 204 ? null : typeof body === "string" ? body : JSON.stringify(body);
    return new Response(text, { status, headers });
  };
  const session = {
    idToken: async ({ fresh }) => {
      world.tokens.push(fresh);
      return `token-${world.tokens.length}`;
    },
  };
  const sleep = async (milliseconds) => world.pauses.push(milliseconds);
  world.api = new Api({ apiUrl: "https://api.invalid" }, session, { fetch, sleep, random: () => 0.5 });
  return world;
}

const broken = () => new TypeError("fetch failed");

test("a request says who asks, in which language, and what", async () => {
  const w = answering({ body: { ok: true } });
  const answer = await w.api.request("POST", "/api/v1/videos/quote", { json: { a: "é" }, params: { page: 0, none: null } });
  assert.deepEqual(answer, { ok: true });
  const [{ url, method, headers, body, credentials }] = w.requests;
  assert.equal(url, "https://api.invalid/api/v1/videos/quote?page=0");
  assert.equal(method, "POST");
  assert.equal(headers.Authorization, "Bearer token-1");
  assert.equal(headers["Accept-Language"], "en");
  assert.equal(headers["Idempotency-Key"], undefined);
  assert.equal(body, '{"a":"é"}');
  assert.equal(credentials, "omit");
});

test("no body is null", async () => {
  assert.equal(await answering(204).api.request("DELETE", "/x"), null);
});

for (const [what, method, options] of [
  ["a GET", "GET", {}],
  ["a POST with a key", "POST", { json: {}, idempotencyKey: "k" }],
  ["what is called safe", "DELETE", { safe: true }],
]) {
  test(`${what} is repeated after a broken connection, 429, 502 and 503`, async () => {
    const w = answering(broken(), 429, 502, 503, { body: { done: 1 } });
    assert.deepEqual(await w.api.request(method, "/x", options), { done: 1 });
    assert.deepEqual(w.pauses, [250, 500, 1000, 2000]);
    assert.ok(w.requests.every((one) => one.headers["Idempotency-Key"] === options.idempotencyKey));
  });
}

test("a POST without a key is sent once, and again only where nothing was done", async () => {
  for (const answer of [broken(), 502, 503]) {
    const w = answering(answer);
    await assert.rejects(w.api.request("POST", "/x", { json: {} }), ApiProblem);
    assert.equal(w.requests.length, 1);
  }
  const w = answering(429, 200);
  await w.api.request("POST", "/x", { json: {} });
  assert.equal(w.requests.length, 2);
});

test("it gives up after five times, and says why", async () => {
  const w = answering(broken());
  await assert.rejects(w.api.request("GET", "/x"), { status: 0, code: "UNREACHABLE" });
  assert.equal(w.requests.length, 5);
});

test("a short Retry-After is kept to, a long one is told instead", async () => {
  const soon = answering({ status: 429, headers: { "Retry-After": "3" } }, 200);
  await soon.api.request("GET", "/x");
  assert.deepEqual(soon.pauses, [3000]);
  const later = answering({ status: 503, body: { code: "QUEUE_FULL" }, headers: { "Retry-After": "60" } });
  await assert.rejects(later.api.request("GET", "/x"), { code: "QUEUE_FULL", retryAfter: 60 });
  assert.deepEqual(later.pauses, []);
  const often = answering({ status: 429, headers: { "Retry-After": "4" } });
  await assert.rejects(often.api.request("GET", "/x"), { status: 429 });
  assert.deepEqual(often.pauses, [4000, 4000]);
});

test("other errors come at once, with all that they say", async () => {
  const body = {
    title: "Some fields are not valid", detail: "Look at them", code: "VALIDATION_FAILED", traceId: "1-abc",
    errors: [{ field: "prompt", message: "must not be empty" }],
  };
  const w = answering({ status: 422, body });
  await assert.rejects(w.api.request("GET", "/x"), (problem) => {
    assert.equal(problem.message, "Look at them");
    assert.equal(problem.title, body.title);
    assert.equal(problem.traceId, "1-abc");
    assert.deepEqual(problem.errors, body.errors);
    return true;
  });
  assert.equal(w.requests.length, 1);
  const poor = answering({ status: 402, body: { code: "INSUFFICIENT_TOKENS", required: 9, balance: 4 } });
  await assert.rejects(poor.api.request("GET", "/x"), { required: 9, balance: 4 });
});

test("a page in the place of an answer is an error too", async () => {
  await assert.rejects(answering({ body: "<html>" }).api.request("GET", "/x"), ApiProblem);
  await assert.rejects(
    answering({ status: 500, body: "<html>", headers: { "X-Trace-Id": "1-t" } }).api.request("GET", "/x"),
    { status: 500, traceId: "1-t" },
  );
});

test("a refused token is exchanged once", async () => {
  const w = answering(401, { body: { ok: 1 } });
  assert.deepEqual(await w.api.request("POST", "/x", { json: {} }), { ok: 1 });
  assert.deepEqual(w.tokens, [false, true]);
  const never = answering(401);
  await assert.rejects(never.api.request("GET", "/x"), { status: 401, code: "UNAUTHORIZED" });
  assert.equal(never.requests.length, 2);
});

test("nobody is signed in: that is said, and nothing is sent", async () => {
  let sent = 0;
  const session = { idToken: async () => { throw new SignInProblem("NotAuthorizedException"); } };
  const api = new Api({ apiUrl: "https://api.invalid" }, session, { fetch: async () => (sent += 1) });
  await assert.rejects(api.request("GET", "/x"), { status: 401, code: "UNAUTHORIZED" });
  assert.equal(sent, 0);
});

test("who goes away hears no more of it", async () => {
  const leaving = new AbortController();
  const api = new Api({ apiUrl: "https://api.invalid" }, { idToken: async () => "t" }, {
    fetch: (_url, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  const asked = api.request("GET", "/x", { signal: leaving.signal });
  setImmediate(() => leaving.abort());
  await assert.rejects(asked, { name: "AbortError" });
});

test("a connection that breaks in the middle of the body is a broken connection", async () => {
  const half = () => {
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"ok":')),
      pull: (controller) => controller.error(new TypeError("terminated")),
    });
    return new Response(stream, { status: 200 });
  };
  const asking = (...answers) => {
    const requests = [];
    const fetch = async (url) => (requests.push(url), answers.shift()());
    const given = { fetch, sleep: async () => {} };
    return { requests, api: new Api({ apiUrl: "https://api.invalid" }, { idToken: async () => "t" }, given) };
  };
  const again = asking(half, () => new Response('{"ok":1}'));
  assert.deepEqual(await again.api.request("GET", "/x"), { ok: 1 });
  assert.equal(again.requests.length, 2);
  const once = asking(half, () => new Response('{"ok":1}'));
  await assert.rejects(once.api.request("POST", "/x", { json: {} }), (problem) => {
    assert.ok(problem instanceof ApiProblem);
    assert.deepEqual([problem.status, problem.code], [0, "UNREACHABLE"]);
    return true;
  });
  assert.equal(once.requests.length, 1, "nobody knows whether it was done");
});
