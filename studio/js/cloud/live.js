/**
 * Every event of a job the moment it is written, in order, once (docs/websocket.md). One connection
 * for all jobs of a page; it comes back by itself and goes on after the last event that was seen.
 */

import { locale } from "../app/i18n.js";
import { signal } from "../app/signal.js";
import { SignInProblem } from "./cognito.js";

const FIRST_PAUSE = 500; // all times here in milliseconds
const LONGEST_PAUSE = 15_000;
const PING_EVERY = 45_000; // of silence; API Gateway itself waits ten minutes
const PONG_WITHIN = 20_000; // functions that nobody has called for a while take their time
const OPEN_WITHIN = 30_000; // as long as API Gateway itself waits
const IDLE = 5_000; // nobody follows anything any more
const LEAVE = 3_000; // from one page to the next and back again, the subscription stays
const LOOK_AGAIN = 3 * PING_EVERY; // a connection may live and yet a last event have been lost
const ANSWER_WITHIN = 15_000;
// Asked again, it would be refused again; anything else may only not work now.
const FINAL = new Set(["NOT_FOUND", "VALIDATION_FAILED", "MALFORMED_REQUEST", "TOO_LARGE"]);

/** An answer that says no, such as NOT_FOUND or CONFLICT. */
export class LiveProblem extends Error {
  constructor(code, message) {
    super(message);
    this.name = "LiveProblem";
    this.code = code;
  }
}

export class Live {
  /**
   * "closed" (nobody follows, or nobody is signed in), "connecting", "open", or "waiting" until the
   * next try at `retryAt` (milliseconds since 1970).
   */
  state = signal("closed");
  retryAt = null;

  #config;
  #session;
  #env;
  // id → {followers: Set, asked: number, heard: boolean, refused: number, at: number, answers: []}
  #jobs = new Map();
  #left = new Map(); // id → unsubscribes of this connection that are not answered
  #socket = null;
  #failures = 0;
  #refused = false;
  #timers = {};
  #dialling = 0;

  /** `env` replaces WebSocket, timers, clock and the window in tests. */
  constructor(config, session, env = {}) {
    this.#config = config;
    this.#session = session;
    this.#env = {
      WebSocket: globalThis.WebSocket,
      setTimeout: (...given) => globalThis.setTimeout(...given),
      clearTimeout: (timer) => globalThis.clearTimeout(timer),
      now: () => Date.now(),
      random: Math.random,
      window: globalThis.window,
      ...env,
    };
    const { window } = this.#env;
    window?.addEventListener("online", () => this.reconnect());
    window?.addEventListener("offline", () => this.#socket && this.#lost(this.#socket));
    window?.document?.addEventListener("visibilitychange", () => {
      if (!window.document.hidden && this.state.value === "waiting") this.reconnect();
    });
  }

  /**
   * Hear of a job until `stop()`.
   *
   * @param {string} jobId
   * @param {{after?: number, onEvent?: (event: object) => void,
   *   onSnapshot?: (job: object, seq: number) => void, onError?: (problem: LiveProblem) => void}}
   *   options `after`: the last seq that is known. A problem ends the following; what only does not
   *   work now is none.
   * @returns {{stop: () => void, cancel: () => Promise<object>}} `cancel` asks for the job's end
   */
  follow(jobId, { after = 0, onEvent, onSnapshot, onError } = {}) {
    const follower = { seq: after, onEvent, onSnapshot, onError };
    let job = this.#jobs.get(jobId);
    if (!job) {
      job = { followers: new Set(), asked: 0, heard: true, refused: 0, at: 0, answers: [] };
      this.#jobs.set(jobId, job);
    }
    job.followers.add(follower);
    this.#clear("idle");
    this.#clear(`leave ${jobId}`);
    if (this.state.value === "open") this.#subscribe(jobId);
    else if (this.state.value === "closed") this.#dial();
    return {
      stop: () => this.#leave(jobId, follower),
      cancel: () => this.#cancel(jobId),
    };
  }

