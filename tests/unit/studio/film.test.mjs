import assert from "node:assert/strict";
import { test } from "node:test";

import {
  PHASES, apply, current, elapsed, empty, finished, fromDetails, phaseSeconds,
} from "../../../studio/js/domain/film.js";

const START = Date.parse("2026-11-21T12:00:00Z");
const at = (seconds) => new Date(START + seconds * 1000).toISOString();
const told = (events, film = empty("f")) => events.reduce(apply, film);
const progress = (seq, seconds, stage, stagePercent, percent, message = "") => ({
  seq, at: at(seconds), event: "job:progress", stage, stagePercent, percent, message,
});
const queued = (seq, seconds, position = 0) => ({ seq, at: at(seconds), event: "job:queued", position });
const started = (seq, seconds) => ({ seq, at: at(seconds), event: "job:started", workerId: "w" });

/** A log of a whole film, with units as they come. */
function log() {
  const events = [queued(1, 0, 2), started(2, 5)];
  let [seq, seconds, percent] = [3, 6, 0];
  for (const [index, stage] of PHASES.entries()) {
    for (const part of [40, 100]) {
      percent = Math.round(((index + part / 100) / PHASES.length) * 99);
      events.push(progress(seq, seconds, stage, part, percent, `${stage} ${part}`));
      seq += 1;
      seconds += 2;
    }
  }
  events.push({ seq, at: at(seconds), event: "job:completed", videoUrl: "https://media.invalid/f.mp4" });
  return events;
}

/** Small, seeded and good enough: the same run each time. */
function dice(seed) {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

test("a log in order is a film with six phases, each begun where the one before ended", () => {
  const film = told(log());
  assert.equal(film.status, "COMPLETED");
  assert.equal(film.percent, 100);
  assert.equal(film.queued, START);
  assert.equal(film.started, START + 5000);
  for (const [index, phase] of film.phases.entries()) {
    assert.equal(phase.percent, 100);
    assert.equal(phase.started, index ? film.phases[index - 1].ended : START + 5000);
  }
  assert.equal(elapsed(film, START + 99e6), (film.ended - START) / 1000);
});

test("events that come twice, or again after a lost connection, change nothing", () => {
  const events = log();
  const whole = told(events);
  const roll = dice(7);
  for (let run = 0; run < 200; run += 1) {
    let film = empty("f");
    let from = 0;
    while (from < events.length) {
      const until = from + 1 + roll(events.length - from);
      film = told(events.slice(from, until), film);
      from = roll(4) ? until : Math.max(0, until - roll(5)); // back by a few, now and then
    }
    film = told(events.slice(roll(events.length)), film);
    assert.deepEqual(film, whole);
  }
});

test("an event from the past is the same film, not a copy", () => {
  const film = told(log());
  assert.equal(apply(film, log()[4]), film);
});

test("percent and the phases' percent never go down, whatever comes", () => {
  const roll = dice(11);
  for (let run = 0; run < 100; run += 1) {
    let film = told([queued(1, 0), started(2, 1)]);
    for (let seq = 3; seq < 30; seq += 1) {
      const next = apply(film, progress(seq, seq, PHASES[roll(6)], roll(101), roll(101)));
      assert.ok(next.percent >= film.percent);
      for (const [index, phase] of next.phases.entries()) {
        assert.ok(phase.percent >= film.phases[index].percent);
        assert.ok(phase.percent <= 100);
        if (phase.ended !== null) assert.ok(phase.ended >= phase.started);
      }
      film = next;
    }
  }
});

test("the phases before the one that is told of are done", () => {
  const film = told([queued(1, 0), started(2, 1), progress(3, 9, "RENDERING", 20, 50, "Frame 20")]);
  assert.deepEqual(film.phases.map((phase) => phase.percent), [100, 100, 100, 20, 0, 0]);
  assert.equal(current(film).name, "RENDERING");
  assert.equal(film.message, "Frame 20");
  assert.equal(film.phases[4].started, null);
  assert.equal(phaseSeconds(film.phases[3], START + 12_000), 3);
});

test("a failure marks its phase; the retry keeps what was finished and forgets the failure", () => {
  const broken = told([
    queued(1, 0), started(2, 1),
    progress(3, 4, "SCRIPT_GENERATION", 100, 5), progress(4, 6, "ASSET_GENERATION", 30, 12),
    { seq: 5, at: at(8), event: "job:failed", error: { code: "TIMED_OUT", message: "No", stage: "ASSET_GENERATION" } },
  ]);
  assert.equal(broken.status, "FAILED");
  assert.equal(broken.error.code, "TIMED_OUT");
  assert.deepEqual(broken.phases.map((phase) => phase.failed), [false, true, false, false, false, false]);

  const again = apply(broken, queued(6, 60, 3));
  assert.equal(again.status, "QUEUED");
  assert.equal(again.error, null);
  assert.equal(again.position, 3);
  assert.equal(again.phases[0].percent, 100);
  assert.equal(again.phases[1].failed, false);
  assert.equal(again.percent, 12, "the whole goes on from where it was");
  assert.equal(elapsed(again, START + 70_000), 10, "counted from the second beginning");

  const running = told([started(7, 65), progress(8, 70, "ASSET_GENERATION", 60, 20)], again);
  assert.equal(running.phases[1].started, START + 65_000, "no phase of this attempt begins before it");
  assert.equal(finished(running), false);
});

test("a failure without a stage is that of the phase that ran", () => {
  const film = told([queued(1, 0), started(2, 1), progress(3, 2, "COMPOSITING", 10, 30), { seq: 4, at: at(3), event: "job:failed", error: {} }]);
  assert.equal(film.error.stage, "COMPOSITING");
});

test("a failure that says when it is tried again is none", () => {
  const film = told([queued(1, 0), started(2, 1), { seq: 3, at: at(3), event: "job:failed", retryIn: 4, error: {} }]);
  assert.equal(film.status, "PROCESSING");
  assert.equal(film.seq, 3);
});

test("a cancel ends it; an unknown event only counts", () => {
  const film = told([queued(1, 0), { seq: 2, at: at(1), event: "job:cancelled" }, { seq: 3, at: at(2), event: "job:danced" }]);
  assert.equal(film.status, "CANCELLED");
  assert.equal(film.ended, START + 1000);
  assert.equal(film.seq, 3);
});

test("a record says the same as far as it knows", () => {
  const film = fromDetails({
    id: "f", status: "FAILED", progressPercentage: 12, queuePosition: 0, createdAt: at(0), completedAt: at(8),
    errorCode: "TIMED_OUT", errorMessage: "No", errorPhase: "ASSET_GENERATION",
    phases: [
      { phase: "SCRIPT_GENERATION", progressPercentage: 100, startedAt: at(2), completedAt: at(4) },
      { phase: "ASSET_GENERATION", progressPercentage: 30, startedAt: at(5), completedAt: null },
    ],
  });
  assert.equal(film.seq, 0, "the log may tell everything after it");
  assert.equal(film.started, START + 2000);
  assert.equal(film.phases[1].failed, true);
  assert.equal(film.error.message, "No");
  assert.equal(film.phases.length, 6);
  assert.equal(fromDetails({ id: "f", status: "PROCESSING", progressPercentage: 1, createdAt: at(0), completedAt: null, phases: [] }).ended, null);
});
