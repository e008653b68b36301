import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { LOCALES, MESSAGES, locale, setLocale, t } from "../../../studio/js/app/i18n.js";
import { clock, duration, number, percent, tokens } from "../../../studio/js/app/format.js";

const ROOT = fileURLToPath(new URL("../../../studio/js", import.meta.url));
const before = locale.value;
after(() => setLocale(before, { remember: false }));

const sources = readdirSync(ROOT, { recursive: true })
  .filter((name) => name.endsWith(".js") && !name.includes("messages"))
  .map((name) => [name, readFileSync(join(ROOT, name), "utf8")]);
const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

test("both languages say the same things, with the same blanks", () => {
  const [en, fr] = LOCALES.map((one) => MESSAGES[one]);
  assert.deepEqual(Object.keys(fr).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en)) {
    assert.ok(en[key].trim() && fr[key].trim(), `${key} is empty`);
    // "One film" needs no number in one language and may have it in the other.
    if (!key.endsWith(".one")) assert.deepEqual(names(fr[key]), names(en[key]), key);
  }
});

test("French is French: no two words in a row are the same", () => {
  const words = (key) => MESSAGES.en[key].replace(/\{\w+\}/g, "");
  const same = Object.keys(MESSAGES.en).filter((key) => MESSAGES.en[key] === MESSAGES.fr[key] && /\p{L}+ \p{L}+/u.test(words(key)));
  assert.deepEqual(same.filter((key) => !key.startsWith("locale.")), []);
});

test("every key that a module names has a text", () => {
  const used = new Set();
  for (const [, source] of sources) {
    for (const [, key] of source.matchAll(/\bt\(\s*"([^"]+)"/g)) used.add(key);
  }
  assert.ok(used.size > 80);
  const known = (key) => key in MESSAGES.en || `${key}.other` in MESSAGES.en;
  assert.deepEqual([...used].filter((key) => !known(key)), []);
});

test("no text is left that nothing names", () => {
  const all = sources.map(([, source]) => source).join("\n");
  // `status.${x}` names every key that begins so.
  const made = [...all.matchAll(/`([a-z][\w]*(?:\.[\w]+)*\.)\$\{/gi)].map((found) => found[1]);
  const dead = Object.keys(MESSAGES.en).filter((key) => {
    const bare = key.replace(/\.(one|other)$/, "");
    const named = all.includes(`"${key}"`) || all.includes(`"${bare}"`);
    return !named && !made.some((start) => key.startsWith(start)) && !/^(quality|visualStyle|musicStyle|aspectRatio|captions|voice)\.|^create\.(quality|visualStyle|musicStyle|aspectRatio|captions|voice)$/.test(key);
  });
  assert.deepEqual(dead, []);
});

test("blanks are filled, plurals chosen by the language, and what is missing shows", () => {
  setLocale("en", { remember: false });
  assert.equal(t("film.sceneJump", { n: 2, time: "0:05" }), "Play from scene 2, at 0:05");
  assert.equal(tokens(1), "1 token");
  assert.equal(tokens(0), "0 tokens");
  setLocale("fr", { remember: false });
  assert.equal(tokens(0), "0 jeton", "in French nothing is singular");
  assert.equal(tokens(2), "2 jetons");
  assert.match(tokens(1_000_000), /jetons$/, "a million has a plural form of its own");
  assert.equal(t("no.such.key"), "no.such.key");
  assert.throws(() => setLocale("tlh"), RangeError);
});

test("numbers and times by the language of the page", () => {
  setLocale("en", { remember: false });
  assert.equal(number(1500), "1,500");
  assert.equal(percent(42), "42%");
  assert.equal(clock(65.9), "1:05");
  assert.equal(clock(3725), "1:02:05");
  assert.match(duration(90), /^1 min 30 secs?$/);
  assert.match(duration(0), /^0 secs?$/);
  assert.equal(duration(null), "–");
  setLocale("fr", { remember: false });
  assert.match(number(1500), /^1\s500$/u);
  assert.match(percent(42), /^42\s%$/u);
});
