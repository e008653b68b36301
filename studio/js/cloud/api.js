/**
 * Requests to the API: signed in, repeated where that does nothing twice, problem+json as
 * `ApiProblem`. The rules are those of the command line (src/reelstep/client/exchange.py): GETs, POSTs
 * with an Idempotency-Key and what is called `safe` go out again after broken connections and 429,
 * 502, 503; anything else only after 429, which says that nothing was done.
 */

import { locale, t } from "../app/i18n.js";
import { SignInProblem } from "./cognito.js";

const RETRIED = new Set([429, 502, 503]);
const NOTHING_DONE = new Set([429]);
const ATTEMPTS = 5;
const FIRST_PAUSE_SECONDS = 0.25;
const LONGEST_PAUSE_SECONDS = 4;
// A person waits in front of the page: a longer Retry-After is shown instead of sat out.
const PATIENCE_SECONDS = 10;
const TIMEOUT_SECONDS = 30;

/** An error answer. `status` 0 and code "UNREACHABLE" where no answer came. */
export class ApiProblem extends Error {
  constructor(status, body = {}, { traceId = "", retryAfter = null } = {}) {
    super(body.detail || body.title || body.message || t("problem.unknown", { status }));
    this.name = "ApiProblem";
    this.status = status;
    this.code = body.code ?? (status === 401 ? "UNAUTHORIZED" : "");
    this.title = body.title ?? t("problem.unknown", { status });
    this.detail = body.detail ?? "";
    /** @type {{field: string, message: string}[]} */
    this.errors = body.errors ?? [];
    this.traceId = body.traceId ?? traceId;
    this.retryAfter = retryAfter;
    for (const name of ["required", "balance", "limit", "plan", "category", "field"]) {
      this[name] = body[name];
    }
  }
}

export class Api {
  #session;
  #fetch;
  #sleep;
  #random;

  /** `session` needs no more than `idToken({fresh}) → Promise<string>`. */
  constructor(config, session, { fetch, sleep, random } = {}) {
    this.apiUrl = config.apiUrl;
    this.#session = session;
    this.#fetch = fetch ?? ((...request) => globalThis.fetch(...request));
    this.#sleep = sleep ?? pause;
    this.#random = random ?? Math.random;
  }

  /**
   * One request with its repetitions.
   *
   * @param {string} method
   * @param {string} path from "/api/…" on
   * @param {{json?: object, params?: object, idempotencyKey?: string, signal?: AbortSignal,
   *   safe?: boolean, signed?: boolean}} [options] `safe`: doing it twice does no harm
   * @returns {Promise<any>} the parsed body; null where there is none
   * @throws {ApiProblem} and what `signal` was aborted with
   */
  async request(method, path, options = {}) {
    const { idempotencyKey = "", signal, safe = false } = options;
    const repeatable = safe || method === "GET" || Boolean(idempotencyKey);
    const again = repeatable ? RETRIED : NOTHING_DONE;
    let waited = 0;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#signed(method, path, options).catch((error) => {
        signal?.throwIfAborted();
        if (error instanceof SignInProblem) throw refused(error);
        if (attempt >= ATTEMPTS || !repeatable) throw unreachable(error);
        return null;
      });
      if (answer && (!again.has(answer.status) || attempt >= ATTEMPTS)) return read(answer);
      const asked = answer && retryAfter(answer);
      const seconds = asked ?? this.#pauseSeconds(attempt);
      waited += asked ?? 0;
      if (waited > PATIENCE_SECONDS) return read(answer);
      await this.#sleep(seconds * 1000, signal);
    }
  }

  async #signed(method, path, options) {
    const answer = await this.#once(method, path, options, false);
    if (answer.status !== 401 || options.signed === false) return answer;
    // Refused although it looked good: a clock is wrong, or the keys have changed.
    return this.#once(method, path, options, true);
  }

  async #once(method, path, { json, params, idempotencyKey, signal, signed = true }, fresh) {
    const url = new URL(this.apiUrl + path);
    for (const [name, value] of Object.entries(params ?? {})) {
      if (value !== undefined && value !== null) url.searchParams.set(name, value);
    }
    const headers = {
      Accept: "application/json, application/problem+json",
      "Accept-Language": locale.value,
    };
    if (signed) headers.Authorization = `Bearer ${await this.#session.idToken({ fresh })}`;
    if (json !== undefined) headers["Content-Type"] = "application/json";
    if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
    const limits = [AbortSignal.timeout(TIMEOUT_SECONDS * 1000), signal].filter(Boolean);
    const answer = await this.#fetch(url, {
      method,
      headers,
      body: json === undefined ? undefined : JSON.stringify(json),
      signal: AbortSignal.any(limits),
      cache: "no-store",
      credentials: "omit",
    });
    // The connection may still break between the headers and the end of the body.
    const text = await answer.text();
    return { ok: answer.ok, status: answer.status, headers: answer.headers, text };
  }

  #pauseSeconds(attempt) {
    const seconds = Math.min(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1), LONGEST_PAUSE_SECONDS);
    return seconds * (0.75 + this.#random() / 2);
  }
}

function read({ ok, status, headers, text }) {
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    if (ok) throw new ApiProblem(status, { title: t("problem.notTheApi") });
  }
  if (ok) return body;
  const object = body && typeof body === "object" && !Array.isArray(body) ? body : {};
  const traceId = headers.get("X-Trace-Id") ?? "";
  throw new ApiProblem(status, object, { traceId, retryAfter: retryAfter({ headers }) });
}

/** Seconds of Retry-After (RFC 9110, 10.2.3); null without one, and for its form as a date. */
function retryAfter({ headers }) {
  const value = headers.get("Retry-After")?.trim() ?? "";
  return /^\d+$/.test(value) ? Number(value) : null;
}

function refused(error) {
  if (error.code === "Unreachable") return unreachable(error);
  return new ApiProblem(401, { title: t("problem.signedOut"), detail: t("problem.signInAgain") });
}

function unreachable(error) {
  const problem = new ApiProblem(0, {
    code: "UNREACHABLE",
    title: t("problem.unreachable"),
    detail: t("problem.unreachableHint"),
  });
  problem.cause = error;
  return problem;
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
