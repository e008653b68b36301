/** The page's words in English and French; the API's own texts follow by Accept-Language. */

import { signal } from "./signal.js";
import { browserStorage } from "./storage.js";
import en from "./messages/en.js";
import enMore from "./messages/en-more.js";
import fr from "./messages/fr.js";
import frMore from "./messages/fr-more.js";

export const LOCALES = ["en", "fr"];
export const MESSAGES = { en: { ...en, ...enMore }, fr: { ...fr, ...frMore } };

const KEPT = "reelstep.locale";

/** The language of the page: "en" or "fr". */
export const locale = signal(preferred());

/**
 * A text of the page in its language.
 *
 * @param {string} key "area.key"; with `params.count`, "area.key.one" or "area.key.other" where
 *   there are such (the plural rules of the language decide)
 * @param {Object<string, string|number>} [params] what stands for {name} in the text
 * @returns {string} the key itself where nobody wrote a text, so that it shows
 */
export function t(key, params = {}) {
  const texts = MESSAGES[locale.value];
  const form = forms(key, params.count).find((one) => one in texts);
  const template = texts[form] ?? key;
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? params[name] : whole));
}

/** The language with the reader's own region, for dates and numbers: "en-GB" where that is spoken. */
export function regional() {
  const spoken = globalThis.navigator?.languages ?? [];
  return spoken.find((tag) => tag.toLowerCase().split("-")[0] === locale.value) ?? locale.value;
}

/** Whether there is a text for this key. */
export function has(key) {
  return key in MESSAGES[locale.value];
}

/** Speak another language. `remember: false` leaves the browser's memory alone. */
export function setLocale(next, { remember = true } = {}) {
  if (!LOCALES.includes(next)) throw new RangeError(`${next} is not one of ${LOCALES}`);
  if (remember) browserStorage.setItem(KEPT, next);
  locale.value = next;
}

/** Where to look for a text, best first: French has a form of its own for whole millions. */
function forms(key, count) {
  if (count === undefined) return [key];
  const form = new Intl.PluralRules(locale.value).select(Number(count));
  return [`${key}.${form}`, `${key}.other`, key];
}

function preferred() {
  const kept = browserStorage.getItem(KEPT);
  if (LOCALES.includes(kept)) return kept;
  const spoken = globalThis.navigator?.languages ?? [];
  const known = spoken.map((tag) => tag.slice(0, 2).toLowerCase());
  return known.find((tag) => LOCALES.includes(tag)) ?? "en";
}
