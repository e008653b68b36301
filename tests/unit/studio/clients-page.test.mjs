/** docs/clients-javascript.md, against what a cloud can hardly be brought to do when it is asked. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const page = readFileSync(new URL("../../../docs/clients-javascript.md", import.meta.url), "utf-8");
const code = [...page.matchAll(/```js\n(.*?)```/gs)].map(([, block]) => block).join("\n");
const { follow, followByEventSource } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

const LOG = [
  { seq: 1, event: "job:started" },
  { seq: 2, event: "job:progress" },
  { seq: 3, event: "job:completed" },
];

/** A job that has ended; each EventSource is given one of these, or refused for "refused". */
function world(context, ...sources) {
  const w = { opened: [], asked: [] };
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const before = { EventSource: globalThis.EventSource, fetch: globalThis.fetch };
  context.after(() => Object.assign(globalThis, before));
  globalThis.EventSource = class extends EventTarget {
    static CLOSED = 2;
    readyState = 0;
    constructor(url) {
      super();
      const after = Number(new URL(url).searchParams.get("lastEventId"));
      w.opened.push(after);
      const fate = sources.length > 1 ? sources.shift() : sources[0];
      setImmediate(() => this.#play(fate, after));
    }
    #play(fate, after) {
      const told = fate === "refused" ? [] : LOG.slice(after, fate);
      for (const event of told) this.dispatchEvent(Object.assign(new Event(event.event), { data: JSON.stringify(event) }));
      if (this.readyState === 2) return;
      this.readyState = 2;
      this.onerror();
    }
    close() {
      this.readyState = 2;
    }
  };
  globalThis.fetch = async (url) => {
    const { pathname, searchParams } = new URL(url);
    w.asked.push(pathname.split("/").at(-1));
    const events = LOG.filter(({ seq }) => seq > Number(searchParams.get("after")));
    return Response.json(pathname.endsWith("/events") ? { events } : { status: "COMPLETED" });
  };
  w.follow = async (after) => {
    const heard = [];
    const signIn = { token: async () => "t" };
    let over = false;
    const following = followByEventSource({ apiUrl: "http://page.invalid" }, signIn, "v", ({ seq }) => heard.push(seq), after);
    following.finally(() => (over = true));
    for (let turn = 0; turn < 50 && !over; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      context.mock.timers.tick(1000);
    }
    assert.ok(over, "it has ended");
    return heard;
  };
  return w;
}

test("a refused EventSource of an ended job is not the end: the log is told to its end", async (context) => {
  const w = world(context, "refused", 2, "refused", 3);
  assert.deepEqual(await w.follow(0), [1, 2, 3]);
  assert.deepEqual(w.opened, [0, 0, 2, 2]);
});

test("where all was told before, it ends, and looks at the status before the log", async (context) => {
  const w = world(context, "refused");
  assert.deepEqual(await w.follow(3), []);
  assert.deepEqual(w.asked, ["v", "events"]);
  assert.equal(w.opened.length, 1);
});

/** What `follow` tells after number `after` over WebSockets that each say one of these and stay open. */
async function followed(context, after, ...lines) {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const before = globalThis.WebSocket;
  context.after(() => (globalThis.WebSocket = before));
  const w = { asked: [], heard: [], closed: 0 };
  globalThis.WebSocket = class {
    readyState = 1;
    constructor() {
      setImmediate(() => this.onopen());
    }
    send(text) {
      w.asked.push(JSON.parse(text).lastSeq);
      for (const message of lines.shift()) this.onmessage({ data: JSON.stringify(message) });
    }
    close() {
      w.closed += 1;
    }
  };
  const listen = async () => {
    const config = { websocketUrl: "ws://page.invalid" };
    for await (const { seq } of follow(config, { token: async () => "t" }, "v", after)) w.heard.push(seq);
  };
  w.over = listen().then(() => "ended", (problem) => problem.code);
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    context.mock.timers.tick(1000);
  }
  w.over = await Promise.race([w.over, "still following"]);
  return w;
}
const subscribed = (status, seq = 3) => ({ event: "subscribed", seq: 0, job: { status, seq } });

test("following a job that has ended ends, also when nothing is left to be told", async (context) => {
  for (const status of ["COMPLETED", "FAILED", "CANCELLED"]) {
    await context.test(status, async (context) => {
      const w = await followed(context, 3, [subscribed(status)]);
      assert.deepEqual([w.over, w.heard, w.closed], ["ended", [], 1]);
    });
  }
});

test("following goes on where the job does, or where there is more to tell", async (context) => {
  for (const [after, status] of [[3, "PROCESSING"], [2, "COMPLETED"]]) {
    await context.test(status, async (context) => {
      const w = await followed(context, after, [subscribed(status)]);
      assert.equal(w.over, "still following");
    });
  }
});

test("following outlives what only does not work now, and ends with what never will", async (context) => {
  const error = (code) => ({ event: "error", code, message: "No" });
  const w = await followed(context, 0, [error("TEMPORARILY_UNAVAILABLE")], [subscribed("COMPLETED"), ...LOG]);
  assert.deepEqual([w.over, w.heard, w.asked, w.closed], ["ended", [1, 2, 3], [0, 0], 2]);
  await context.test("never", async (context) => {
    assert.equal((await followed(context, 0, [error("NOT_FOUND")])).over, "NOT_FOUND");
  });
});
