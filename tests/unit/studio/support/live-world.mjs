import { Live } from "../../../../studio/js/cloud/live.js";
import { FakeTime } from "./fake-time.mjs";

/** A server with logs of jobs, and sockets to it that open, break and hang when they are told to. */
class World {
  time = new FakeTime();
  sockets = [];
  logs = new Map();
  tokens = [];
  listeners = {};
  up = true;
  deaf = false;
  stuck = false;

  constructor({ session } = {}) {
    const world = this;
    class Socket {
      constructor(address) {
        this.address = new URL(address);
        this.sent = [];
        this.subscribed = new Map();
        this.closed = false;
        world.sockets.push(this);
        queueMicrotask(() => {
          if (this.closed || world.stuck) return;
          if (world.up) this.onopen?.();
          else this.break();
        });
      }

      send(text) {
        if (this.closed) throw new Error("closed");
        const message = JSON.parse(text);
        this.sent.push(message);
        if (!world.deaf) world.answer(this, message);
      }

      say(message) {
        if (!this.closed) this.onmessage?.({ data: JSON.stringify(message) });
      }

      close() {
        this.closed = true;
      }

      break() {
        this.closed = true;
        this.onclose?.();
      }
    }
    const window = {
      document: { hidden: false, addEventListener: (name, listener) => (this.listeners[name] = listener) },
      addEventListener: (name, listener) => (this.listeners[name] = listener),
    };
    this.session = session ?? {
      idToken: async ({ fresh = false } = {}) => {
        this.tokens.push(fresh);
        return `token-${this.tokens.length}`;
      },
    };
    const env = { ...this.time.env, WebSocket: Socket, window };
    this.live = new Live({ websocketUrl: "wss://live.invalid/live" }, this.session, env);
    this.states = [];
    this.live.state.subscribe((state) => this.states.push(state));
  }

  get socket() {
    return this.sockets.at(-1);
  }

  answer(socket, message) {
    const { action, generationId: id, lastSeq = 0 } = message;
    if (action === "ping") socket.say({ event: "pong", generationId: null, seq: null });
    if (action === "unsubscribe") {
      const had = socket.subscribed.delete(id);
      const answer = had ? { event: "accepted", action } : { event: "error", code: "NOT_FOUND", message: "You have not subscribed to this job" };
      socket.say({ ...answer, generationId: id, seq: null });
    }
    if (action !== "subscribe") return;
    const log = this.logs.get(id);
    if (!log) {
      socket.say({ event: "error", generationId: id, seq: null, code: "NOT_FOUND", message: "There is no such job" });
      return;
    }
    socket.subscribed.set(id, true);
    socket.say({ event: "subscribed", generationId: id, seq: lastSeq, job: { seq: log.length, status: "PROCESSING" } });
    for (const event of log.slice(lastSeq)) socket.say(event);
  }

  /** The next event of a job; who is connected hears of it. */
  happen(id) {
    const log = this.logs.get(id);
    const event = { event: "job:progress", generationId: id, seq: log.length + 1, percent: log.length };
    log.push(event);
    for (const socket of this.sockets) if (socket.subscribed.has(id)) socket.say(event);
    return event;
  }

  follow(id, options = {}) {
    const heard = { seqs: [], snapshots: [], problems: [] };
    heard.following = this.live.follow(id, {
      onEvent: (event) => heard.seqs.push(event.seq),
      onSnapshot: (job, seq) => heard.snapshots.push([job.seq, seq]),
      onError: (problem) => heard.problems.push(problem.code),
      ...options,
    });
    return heard;
  }
}

export const upTo = (n, from = 1) => Array.from({ length: n - from + 1 }, (_, index) => index + from);

/** A world where job "a" has had three events and "b" none. */
export function world(options) {
  const made = new World(options);
  made.logs.set("a", []);
  made.logs.set("b", []);
  for (let n = 0; n < 3; n += 1) made.happen("a");
  return made;
}

/** What a socket was asked about a job, in order. */
export const actions = (socket, id) => socket.sent.filter((one) => one.generationId === id).map((one) => one.action);
