import assert from "node:assert/strict";
import { test } from "node:test";

import { SignInProblem } from "../../../studio/js/cloud/cognito.js";
import { settled } from "./support/fake-time.mjs";
import { actions, upTo, world } from "./support/live-world.mjs";

test("what has happened is replayed, then it is live; the token goes in the address", async () => {
  const w = world();
  const heard = w.follow("a");
  await settled();
  assert.equal(w.live.state.value, "open");
  assert.equal(w.socket.address.searchParams.get("token"), "token-1");
  w.happen("a");
  assert.deepEqual(heard.seqs, [1, 2, 3, 4]);
  assert.deepEqual(heard.snapshots, [[3, 0]]);
});

test("a lost connection comes back by itself and goes on after what was seen", async () => {
  const w = world();
  const heard = w.follow("a");
  await settled();
  w.socket.break();
  assert.equal(w.live.state.value, "waiting");
  assert.ok(w.live.retryAt > w.time.now);
  w.happen("a");
  w.happen("a");
  await w.time.pass(1000);
  assert.equal(w.live.state.value, "open");
  assert.equal(w.socket.sent[0].lastSeq, 3);
  assert.deepEqual(heard.seqs, upTo(5));
});

test("pauses double up to fifteen seconds, and are short again once something was heard", async () => {
  const w = world();
  w.follow("a");
  await settled();
  w.up = false;
  const pauses = [];
  w.socket.break();
  for (let n = 0; n < 8; n += 1) {
    pauses.push(w.live.retryAt - w.time.now);
    await w.time.pass(pauses.at(-1));
  }
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  w.up = true;
  await w.time.pass(15000);
  assert.equal(w.live.state.value, "open");
  w.socket.break();
  assert.equal(w.live.retryAt - w.time.now, 500);
});

test("a server that opens and closes at once is not asked without a pause", async () => {
  const w = world();
  w.deaf = true;
  w.follow("a");
  await settled();
  const pauses = [];
  for (let n = 0; n < 4; n += 1) {
    w.socket.break();
    pauses.push(w.live.retryAt - w.time.now);
    await w.time.pass(pauses.at(-1));
  }
  assert.deepEqual(pauses, [500, 1000, 2000, 4000]);
});

test("refused before it was open: the next try has a fresh token", async () => {
  const w = world();
  w.up = false;
  w.follow("a");
  await settled();
  await w.time.pass(500);
  assert.deepEqual(w.tokens, [false, true]);
});

test("the button, the network and the eye bring it back at once", async () => {
  for (const bring of [(w) => w.live.reconnect(), (w) => w.listeners.online(), (w) => w.listeners.visibilitychange()]) {
    const w = world();
    const heard = w.follow("a");
    await settled();
    w.up = false;
    w.listeners.offline();
    assert.equal(w.live.state.value, "waiting");
    await w.time.pass(20_000);
    w.up = true;
    w.happen("a");
    bring(w);
    await settled();
    assert.equal(w.live.state.value, "open");
    assert.deepEqual(heard.seqs, upTo(4));
  }
});

test("an open connection that is silent is asked, and given up when it does not answer", async () => {
  const w = world();
  const heard = w.follow("a");
  await settled();
  const first = w.socket;
  await w.time.pass(45_000);
  assert.equal(first.sent.at(-1).action, "ping");
  assert.equal(w.live.state.value, "open", "it answered");
  w.deaf = true;
  await w.time.pass(65_000);
  assert.equal(w.live.state.value, "waiting");
  assert.equal(first.closed, true);
  w.deaf = false;
  w.happen("a");
  await w.time.pass(1000);
  assert.deepEqual(heard.seqs, upTo(4));
});

test("a connection that never opens is given up", async () => {
  const w = world();
  w.stuck = true;
  w.follow("a");
  await settled();
  assert.equal(w.live.state.value, "connecting");
  await w.time.pass(30_000);
  assert.equal(w.live.state.value, "waiting");
  assert.equal(w.socket.closed, true);
});

