/** What the live connection does about refusals, and about nobody being there any more. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { SignInProblem } from "../../../studio/js/cloud/cognito.js";
import { settled } from "./support/fake-time.mjs";
import { actions, upTo, world } from "./support/live-world.mjs";

const refusal = (code) => ({ event: "error", generationId: "a", seq: null, code, message: "No" });

test("what only does not work now is asked for again, after pauses that grow", async () => {
  for (const code of ["TEMPORARILY_UNAVAILABLE", "CONFLICT", "INTERNAL_ERROR"]) {
    const w = world();
    w.deaf = true;
    const heard = w.follow("a");
    await settled();
    w.socket.say(refusal(code));
    await w.time.pass(499);
    assert.equal(actions(w.socket, "a").length, 1);
    await w.time.pass(1);
    assert.equal(actions(w.socket, "a").length, 2);
    w.socket.say(refusal(code));
    await w.time.pass(999);
    assert.equal(actions(w.socket, "a").length, 2);
    w.deaf = false;
    await w.time.pass(1);
    w.happen("a");
    assert.deepEqual([heard.seqs, heard.problems], [upTo(4), []], code);
    w.socket.say(refusal(code));
    await w.time.pass(500);
    assert.equal(actions(w.socket, "a").length, 4, "what had worked begins with a short pause");
  }
});

test("what will never work is not asked for again; nor is what nobody follows any more", async () => {
  for (const code of ["NOT_FOUND", "VALIDATION_FAILED", "MALFORMED_REQUEST", "TOO_LARGE"]) {
    const w = world();
    w.deaf = true;
    const heard = w.follow("a");
    await settled();
    w.socket.say(refusal(code));
    assert.deepEqual(heard.problems, [code]);
  }
  const w = world();
  w.deaf = true;
  const { following } = w.follow("a");
  w.follow("b");
  await settled();
  w.socket.say(refusal("TEMPORARILY_UNAVAILABLE"));
  following.stop();
  await w.time.pass(1000);
  assert.deepEqual(actions(w.socket, "a"), ["subscribe"]);
});

test("a lost connection that nobody misses any more does not come back", async () => {
  const w = world();
  const { following } = w.follow("a");
  await settled();
  w.socket.break();
  following.stop();
  await w.time.pass(600_000);
  assert.deepEqual([w.live.state.value, w.sockets.length, w.time.pending], ["closed", 1, []]);
});

test("nor is it dialled again after a token that did not come, when nobody waits for it", async () => {
  let fail;
  const w = world({ session: { idToken: () => new Promise((_, reject) => (fail = reject)) } });
  const { following } = w.follow("a");
  following.stop();
  fail(new SignInProblem("Unreachable"));
  await settled();
  assert.deepEqual([w.live.state.value, w.time.pending], ["closed", []]);
});
