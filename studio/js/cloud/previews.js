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
 */
export function merged(known, told) {
  if (!told) return known;
  return {
    title: told.title ?? known.title,
    scenes: told.scenes?.length ? told.scenes : known.scenes,
    pictures: keeping(known.pictures, told.pictures ?? [], "scene"),
    chunks: keeping(known.chunks, told.chunks ?? [], "index"),
  };
}

function keeping(known, told, key) {
  const all = new Map(known.map((one) => [one[key], one]));
  for (const one of told) {
    const before = all.get(one[key]);
    if (!before || bare(before.url) !== bare(one.url)) all.set(one[key], one);
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
