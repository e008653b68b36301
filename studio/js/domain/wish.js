/** What somebody asks for: the fields of POST /api/v1/videos/generate, kept as they are typed. */

export const SHORTEST = 10; // seconds, as the API has it
export const LONGEST = 600;
export const PROMPT_LENGTH = 2000;
export const MOST_ELEMENTS = 10;
export const ELEMENT_LENGTH = 60;
export const MOST_COMPANIONS = 3;
export const QUALITIES = ["STANDARD", "HD", "ULTRA"];
export const STYLES = ["REALISTIC", "CINEMATIC", "ANIME", "ARTISTIC"];
export const MUSIC = ["UPBEAT", "CALM", "EPIC", "ROMANTIC"];
export const ASPECTS = ["16:9", "9:16", "1:1"];
export const CAPTIONS = ["BURNED", "SIDECAR", "NONE"];
export const VOICES = ["", "female", "male"]; // "" leaves it to the companion, else to the service
export const TRANSITIONS =
  "crossfade cut fade_black wipe_left wipe_right wipe_up wipe_down".split(" ");
// A choice for the list; any language of the voices can be asked for by the API.
export const LANGUAGES = "ar de en es fr hi it ja ko nl pl pt ru sv tr uk vi zh".split(" ");

/** A wish before anybody has wished. The API's own defaults, but for a shorter film. */
export function blank() {
  return {
    prompt: "",
    durationSeconds: 30,
    quality: "STANDARD",
    visualStyle: "REALISTIC",
    musicStyle: "UPBEAT",
    aspectRatio: "16:9",
    captions: "BURNED",
    language: "",
    voice: "",
    transition: "crossfade",
    includeElements: [],
    companionIds: [],
    preview: false,
  };
}

/** The request's body: what is empty is not said. */
export function bodyOf(wish) {
  const body = { ...wish, prompt: wish.prompt.trim() };
  for (const name of ["language", "voice", "includeElements", "companionIds"]) {
    if (!body[name].length) delete body[name];
  }
  return body;
}

/** What the price depends on; texts have no part in it. `words` stands in for the prompt. */
export function priceBody(wish, words) {
  const { durationSeconds, quality, aspectRatio, preview } = wish;
  return { prompt: words, durationSeconds, quality, aspectRatio, preview };
}

/** Whether a quality is above what a plan makes. */
export function above(quality, most) {
  return QUALITIES.indexOf(quality) > QUALITIES.indexOf(most);
}

/**
 * The Idempotency-Key of an intention: as long as what is asked for stays the same and nothing has
 * come of it, the key does too, so that a double click or a lost answer makes one film.
 *
 * @param {{key: string, text: string}|null} before
 * @param {object} body
 * @returns {{key: string, text: string}}
 */
export function intention(before, body, newKey = () => crypto.randomUUID()) {
  const text = JSON.stringify(body);
  return before?.text === text ? before : { key: newKey(), text };
}
