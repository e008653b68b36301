/**
 * A file to S3 in parts: presigned multipart, three parts at once, resumable.
 *
 * The protocol is contracts.md, Media:
 *   POST /video/upload {filename, contentType, sizeBytes}
 *        → 201 {file_id, upload_id, part_size, parts: [{part_number, url}]}
 *   PUT each part to its URL → 200 with an ETag
 *   GET /video/upload/{file_id}
 *        → 200 {file_id, upload_id, part_size, arrived: [{part_number, etag}], parts: [{part_number, url}]}
 *          with fresh URLs for what has not arrived, and `task_id` once it is complete
 *   POST /video/upload/{file_id}/complete {parts: [{part_number, etag}]} → 202 {file_id, task_id}
 *
 * No DOM in here. What sends bytes (`put`), waits and remembers is handed in.
 */

import { UploadProblem, kindOf } from "./upload-problem.js";
import { pauseAfter, putByXhr, waiting } from "./upload-sending.js";

/** Parts of one file that are under way at the same time. */
export const PARTS_AT_ONCE = 3;
/** The contract's limit for one upload, in bytes. */
export const LARGEST_BYTES = 5 * 1024 ** 3;
/** S3's limit (Amazon S3 User Guide, multipart upload limits). */
export const MOST_PARTS = 10_000;
/** Sendings of one part before the upload gives up. */
export const ATTEMPTS = 5;
/** How often one part may be refused with 403 although its URL is fresh. */
const REFUSALS = 3;
/** A part of which not one byte has moved for so long is sent again, in milliseconds. */
export const STALLED_MS = 45_000;
const CAN_GO = new Set(["new", "paused", "failed"]);
const CAN_PAUSE = new Set(["starting", "running"]);
const CAN_CANCEL = new Set(["new", "starting", "running", "paused", "failed"]);

/**
 * Where each part begins and ends.
 * @param {number} sizeBytes of the file
 * @param {number} partSize of all parts but the last, in bytes
 * @returns {{number: number, start: number, end: number}[]} numbers from 1; `end` is exclusive
 * @throws {RangeError} for sizes that are no positive integers, or more parts than S3 takes
 */
export function plan(sizeBytes, partSize) {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes <= 0) throw new RangeError(`sizeBytes: ${sizeBytes}`);
  if (!Number.isSafeInteger(partSize) || partSize <= 0) throw new RangeError(`partSize: ${partSize}`);
  const count = Math.ceil(sizeBytes / partSize);
  if (count > MOST_PARTS) throw new RangeError(`${count} parts`);
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    start: index * partSize,
    end: Math.min(sizeBytes, (index + 1) * partSize),
  }));
}

/**
 * One file on its way.
 *
 * `state`: new → starting → running → finishing → done, or paused, failed, cancelled.
 * `problem` (UploadProblem) says why it paused by itself or failed. A failed one can be resumed.
 */
export class Upload {
  state = "new";
  problem = null;
  fileId = null;
  taskId = null;

  #api;
  #put;
  #memory;
  #wait;
  #stalledMs;
  #partsAtOnce;
  #run = null;
  #key = null;
  #renewing = null;
  #parts = [];
  #urls = new Map();
  #etags = new Map();
  #moving = new Map();
  #listeners = new Set();

  /**
   * @param {File} file with name, size, type, lastModified and slice()
   * @param {object} means api: {request}; put, memory, wait, stalledMs, partsAtOnce for tests
   */
  constructor(file, { api, put = putByXhr, memory, wait = waiting, stalledMs = STALLED_MS, partsAtOnce = PARTS_AT_ONCE }) {
    this.file = file;
    this.#api = api;
    this.#put = put;
    this.#memory = memory;
    this.#wait = wait;
    this.#stalledMs = stalledMs;
    this.#partsAtOnce = partsAtOnce;
  }

  /** Bytes of the whole file. */
  get total() {
    return this.file.size;
  }

