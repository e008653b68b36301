/** Numbers, times and sizes as people read them, by the language of the page. */

import { regional, t } from "./i18n.js";

const DASH = "–";

/** 1500 → "1,500" or "1 500". */
export function number(n, options = {}) {
  return new Intl.NumberFormat(regional(), options).format(n);
}

/** Tokens with their word: 1 → "1 token". */
export function tokens(n) {
  return t("format.tokens", { count: n, n: number(n) });
}

/** 0-100 → "42%". */
export function percent(n) {
  return number(n / 100, { style: "percent", maximumFractionDigits: 0 });
}

/** Seconds in words: 90 → "1 min 30 sec"; below a minute only seconds. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return DASH;
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor(whole / 60) % 60, "minute"],
    [whole % 60, "second"],
  ];
  const shown = parts.filter(([n]) => n > 0);
  return (shown.length ? shown : [[0, "second"]])
    .map(([n, unit]) => number(n, { style: "unit", unit, unitDisplay: "short" }))
    .join(" ");
}

/** Seconds as on a player: 65 → "1:05". */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const two = (n) => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** "21 Nov 2026, 14:30", in the reader's own time zone. */
export function dateTime(iso) {
  if (!iso) return DASH;
  return new Intl.DateTimeFormat(regional(), {
    dateStyle: "medium",
    timeStyle: "short",
  }).format(new Date(iso));
}

/** "14:30:05" of a day that is plain from elsewhere. */
export function time(iso) {
  if (iso === null || iso === undefined) return DASH;
  return new Intl.DateTimeFormat(regional(), { timeStyle: "medium" }).format(new Date(iso));
}

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "5 minutes ago", "in 2 days"; "now" within the minute. */
export function relative(iso, now = Date.now()) {
  if (!iso) return DASH;
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const words = new Intl.RelativeTimeFormat(regional(), { numeric: "auto" });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return words.format(Math.round(seconds / length), unit);
  }
  return words.format(0, "second");
}

/** 1 572 864 → "1.5 MB". Powers of 1024, as file managers show them. */
export function bytes(n) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  let size = n;
  let index = 0;
  while (size >= 1024 && index < units.length - 1) {
    size /= 1024;
    index += 1;
  }
  return number(size, {
    style: "unit",
    unit: units[index],
    unitDisplay: index === 0 ? "long" : "short",
    maximumFractionDigits: index === 0 ? 0 : 1,
  });
}
