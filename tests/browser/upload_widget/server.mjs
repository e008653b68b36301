/**
 * The studio's files, the page of the test, and the upload protocol, on one port: it is printed.
 * `POST /fates` says what becomes of coming PUTs: [{number, attempts, …}] as `part` of UploadServer
 * takes it, `{hold: true}` until `POST /release`, `{expire: true}` for URLs that end just then.
 * `POST /until` answers once so many parts of a file are there. `POST /arrived` tells the SHA-256 of
 * each finished file, and which parts were sent.
 */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { UploadServer } from "../../unit/studio/support/upload-server.mjs";

const STUDIO = join(import.meta.dirname, "../../../studio");
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml" };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'";

const uploads = new UploadServer();
let fates = [];
let held = [];
let refusal = null;

uploads.part = (number, attempt) => {
  const found = fates.find((each) => each.number === number && (each.attempts ?? [attempt]).includes(attempt));
  if (found?.expire) uploads.expire();
  if (found?.hold) return { hold: new Promise((resolve) => held.push(resolve)) };
  return found ?? {};
};
uploads.begin = () => refusal;

const orders = {
  "/fates": (body) => {
    ({ fates = [], refusal = null } = body);
  },
  "/release": () => {
    fates = [];
    for (const resolve of held.splice(0)) resolve();
  },
  "/until": async ({ filename, parts }) => {
    const here = () => [...uploads.uploads.values()].some((each) => each.filename === filename && each.parts.size === parts);
    while (!here()) await new Promise((resolve) => setTimeout(resolve, 20));
  },
  "/arrived": () => ({
    files: [...uploads.uploads].map(([id, { filename, taskId }]) => ({
      filename,
      sha256: taskId && createHash("sha256").update(uploads.bytesOf(id)).digest("hex"),
    })),
    puts: uploads.puts,
  }),
};

async function answer(request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname.startsWith("/video/") || pathname.startsWith("/s3/")) return uploads.answer(request, response);
  if (pathname in orders) {
    const chunks = await Array.fromAsync(request);
    const said = await orders[pathname](chunks.length > 0 ? JSON.parse(Buffer.concat(chunks)) : {});
    return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(said ?? {}));
  }
  const [type, body] = await found(pathname);
  const headers = { "content-type": type, "content-security-policy": POLICY };
  return body ? response.writeHead(200, headers).end(body) : response.writeHead(404).end();
}

/** The studio's page begins with another module here; everything else of it is as it is. */
async function found(pathname) {
  const own = pathname === "/page.js" ? import.meta.dirname : STUDIO;
  const name = pathname === "/" ? "/index.html" : normalize(pathname);
  const body = await readFile(join(own, name)).catch(() => null);
  const type = TYPES[extname(name)] ?? "text/plain";
  if (pathname !== "/") return [type, body];
  const page = body.toString();
  if (!page.includes("js/main.js")) throw new Error("index.html has another first module");
  return [type, page.replace("js/main.js", "page.js")];
}

const server = createServer(answer).listen(0, "127.0.0.1", () => {
  uploads.address = `http://127.0.0.1:${server.address().port}`;
  uploads.partSize = 64 * 1024;
  console.log(uploads.address);
});
