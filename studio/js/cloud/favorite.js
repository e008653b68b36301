/**
 * Whether somebody likes a film: shown at once, saved after, taken back where saving fails.
 * While one request is under way only the newest wish waits behind it.
 */
export class Favorite {
  #api;
  #path;
  #saved;
  #wanted;
  #saving = null;
  #onChange;

  /** `onChange(value, problem)`: what to show now; `problem` where it had to be taken back. */
  constructor(api, id, value, onChange) {
    this.#api = api;
    this.#path = `/api/v1/videos/${encodeURIComponent(id)}/favorite`;
    this.#saved = value;
    this.#wanted = value;
    this.#onChange = onChange;
  }

  get value() {
    return this.#wanted;
  }

  /** The other way round; resolves when it is saved or taken back. */
  toggle() {
    this.#wanted = !this.#wanted;
    this.#onChange(this.#wanted, null);
    this.#saving ??= this.#save().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #save() {
    while (this.#wanted !== this.#saved) {
      const sent = this.#wanted;
      try {
        await this.#api.request(sent ? "POST" : "DELETE", this.#path, { safe: true });
        this.#saved = sent;
      } catch (problem) {
        this.#wanted = this.#saved;
        this.#onChange(this.#wanted, problem);
      }
    }
  }
}