  /** Try now. An open connection is asked whether it lives. */
  reconnect() {
    if (!this.#jobs.size) return;
    if (this.state.value === "open") this.#ping();
    else this.#dial();
  }

  /** End the connection and forget who follows what: somebody signs out. */
  close() {
    this.#jobs.clear();
    this.#hangUp();
    this.state.value = "closed";
  }

  async #dial() {
    this.#hangUp();
    this.state.value = "connecting";
    const mine = this.#dialling;
    let token;
    try {
      // Refused before it was open: it may have been the token.
      token = await this.#session.idToken({ fresh: this.#refused });
    } catch (error) {
      if (mine !== this.#dialling) return;
      const over = error instanceof SignInProblem && error.code === "NotAuthorizedException";
      if (over || !this.#jobs.size) this.close();
      else this.#wait();
      return;
    }
    if (mine !== this.#dialling) return;
    const address = new URL(this.#config.websocketUrl);
    address.searchParams.set("token", token);
    address.searchParams.set("locale", locale.value);
    this.#listen(new this.#env.WebSocket(address.href));
  }

  #listen(socket) {
    this.#socket = socket;
    let opened = false;
    const current = (handler) => (event) => socket === this.#socket && handler(event);
    socket.onopen = current(() => {
      opened = true;
      this.#refused = false;
      this.#clear("open");
      this.state.value = "open";
      this.#quiet();
      this.#lookAgain();
      for (const jobId of this.#jobs.keys()) this.#subscribe(jobId);
    });
    socket.onmessage = current((event) => this.#hear(event.data));
    socket.onclose = current(() => {
      if (!opened) this.#refused = !this.#refused;
      this.#lost(socket);
    });
    this.#timer("open", OPEN_WITHIN, () => this.#lost(socket));
  }

  #hear(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    this.#failures = 0; // it works: an open connection that never spoke does not count
    this.#clear("pong");
    this.#quiet();
    const jobId = message.generationId;
    const job = this.#jobs.get(jobId);
    const left = this.#hasLeft(jobId, message);
    if (!job) return;
    job.at = this.#env.now();
    if (left) this.#subscribe(jobId);
    else if (message.event === "subscribed") this.#snapshot(job, message);
    else if (message.event === "accepted") this.#answered(job, message);
    else if (message.event === "error") this.#problem(jobId, job, message);
    else if (Number.isInteger(message.seq)) this.#event(jobId, job, message);
  }

  /**
   * Whether this answers an unsubscribe. It may have been worked on after a later subscribe, whose
   * subscription is gone then; and "you have not subscribed" looks like "there is no such job": who
   * is there nevertheless asks again, and hears what is true.
   */
  #hasLeft(jobId, message) {
    const open = this.#left.get(jobId);
    const answer =
      message.event === "accepted"
        ? message.action === "unsubscribe"
        : message.event === "error" && message.code === "NOT_FOUND" && open > 0;
    if (answer && open > 1) this.#left.set(jobId, open - 1);
    else if (answer) this.#left.delete(jobId);
    return answer;
  }

  #snapshot(job, message) {
    job.asked = Math.max(0, job.asked - 1);
    job.refused = 0;
    job.heard = message.job.seq <= message.seq; // else the next event is the first of a replay
    for (const follower of [...job.followers]) follower.onSnapshot?.(message.job, message.seq);
  }

  #event(jobId, job, message) {
    // The replay begins where it was asked to begin, or where the log begins nowadays.
    const first = !job.heard && job.asked === 0;
    job.heard = true;
    for (const follower of [...job.followers]) {
      if (message.seq <= follower.seq) continue;
      if (message.seq > follower.seq + 1 && !first) {
        // A replay is on its way, or has to be asked for: nothing is told out of order.
        if (job.asked === 0) this.#subscribe(jobId);
        continue;
      }
      follower.seq = message.seq;
      follower.onEvent?.(message);
    }
  }

  #answered(job, message) {
    if (message.action === "cancel") job.answers.shift()?.resolve(message);
  }

