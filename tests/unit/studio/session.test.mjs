import assert from "node:assert/strict";
import { test } from "node:test";

import { cognito } from "../../../studio/js/cloud/cognito.js";
import { Session } from "../../../studio/js/cloud/session.js";

const HOUR = 3600;

/** An ID token that nobody has signed, as of Cognito's clock, which is a day ahead of ours. */
function token(sub, seconds = HOUR) {
  const iat = 1_800_000_000;
  const claims = { sub, email: `${sub}@example.org`, iat, exp: iat + seconds, "cognito:groups": ["plan-standard"] };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.x`;
}

function storage(kept = {}) {
  const map = new Map(Object.entries(kept));
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => map.set(key, value),
    removeItem: (key) => map.delete(key),
    all: map,
  };
}

/** A session whose Cognito answers by `answers[operation](body)`. */
function made(answers, kept) {
  const world = { asked: [], now: 5_000_000, storage: storage(kept) };
  const fetch = async (_url, { headers, body }) => {
    const operation = headers["X-Amz-Target"].split(".")[1];
    world.asked.push([operation, JSON.parse(body)]);
    const said = await answers[operation](JSON.parse(body));
    if (said instanceof Error) throw said;
    return new Response(JSON.stringify(said), { status: said.__type ? 400 : 200 });
  };
  const config = { cognitoUrl: "https://cognito.invalid/", clientId: "client", userPoolId: "r_pool" };
  world.session = new Session(config, { fetch, storage: world.storage, now: () => world.now });
  return world;
}

const refreshed = (body) =>
  body.AuthParameters.REFRESH_TOKEN === "good"
    ? { AuthenticationResult: { IdToken: token("ada") } }
    : { __type: "NotAuthorizedException", message: "Refresh Token has expired" };
const KEPT = { "reelstep.refresh": "good" };

test("a reload takes up the session by the refresh token, which is all that is kept", async () => {
  const w = made({ InitiateAuth: refreshed }, KEPT);
  assert.equal(await w.session.restore(), true);
  assert.deepEqual(w.session.user.value, { id: "ada", email: "ada@example.org", groups: ["plan-standard"] });
  assert.deepEqual([...w.storage.all], [["reelstep.refresh", "good"]]);
});

test("an expired session is nobody's, and leaves nothing behind", async () => {
  const w = made({ InitiateAuth: refreshed }, { "reelstep.refresh": "bad" });
  assert.equal(await w.session.restore(), false);
  assert.equal(w.storage.all.size, 0);
  assert.equal(await made({}, {}).session.restore(), false);
});

test("without a network the refresh token is kept for the next time", async () => {
  const w = made({ InitiateAuth: () => new TypeError("offline") }, KEPT);
  assert.equal(await w.session.restore(), false);
  assert.equal(w.storage.all.size, 1);
});

test("many who ask at once make one exchange; later it is made before the token ends", async () => {
  const w = made({ InitiateAuth: refreshed }, KEPT);
  const all = await Promise.all([1, 2, 3].map(() => w.session.idToken()));
  assert.equal(new Set(all).size, 1);
  assert.equal(w.asked.length, 1);
  w.now += (HOUR - 120) * 1000;
  await w.session.idToken();
  assert.equal(w.asked.length, 1, "by the lifetime, whatever the clocks say");
  w.now += 60_000;
  await w.session.idToken();
  assert.equal(w.asked.length, 2);
  await w.session.idToken({ fresh: true });
  assert.equal(w.asked.length, 3);
});

test("signing out forgets at once and revokes", async () => {
  const w = made({ InitiateAuth: refreshed, RevokeToken: () => ({}) }, KEPT);
  await w.session.restore();
  const done = w.session.signOut();
  assert.equal(w.session.user.value, null);
  assert.equal(w.storage.all.size, 0);
  await done;
  assert.deepEqual(w.asked.at(-1), ["RevokeToken", { ClientId: "client", Token: "good" }]);
  await assert.rejects(w.session.idToken(), { code: "NotAuthorizedException" });
});

test("an exchange that was under way when somebody signed out signs nobody in", async () => {
  let answer;
  const waiting = new Promise((resolve) => (answer = resolve));
  const w = made({ InitiateAuth: async (body) => (await waiting, refreshed(body)), RevokeToken: () => ({}) }, KEPT);
  const asked = w.session.idToken();
  await w.session.signOut();
  answer();
  await assert.rejects(asked, { code: "NotAuthorizedException" });
  assert.equal(w.session.user.value, null);
});

test("sign-in goes by SRP: the password is in no message", async () => {
  const w = made({
    InitiateAuth: (body) => {
      assert.equal(body.AuthFlow, "USER_SRP_AUTH");
      assert.match(body.AuthParameters.SRP_A, /^[0-9a-f]{700,}$/);
      const asked = { USER_ID_FOR_SRP: "ada", SALT: "ab12", SRP_B: "3", SECRET_BLOCK: "YQ==" };
      return { ChallengeName: "PASSWORD_VERIFIER", ChallengeParameters: asked };
    },
    RespondToAuthChallenge: (body) => {
      if (body.ChallengeName === "PASSWORD_VERIFIER") return { ChallengeName: "NEW_PASSWORD_REQUIRED", Session: "s1" };
      assert.equal(body.Session, "s1");
      assert.deepEqual(body.ChallengeResponses, { USERNAME: "ada", NEW_PASSWORD: "Another-1-password" });
      return { AuthenticationResult: { IdToken: token("ada"), RefreshToken: "good" } };
    },
  });
  const step = await w.session.signIn(" ada@example.org ", "Secret-1-password");
  assert.equal(step.challenge, "NEW_PASSWORD_REQUIRED");
  assert.equal(w.session.user.value, null);
  assert.deepEqual(await step.answer("Another-1-password"), { done: true });
  assert.equal(w.session.user.value.id, "ada");
  assert.equal(w.storage.getItem("reelstep.refresh"), "good");
  assert.ok(!JSON.stringify(w.asked).includes("Secret-1-password"));
  assert.equal(w.asked[0][1].AuthParameters.USERNAME, "ada@example.org");
});

test("a code of an authenticator is answered under its own name", async () => {
  const w = made({
    InitiateAuth: () => ({ ChallengeName: "SOFTWARE_TOKEN_MFA", Session: "s" }),
    RespondToAuthChallenge: (body) => ({ __type: "CodeMismatchException", message: JSON.stringify(body.ChallengeResponses) }),
  });
  const step = await w.session.signIn("ada", "p");
  await assert.rejects(step.answer("123456"), (problem) => {
    assert.equal(problem.code, "CodeMismatchException");
    assert.equal(JSON.parse(problem.message).SOFTWARE_TOKEN_MFA_CODE, "123456");
    return true;
  });
});

test("a Cognito that does not answer in time, or stops in the middle, is unreachable", async (context) => {
  const stalled = () => new ReadableStream({ start: (body) => body.error(new TypeError("terminated")) });
  const waits = (_url, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const limit = new AbortController();
  const timeout = context.mock.method(AbortSignal, "timeout", () => limit.signal);
  for (const fetch of [waits, async () => new Response(stalled())]) {
    const asked = cognito({ cognitoUrl: "https://cognito.invalid/" }, "InitiateAuth", {}, fetch);
    setImmediate(() => limit.abort(new DOMException("late", "TimeoutError")));
    await assert.rejects(asked, { name: "SignInProblem", code: "Unreachable" });
  }
  assert.deepEqual(timeout.mock.calls.map((call) => call.arguments), [[15_000], [15_000]]);
});