test("whoever comes later to the same job hears all of it, and nobody hears anything twice", async () => {
  const w = world();
  const first = w.follow("a");
  await settled();
  w.happen("a");
  const second = w.follow("a", { after: 2 });
  w.happen("a");
  assert.deepEqual(first.seqs, upTo(5));
  assert.deepEqual(second.seqs, upTo(5, 3));
  second.following.stop();
  w.happen("a");
  assert.deepEqual(first.seqs, upTo(6));
  assert.deepEqual(second.seqs, upTo(5, 3));
});

test("a hole is not told over: it is asked for again", async () => {
  const w = world();
  const heard = w.follow("a");
  await settled();
  w.logs.get("a").push({ event: "job:progress", generationId: "a", seq: 4 }); // its post was lost
  w.happen("a");
  assert.deepEqual(heard.seqs, upTo(5));
  assert.equal(w.socket.sent.filter((one) => one.action === "subscribe").length, 2);
});

test("a log whose beginning is gone is told from where it begins", async () => {
  const w = world();
  w.logs.set("old", [{ event: "job:progress", generationId: "old", seq: 7 }, { event: "job:completed", generationId: "old", seq: 8 }]);
  const heard = w.follow("old");
  await settled();
  assert.deepEqual(heard.seqs, [7, 8]);
});

