/**
 * The files a person has chosen: two at a time, the others in turn. It outlives the view that shows
 * it, so that uploads go on while the person looks at something else.
 */

import { nameOf } from "./upload-memory.js";

const FILES_AT_ONCE = 2;
const OVER = new Set(["done", "cancelled"]);

export class UploadList {
  uploads = [];

  #make;
  #filesAtOnce;
  #listeners = new Set();

  /** @param {(file: File) => import("./upload.js").Upload} make */
  constructor(make, filesAtOnce = FILES_AT_ONCE) {
    this.#make = make;
    this.#filesAtOnce = filesAtOnce;
  }

  /** Whether leaving the page now would interrupt something. */
  get busy() {
    return this.uploads.some((upload) => upload.underWay || upload.state === "new");
  }

  /** Called with the upload that changed, or null when the list did; returns what stops that. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A file that is in the list and not over yet is not added twice. */
  add(files) {
    const present = new Set(
      this.uploads.filter((upload) => !OVER.has(upload.state)).map((upload) => nameOf(upload.file)),
    );
    for (const file of files) {
      if (present.has(nameOf(file))) continue;
      present.add(nameOf(file));
      const upload = this.#make(file);
      upload.onProgress(() => {
        this.#tell(upload);
        if (!upload.underWay) this.#startNext();
      });
      this.uploads = [...this.uploads, upload];
    }
    this.#tell(null);
    this.#startNext();
  }

  /** Takes an upload that is over off the list. */
  remove(upload) {
    if (upload.canCancel) upload.cancel();
    this.uploads = this.uploads.filter((each) => each !== upload);
    this.#tell(null);
  }

  /** After the network is back: those that it had stopped, and no others. */
  backOnline() {
    for (const upload of this.uploads) {
      if (upload.state === "paused" && upload.problem?.kind === "connection") upload.resume();
    }
  }

  /** After signing out: whoever signs in next sees none of it. What has arrived is not lost. */
  clear() {
    const all = this.uploads;
    this.uploads = [];
    for (const upload of all) upload.pause();
    this.#tell(null);
  }

  #startNext() {
    const room = this.#filesAtOnce - this.uploads.filter((upload) => upload.underWay).length;
    const waiting = this.uploads.filter((upload) => upload.state === "new");
    for (const upload of waiting.slice(0, Math.max(0, room))) upload.start();
  }

  #tell(upload) {
    for (const listener of this.#listeners) listener(upload);
  }
}
