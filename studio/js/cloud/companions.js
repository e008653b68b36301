/** Companions of the person who is signed in (docs/companions.md). */

import { putByXhr } from "./upload-sending.js";

const PATH = "/api/v1/companions";
export const AVATAR_TYPES = ["image/png", "image/jpeg", "image/webp"];
export const MOST_AVATAR_BYTES = 5 * 1024 * 1024;

export class Companions {
  #api;
  #put;

  constructor(api, put = putByXhr) {
    this.#api = api;
    this.#put = put;
  }

  /** Oldest first: {id, name, voice, avatarUrl}. */
  async list(signal) {
    return (await this.#api.request("GET", PATH, { signal })).companions;
  }

  /**
   * Make one or change it, under an id of the caller's choice; the avatar goes straight to S3 first. `avatar` may be null: it stays.
   * @throws {ApiProblem}, and {Error} "avatar" when S3 did not take the picture
   */
  async save({ id, name, voice, avatar }, signal) {
    const path = `${PATH}/${encodeURIComponent(id)}`;
    const json = { name, ...(voice ? { voice } : {}) };
    if (avatar) json.avatarUpload = await this.#send(path, avatar, signal);
    return this.#api.request("PUT", path, { json, safe: true, signal });
  }

  remove(id, signal) {
    return this.#api.request("DELETE", `${PATH}/${encodeURIComponent(id)}`, { signal });
  }

  async #send(path, avatar, signal) {
    const json = { contentType: avatar.type, sizeBytes: avatar.size };
    const { url, uploadId } = await this.#api.request("POST", `${path}/avatar`, { json, signal });
    const { status } = await this.#put(url, avatar, { onProgress: () => {}, signal });
    if (status < 200 || status >= 300) throw new Error("avatar");
    return uploadId;
  }
}
