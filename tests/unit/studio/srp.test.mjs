import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, padded, powerMod, signature, timestamp } from "../../../studio/js/cloud/srp.js";

// That a server is convinced is tested from Python (test_studio_modules.py).

test("powers agree with plain arithmetic", () => {
  for (const [base, exponent, modulus] of [[2n, 10n, 1000n], [7n, 0n, 13n], [12345n, 6789n, 99991n], [5n, 1n, 3n]]) {
    assert.equal(powerMod(base, exponent, modulus), base ** exponent % modulus);
  }
});

test("numbers are padded so that none reads as negative", () => {
  assert.deepEqual([...padded(0x7fn)], [0x7f]);
  assert.deepEqual([...padded(0x80n)], [0, 0x80]);
  assert.deepEqual([...padded(0x123n)], [0x01, 0x23]);
  assert.deepEqual([...padded(0xabcdn)], [0, 0xab, 0xcd]);
});

test("two sign-ins share no secret", () => {
  assert.notEqual(begin().public, begin().public);
});

test("the day has no zero in front and the hour has one", () => {
  assert.equal(timestamp(new Date("2026-11-07T09:05:03Z")), "Sat Nov 7 09:05:03 UTC 2026");
  assert.equal(timestamp(new Date("2027-01-31T23:59:59Z")), "Sun Jan 31 23:59:59 UTC 2027");
});

test("a server whose number is nothing modulo N learns nothing", async () => {
  const mine = begin();
  const given = { poolId: "r_p", userId: "u", password: "p", salt: "ab", secretBlock: "YQ==", timestamp: timestamp(), ...mine };
  await assert.rejects(signature({ ...given, serverPublic: "0" }), /not valid/);
});