  /** Bytes that have arrived or are on their way; goes back when a part has to be sent again. */
  get sent() {
    let bytes = 0;
    for (const part of this.#parts) {
      const size = part.end - part.start;
      bytes += this.#etags.has(part.number) ? size : Math.min(size, this.#moving.get(part.number) ?? 0);
    }
    return bytes;
  }

  get canPause() {
    return CAN_PAUSE.has(this.state);
  }

  get canResume() {
    return this.state === "paused" || this.state === "failed";
  }

  get canCancel() {
    return CAN_CANCEL.has(this.state);
  }

  /** Whether leaving the page now would interrupt it. */
  get underWay() {
    return ["starting", "running", "finishing"].includes(this.state);
  }

  /** Called with this upload after each change; returns what stops that. */
  onProgress(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Goes until it is done, paused, cancelled or failed, and resolves with that state. */
  async start() {
    if (!CAN_GO.has(this.state)) return this.state;
    const run = new AbortController();
    this.#run = run;
    this.#moving = new Map();
    this.problem = null;
    this.#become("starting");
    try {
      await this.#agree(run.signal);
      if (this.taskId === null) {
        run.signal.throwIfAborted();
        this.#become("running");
        await this.#sendAll(run);
        this.#become("finishing");
        await this.#complete(run.signal);
      }
      this.#memory.forget(this.file);
      this.#become("done");
    } catch (error) {
      // Whoever paused or cancelled has said already what it is now.
      if (this.#run === run) this.#stopped(error);
      run.abort();
    }
    return this.state;
  }

  /** What has arrived stays; parts that were under way are sent again. */
  pause() {
    if (!this.canPause) return;
    this.#interrupt("paused");
  }

  resume() {
    return this.start();
  }

  /** Stops and forgets; S3 clears away the parts of uploads that are never completed. */
  cancel() {
    if (!this.canCancel) return;
    this.#forget();
    this.#interrupt("cancelled");
  }

  #interrupt(state) {
    const run = this.#run;
    this.#run = null;
    this.#moving = new Map();
    this.#become(state);
    run?.abort();
  }

  #stopped(error) {
    const kind = kindOf(error);
    this.problem = error instanceof UploadProblem ? error : new UploadProblem(kind, error);
    this.#run = null;
    this.#moving = new Map();
    if (kind === "gone") this.#forget();
    this.#become(kind === "connection" ? "paused" : "failed");
  }

