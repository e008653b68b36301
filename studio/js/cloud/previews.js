/**
 * What there is to see of a film while it is made: GET /api/v1/videos/{id}/previews, asked again when
 * something has moved and never more often than every two seconds.
 */

const PAUSE = 2000; // milliseconds

/** Nothing yet. */
export const NOTHING = { title: null, scenes: [], pictures: [], chunks: [] };

/**
 * What is known after another answer. Addresses are signed anew each time: what is before the `?`
 * stays while the picture does, and so does the address at hand, so that nothing is fetched twice.
 *
 * @param {typeof NOTHING} known
 * @param {Partial<typeof NOTHING>|null} told
 * @param {Set<string>} [stale] what is before the `?` of addresses that have run out
 */
export function merged(known, told, stale = new Set()) {
  if (!told) return known;
  return {
    title: told.title ?? known.title,
    scenes: told.scenes?.length ? told.scenes : known.scenes,
    pictures: keeping(known.pictures, told.pictures ?? [], "scene", stale),
    chunks: keeping(known.chunks, told.chunks ?? [], "index", stale),
  };
}

function keeping(known, told, key, stale) {
  const before = new Map(known.map((one) => [one[key], one]));
  const same = (one) => bare(before.get(one[key])?.url ?? one.url) === bare(one.url);
  // One that is another now was made by another attempt: what that has not told is of the last one.
  const all = told.every(same) ? new Map(before) : new Map();
  for (const one of told) {
    const mine = before.get(one[key]);
    const good = mine && same(one) && !stale.has(bare(one.url));
    all.set(one[key], good ? mine : one);
  }
  return [...all.values()].sort((one, other) => one[key] - other[key]);
}

/** An address without its signature: what it is the address of. */
export function bare(url) {
  return url.split("?", 1)[0];
}

/** Asks for one film. `onChange` hears of everything known, when it is more than before. */
export class Previews {
  #api;
  #path;
  #onChange;
  #timer = null;
  #asking = null;
  #renewing = null;
  #stale = new Set();
  #again = false;
  #over = false;
  known = NOTHING;

  constructor(api, jobId, onChange) {
    this.#api = api;
    this.#path = `/api/v1/videos/${encodeURIComponent(jobId)}/previews`;
    this.#onChange = onChange;
  }

  /** Something has moved. */
  poke() {
    if (this.#over) return;
    if (this.#timer !== null || this.#asking) {
      this.#again = true;
      return;
    }
    this.#ask();
  }

  /**
   * An address did not open: it may have run out. Those who ask at the same time share an answer.
   *
   * @param {string} url
   * @returns {Promise<string|null>} the same picture's address now; null where there is none
   */
  async fresh(url) {
    if (this.#over) return null;
    this.#stale.add(bare(url));
    // After those that have failed in the same moment, so that the answer is theirs, too.
    this.#renewing ??= Promise.resolve().then(() => this.#renew());
    await this.#renewing;
    const { pictures, chunks } = this.known;
    const now = [...pictures, ...chunks].find((one) => bare(one.url) === bare(url))?.url;
    return now && now !== url ? now : null;
  }

  async #renew() {
    const stale = this.#stale;
    this.#stale = new Set();
    try {
      const told = await this.#api.request("GET", this.#path);
      if (!this.#over) this.known = merged(this.known, told, stale);
    } catch {
      // It stays as it is: without this picture.
    } finally {
      this.#renewing = null;
    }
  }

  stop() {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #ask() {
    this.#again = false;
    this.#asking = new AbortController();
    try {
      const told = await this.#api.request("GET", this.#path, { signal: this.#asking.signal });
      if (this.#over) return;
      const before = JSON.stringify(this.known);
      this.known = merged(this.known, told);
      if (JSON.stringify(this.known) !== before) this.#onChange(this.known);
    } catch (problem) {
      // A deployment without previews: the strip does without pictures.
      if (problem.status === 404 || problem.status === 403) this.#over = true;
    } finally {
      this.#asking = null;
    }
    if (this.#over) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#again) this.#ask();
    }, PAUSE);
  }
}