test("events in random cuts, losses and returns: each once, in order", async () => {
  let state = 99;
  const roll = (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  const w = world();
  const heard = { a: w.follow("a"), b: w.follow("b") };
  for (let step = 0; step < 400; step += 1) {
    const what = roll(10);
    if (what < 5) w.happen(roll(2) ? "a" : "b");
    else if (what === 5) w.socket?.break();
    else if (what === 6) w.up = !w.up;
    else if (what === 7) w.live.reconnect();
    else await w.time.pass(roll(4000));
  }
  w.up = true;
  await w.time.pass(40_000);
  for (const id of ["a", "b"]) assert.deepEqual(heard[id].seqs, upTo(w.logs.get(id).length), id);
});

test("somebody else's job is a problem of that job alone", async () => {
  const w = world();
  const good = w.follow("a");
  const bad = w.follow("nobody's");
  await settled();
  assert.deepEqual(bad.problems, ["NOT_FOUND"]);
  w.happen("a");
  assert.deepEqual(good.seqs, upTo(4));
  w.socket.break();
  await w.time.pass(1000);
  assert.deepEqual(w.socket.sent.map((one) => one.generationId), ["a"], "it is not asked for again");
});

test("when nobody follows any more it is closed after a moment, and opened anew", async () => {
  const w = world();
  const heard = w.follow("a");
  await settled();
  heard.following.stop();
  await w.time.pass(3000);
  assert.equal(w.socket.sent.at(-1).action, "unsubscribe");
  await w.time.pass(2000);
  assert.equal(w.live.state.value, "closed");
  assert.deepEqual(w.time.pending, [], "nothing rings in an empty room");
  const again = w.follow("a", { after: 3 });
  await settled();
  w.happen("a");
  assert.deepEqual(again.seqs, [4]);
});

test("signed out: it is closed and stays so; no network: it waits", async () => {
  for (const [code, state] of [["NotAuthorizedException", "closed"], ["Unreachable", "waiting"]]) {
    const w = world({ session: { idToken: async () => { throw new SignInProblem(code); } } });
    w.follow("a");
    await settled();
    assert.equal(w.live.state.value, state);
    assert.equal(w.sockets.length, 0);
  }
});

test("a cancel is answered, refused, or fails with the connection", async () => {
  const w = world();
  const { following } = w.follow("a");
  await settled();
  const accepted = following.cancel();
  assert.deepEqual(w.socket.sent.at(-1), { action: "cancel", generationId: "a" });
  w.socket.say({ event: "accepted", generationId: "a", seq: null, action: "cancel", tokensRefunded: 3 });
  assert.equal((await accepted).tokensRefunded, 3);
  const refused = following.cancel();
  w.socket.say({ event: "error", generationId: "a", seq: null, code: "CONFLICT", message: "It has ended already" });
  await assert.rejects(refused, { code: "CONFLICT" });
  w.happen("a");
  const lost = following.cancel();
  w.socket.break();
  await assert.rejects(lost, { code: "NOT_CONNECTED" });
  await assert.rejects(following.cancel(), { code: "NOT_CONNECTED" });
});

test("who leaves and comes back at once has not unsubscribed in between", async () => {
  const w = world();
  w.follow("b");
  const heard = w.follow("a");
  await settled();
  heard.following.stop();
  await w.time.pass(1000);
  const again = w.follow("a", { after: 3 });
  await w.time.pass(10_000);
  assert.deepEqual(actions(w.socket, "a"), ["subscribe", "subscribe"]);
  again.following.stop();
  await w.time.pass(3000);
  assert.deepEqual(actions(w.socket, "a").slice(2), ["unsubscribe"], "in the end it is sent");
});

test("an unsubscribe that is worked on after the next subscribe takes nothing away", async () => {
  for (const [what, late] of [["after", true], ["before", false]]) {
    const w = world();
    w.follow("b");
    const { following } = w.follow("a");
    await settled();
    following.stop();
    w.deaf = true;
    await w.time.pass(3000);
    const again = w.follow("a", { after: 3 });
    const [unsubscribe, subscribe] = w.socket.sent.slice(-2);
    assert.deepEqual([unsubscribe.action, subscribe.action], ["unsubscribe", "subscribe"]);
    w.deaf = false;
    const order = late ? [subscribe, unsubscribe] : [unsubscribe, subscribe];
    for (const message of order) w.answer(w.socket, message);
    w.happen("a");
    w.happen("a");
    assert.deepEqual([again.seqs, again.problems], [[4, 5], []], what);
  }
});

test("you have not subscribed, says a late answer: whoever is there now stays", async () => {
  const w = world();
  w.follow("b");
  const { following } = w.follow("a");
  await settled();
  following.stop();
  w.deaf = true;
  await w.time.pass(3000);
  const again = w.follow("a", { after: 3 });
  w.deaf = false;
  w.socket.subscribed.delete("a"); // it had expired
  for (const message of w.socket.sent.slice(-2)) w.answer(w.socket, message);
  w.happen("a");
  assert.deepEqual([again.seqs, again.problems], [[4], []]);
  w.logs.delete("a"); // and where the job itself is gone, that is said
  const third = w.follow("a", { after: 4 });
  assert.deepEqual(third.problems, ["NOT_FOUND"]);
});

test("a last event that was lost on its way is told within minutes, also while others are heard", async () => {
  for (const busy of [false, true]) {
    const w = world();
    const heard = w.follow("a");
    w.follow("b");
    await settled();
    w.logs.get("a").push({ event: "job:completed", generationId: "a", seq: 4 }); // its post was lost
    for (let n = 0; n < 18; n += 1) {
      await w.time.pass(10_000);
      if (busy) w.happen("b");
    }
    assert.deepEqual(heard.seqs, upTo(4));
    assert.equal(w.sockets.length, 1, "the connection was good");
    const asked = actions(w.socket, "a").length;
    assert.equal(asked, 2, "not more often than that");
  }
});

test("asked again for nothing, a hole is still a hole", async () => {
  const w = world();
  const heard = w.follow("a");
  await w.time.pass(140_000);
  assert.equal(actions(w.socket, "a").length, 2);
  w.logs.get("a").push({ event: "job:progress", generationId: "a", seq: 4 }); // its post was lost
  w.happen("a");
  assert.deepEqual(heard.seqs, upTo(5));
});