  #forget() {
    this.#memory.forget(this.file);
    this.fileId = null;
    this.#key = null;
    this.#parts = [];
    this.#etags.clear();
    this.#urls.clear();
  }

  #become(state) {
    this.state = state;
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener(this);
  }

  /** With an earlier upload of the same file where there is one, else a new one. */
  async #agree(signal) {
    if (this.total === 0) throw new UploadProblem("empty");
    if (this.total > LARGEST_BYTES) throw new UploadProblem("too-large");
    this.fileId ??= this.#memory.find(this.file);
    if (this.fileId !== null) {
      try {
        this.#take(await this.#look(signal));
        return;
      } catch (error) {
        if (kindOf(error) !== "gone") throw error;
        this.#forget();
      }
    }
    // Kept until the answer is there: a lost answer must not start a second upload.
    this.#key ??= crypto.randomUUID();
    const { name: filename, type, size: sizeBytes } = this.file;
    const json = { filename, contentType: type || "application/octet-stream", sizeBytes };
    const answer = await this.#api.request("POST", "/video/upload", { json, idempotencyKey: this.#key, signal });
    this.fileId = answer.file_id;
    this.#memory.keep(this.file, this.fileId);
    this.#take(answer);
  }

  #look(signal) {
    return this.#api.request("GET", `/video/upload/${encodeURIComponent(this.fileId)}`, { signal });
  }

  /** What the server says of the parts. */
  #take(answer) {
    this.taskId = answer.task_id ?? null;
    if (this.taskId !== null) return;
    this.#parts = planned(this.total, answer);
    for (const part of answer.arrived ?? []) this.#etags.set(part.part_number, part.etag);
    for (const part of answer.parts) this.#urls.set(part.part_number, part.url);
    const lost = this.#parts.find(({ number }) => !this.#etags.has(number) && !this.#urls.has(number));
    if (lost) throw new UploadProblem("server", new Error(`no URL for part ${lost.number}`));
  }

  async #sendAll(run) {
    const queue = this.#parts.filter((part) => !this.#etags.has(part.number));
    const lane = async () => {
      while (queue.length > 0) await this.#sendPart(queue.shift(), run);
    };
    await Promise.all(Array.from({ length: Math.min(this.#partsAtOnce, queue.length) }, lane));
  }

  async #sendPart(part, run) {
    let failures = 0;
    let refusals = 0;
    // The server may say in between that it has this part.
    while (!this.#etags.has(part.number)) {
      const url = this.#urls.get(part.number);
      const { status, etag } = await this.#putPart(part, url, run);
      run.signal.throwIfAborted();
      if (status >= 200 && status < 300) this.#etags.set(part.number, etag);
      this.#moving.delete(part.number);
      this.#tell();
      if (status === 403 || status === 404) {
        // The URL has expired, or the upload is no more: asking for fresh ones tells which.
        refusals += 1;
        if (refusals > REFUSALS) throw new UploadProblem("refused");
        await this.#renew(part.number, url, run.signal);
      } else if (!this.#etags.has(part.number)) {
        if (status >= 400 && status < 500 && status !== 408 && status !== 429) throw new UploadProblem("refused");
        await this.#readable(part);
        failures += 1;
        if (failures >= ATTEMPTS) throw new UploadProblem(status === 0 ? "connection" : "server");
        await this.#wait(pauseAfter(failures), run.signal);
      }
    }
  }

  /** One sending, given up where nothing moves any more; that is a broken connection too. */
  async #putPart(part, url, run) {
    const attempt = new AbortController();
    const moving = this.#moving;
    let moved = true;
    const onProgress = (bytes) => {
      moved = true;
      if (attempt.signal.aborted) return;
      moving.set(part.number, bytes);
      this.#tell();
    };
    const watch = async () => {
      while (moved) {
        moved = false;
        await this.#wait(this.#stalledMs, attempt.signal);
      }
      attempt.abort();
    };
    const stop = () => attempt.abort();
    run.signal.addEventListener("abort", stop, { once: true });
    watch().catch(() => {});
    try {
      return await this.#put(url, this.file.slice(part.start, part.end), { onProgress, signal: attempt.signal });
    } catch (error) {
      if (!attempt.signal.aborted) throw error;
      return { status: 0, etag: null };
    } finally {
      run.signal.removeEventListener("abort", stop);
      attempt.abort();
    }
  }

  /** Fresh URLs, asked for once however many parts were refused at the same moment. */
  async #renew(number, used, signal) {
    if (this.#urls.get(number) !== used) return;
    this.#renewing ??= this.#look(signal)
      .then((answer) => this.#take(answer))
      .finally(() => {
        this.#renewing = null;
      });
    await this.#renewing;
  }

  /** A file that was changed or removed looks like a broken connection to who sends it. */
  async #readable(part) {
    try {
      await this.file.slice(part.start, part.start + 1).arrayBuffer();
    } catch (error) {
      throw new UploadProblem("changed", error);
    }
  }

  async #complete(signal) {
    // A bucket that does not show its ETags to browsers tells them through the API.
    if (this.#parts.some(({ number }) => !this.#etags.get(number))) this.#take(await this.#look(signal));
    const parts = this.#parts.map(({ number }) => ({ part_number: number, etag: this.#etags.get(number) }));
    if (parts.some(({ etag }) => !etag)) throw new UploadProblem("server", new Error("a part without an ETag"));
    const path = `/video/upload/${encodeURIComponent(this.fileId)}/complete`;
    const idempotencyKey = `complete-${this.fileId}`;
    const answer = await this.#api.request("POST", path, { json: { parts }, idempotencyKey, signal });
    this.taskId = answer.task_id;
  }
}

function planned(total, answer) {
  try {
    return plan(total, answer.part_size);
  } catch (error) {
    throw new UploadProblem("server", error);
  }
}