  #problem(jobId, job, message) {
    const problem = new LiveProblem(message.code, message.message);
    const waiting = job.answers.shift();
    if (waiting) {
      waiting.reject(problem);
      return;
    }
    if (!FINAL.has(problem.code)) {
      this.#subscribeLater(jobId, job);
      return;
    }
    this.#jobs.delete(jobId);
    for (const follower of [...job.followers]) follower.onError?.(problem);
    this.#rest();
  }

  #cancel(jobId) {
    return new Promise((resolve, reject) => {
      const job = this.#jobs.get(jobId);
      if (!job || this.state.value !== "open") {
        reject(new LiveProblem("NOT_CONNECTED", "There is no connection"));
        return;
      }
      const late = () => settle(reject)(new LiveProblem("NO_ANSWER", "No answer came"));
      const timer = this.#env.setTimeout(late, ANSWER_WITHIN);
      const answer = {};
      const settle = (end) => (value) => {
        this.#env.clearTimeout(timer);
        job.answers = job.answers.filter((other) => other !== answer);
        end(value);
      };
      answer.resolve = settle(resolve);
      answer.reject = settle(reject);
      job.answers.push(answer);
      this.#send({ action: "cancel", generationId: jobId });
    });
  }

  #subscribe(jobId) {
    const job = this.#jobs.get(jobId);
    // Who knows least decides; the others pass over what they have.
    const lastSeq = Math.min(...[...job.followers].map((follower) => follower.seq));
    job.asked += 1;
    job.at = this.#env.now();
    this.#send({ action: "subscribe", generationId: jobId, lastSeq });
  }

  #subscribeLater(jobId, job) {
    job.asked = Math.max(0, job.asked - 1);
    const pause = this.#pause(job.refused);
    job.refused += 1;
    this.#timer(`again ${jobId}`, pause, () => this.#jobs.has(jobId) && this.#subscribe(jobId));
  }

  #leave(jobId, follower) {
    const job = this.#jobs.get(jobId);
    if (!job?.followers.delete(follower) || job.followers.size) return;
    this.#jobs.delete(jobId);
    // Messages of one connection may be worked on in any order: who comes back at once finds the
    // subscription still there, and no unsubscribe that overtakes.
    if (this.state.value === "open") {
      this.#timer(`leave ${jobId}`, LEAVE, () => {
        this.#left.set(jobId, (this.#left.get(jobId) ?? 0) + 1);
        this.#send({ action: "unsubscribe", generationId: jobId });
      });
    }
    this.#rest();
  }

  #rest() {
    if (!this.#jobs.size) this.#timer("idle", IDLE, () => this.close());
  }

  #lost(socket) {
    if (socket !== this.#socket) return;
    this.#hangUp();
    if (this.#jobs.size) this.#wait();
    else this.state.value = "closed";
  }

  #wait() {
    const milliseconds = this.#pause(this.#failures);
    this.#failures += 1;
    this.retryAt = this.#env.now() + milliseconds;
    this.state.value = "waiting";
    // Who was there may have left meanwhile.
    this.#timer("retry", milliseconds, () => (this.#jobs.size ? this.#dial() : this.close()));
  }

  #pause(failures) {
    const pause = Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE);
    return pause * (0.75 + this.#env.random() / 2);
  }

  #hangUp() {
    this.#dialling += 1;
    for (const name of Object.keys(this.#timers)) this.#clear(name);
    const socket = this.#socket;
    this.#socket = null;
    this.#left.clear();
    for (const job of this.#jobs.values()) {
      job.asked = 0;
      for (const answer of [...job.answers]) {
        answer.reject(new LiveProblem("NOT_CONNECTED", "The connection was lost"));
      }
    }
    socket?.close();
  }

  #quiet() {
    this.#timer("ping", PING_EVERY, () => this.#ping());
  }

  #ping() {
    const socket = this.#socket;
    if (!this.#timers.pong) this.#timer("pong", PONG_WITHIN, () => this.#lost(socket));
    this.#send({ action: "ping" });
  }

  /** What is told again is passed over by its seq; what had been lost is told now. */
  #lookAgain() {
    this.#timer("look", PING_EVERY, () => {
      for (const [jobId, job] of this.#jobs) {
        if (this.#env.now() - job.at < LOOK_AGAIN) continue;
        job.asked = 0; // whatever was asked so long ago is not answered any more
        this.#subscribe(jobId);
      }
      this.#lookAgain();
    });
  }

  #send(message) {
    try {
      this.#socket?.send(JSON.stringify(message));
    } catch {
      // It is closing: `onclose` says so next.
    }
  }

  #timer(name, milliseconds, action) {
    this.#clear(name);
    this.#timers[name] = this.#env.setTimeout(() => {
      delete this.#timers[name];
      action();
    }, milliseconds);
  }

  #clear(name) {
    if (this.#timers[name] === undefined) return;
    this.#env.clearTimeout(this.#timers[name]);
    delete this.#timers[name];
  }
}
