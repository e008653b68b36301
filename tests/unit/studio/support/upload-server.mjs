/** A server that speaks the upload protocol of contracts.md over HTTP, and fails when it is told to. */

import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";

const MISSING = { status: 404, title: "Not found", code: "NOT_FOUND" };

/**
 * `part(number, attempt)` may return what becomes of one PUT: {status} answers that, {cut: true}
 * drops the connection half-way, {hold: promise} waits, {silent: true} takes it without an ETag
 * header, {lost: true} keeps the part and drops the connection. `begin` and `complete` may return
 * a problem.
 */
export class UploadServer {
  partSize = 1000;
  part = () => ({});
  begin = () => null;
  complete = () => null;
  uploads = new Map();
  requests = [];
  puts = [];
  atOnce = 0;
  mostAtOnce = 0;
  generation = 1;
  answers = new Map();
  address = null;
  #server = createServer((request, response) => this.answer(request, response));

  static async started() {
    const server = new UploadServer();
    await new Promise((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url() {
    return this.address ?? `http://127.0.0.1:${this.#server.address().port}`;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  /** All URLs given so far are refused from now on. */
  expire() {
    this.generation += 1;
  }

  /** The bytes of a finished upload, or null. */
  bytesOf(fileId) {
    const upload = this.uploads.get(fileId);
    return upload?.taskId ? Buffer.concat(upload.numbers.map((number) => upload.parts.get(number).body)) : null;
  }

  /** What studio/js/cloud/api.js does, as far as uploads need it. */
  get api() {
    return {
      request: async (method, path, { json, idempotencyKey, signal } = {}) => {
        const headers = { "content-type": "application/json", "idempotency-key": idempotencyKey ?? "" };
        const body = json ? JSON.stringify(json) : undefined;
        const answer = await fetch(this.url + path, { method, headers, body, signal });
        const parsed = await answer.json();
        if (answer.ok) return parsed;
        throw Object.assign(new Error(parsed.title), parsed);
      },
    };
  }

  /** One request; public for a server that has other addresses as well. */
  async answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.url);
    if (pathname.startsWith("/s3/")) return this.#put(request, response, pathname, searchParams);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks)) : null;
    this.requests.push(`${request.method} ${pathname}`);
    const [status, answer] = this.#api(request, pathname, body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    return undefined;
  }

  #api(request, pathname, body) {
    const key = request.headers["idempotency-key"];
    const [, , , fileId, action] = pathname.split("/");
    if (request.method === "POST" && !fileId) {
      const refused = this.begin(body);
      if (refused) return [refused.status, refused];
      if (this.answers.has(key)) return [201, this.answers.get(key)];
      const made = this.#create(body);
      this.answers.set(key, made);
      return [201, made];
    }
    const upload = this.uploads.get(fileId);
    if (!upload) return [404, MISSING];
    if (action === "complete") return this.#complete(fileId, upload, body);
    return [200, this.#describe(fileId, upload)];
  }

  #create({ sizeBytes, filename, contentType }) {
    const fileId = randomUUID();
    const count = Math.ceil(sizeBytes / this.partSize);
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    this.uploads.set(fileId, { numbers, filename, contentType, sizeBytes, parts: new Map(), attempts: new Map(), taskId: null });
    const { upload_id, part_size, parts } = this.#describe(fileId, this.uploads.get(fileId));
    return { file_id: fileId, upload_id, part_size, parts };
  }

  #describe(fileId, upload) {
    const missing = upload.numbers.filter((number) => !upload.parts.has(number));
    return {
      file_id: fileId,
      upload_id: `upload-${fileId}`,
      part_size: this.partSize,
      arrived: [...upload.parts].map(([part_number, { etag }]) => ({ part_number, etag })),
      parts: missing.map((number) => ({
        part_number: number,
        url: `${this.url}/s3/${fileId}/${number}?generation=${this.generation}`,
      })),
      ...(upload.taskId ? { task_id: upload.taskId } : {}),
    };
  }

  #complete(fileId, upload, { parts }) {
    const refused = this.complete(upload);
    if (refused) return [refused.status, refused];
    const whole = upload.numbers.every((number, index) => {
      const part = parts[index];
      return part?.part_number === number && part.etag === upload.parts.get(number)?.etag;
    });
    const size = [...upload.parts.values()].reduce((sum, { body }) => sum + body.length, 0);
    if (!whole || size !== upload.sizeBytes) {
      return [422, { status: 422, title: "Invalid", code: "VALIDATION_FAILED", detail: "parts: not all of the file" }];
    }
    upload.taskId ??= `task-${fileId}`;
    return [202, { file_id: fileId, task_id: upload.taskId }];
  }

  async #put(request, response, pathname, searchParams) {
    const [, , fileId, name] = pathname.split("/");
    const number = Number(name);
    const upload = this.uploads.get(fileId);
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    response.on("close", () => (this.atOnce -= 1));
    request.on("error", () => {});
    const attempt = (upload?.attempts.get(number) ?? 0) + 1;
    upload?.attempts.set(number, attempt);
    this.puts.push(number);
    const fate = this.part(number, attempt);
    if (fate.cut) return request.socket.destroy();
    if (fate.hold) await fate.hold;
    const chunks = await Array.fromAsync(request).catch(() => null);
    if (chunks === null) return undefined; // the client has gone
    if (!upload) return response.writeHead(404).end();
    if (Number(searchParams.get("generation")) !== this.generation) return response.writeHead(403).end();
    if (fate.status) return response.writeHead(fate.status).end();
    const body = Buffer.concat(chunks);
    const etag = `"${createHash("md5").update(body).digest("hex")}"`;
    upload.parts.set(number, { body, etag });
    if (fate.lost) return request.socket.destroy();
    return response.writeHead(200, fate.silent ? {} : { etag }).end();
  }
}

/** A PUT that reports progress as XMLHttpRequest does; status 0 for a broken connection. */
export async function putByFetch(url, blob, { onProgress, signal }) {
  onProgress(Math.floor(blob.size / 2));
  try {
    const answer = await fetch(url, { method: "PUT", body: blob, signal });
    onProgress(blob.size);
    return { status: answer.status, etag: answer.headers.get("etag") };
  } catch (error) {
    if (signal.aborted) throw error;
    return { status: 0, etag: null };
  }
}

/** localStorage, for one test. */
export function storage() {
  const kept = new Map();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, String(value)),
    removeItem: (key) => void kept.delete(key),
  };
}

/** Bytes that differ everywhere, so that parts in a wrong order show. */
export function fileOf(size, name = "film.mp4", lastModified = 1) {
  const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) % 256);
  return new File([bytes], name, { type: "video/mp4", lastModified });
}
