/** The finished film: the player, its pictures, its scenes, and what was measured. */

import { h } from "../../app/dom.js";
import { bytes, clock, dateTime, duration, number, tokens } from "../../app/format.js";
import { perforation } from "../../app/film-strip.js";
import { icon } from "../../app/icons.js";
import { locale, t } from "../../app/i18n.js";
import "../../elements/film-player.js";

const MEGABYTE = 1024 * 1024;

/**
 * @returns {{nodes: Element[], renew: (details: object) => void, play: (details: object) => void}}
 *   with addresses that were signed anew: `renew` for what can be downloaded, `play` for the player,
 *   which goes on where it was
 */
export function result(details) {
  const player = h("film-player");
  player.film = filmOf(details);
  const files = captionFiles(details);
  return {
    nodes: [
      h("div", { class: "theatre" }, player, thumbnails(details, player)),
      h(
        "div",
        { class: "film-columns" },
        scenes(details, player),
        h("div", { class: "stack" }, facts(details, files), quality(details.qualityReport)),
      ),
    ],
    renew({ captionUrls }) {
      for (const [format, url] of Object.entries(captionUrls ?? {})) {
        files.get(format)?.setAttribute("href", url);
      }
    },
    play(next) {
      player.film = filmOf(next);
    },
  };
}

function filmOf(details) {
  const output = details.outputs?.[0] ?? {};
  return {
    url: details.storageUrl,
    poster: details.posterUrl,
    title: details.title || details.prompt,
    width: output.width,
    height: output.height,
    captions: captions(details),
  };
}

/** Subtitles that are in the picture already are there to be switched on, not to be seen twice. */
function captions(details) {
  const url = details.captionUrls?.vtt;
  if (!url) return null;
  return { url, language: details.language, on: details.captions === "SIDECAR" };
}

function thumbnails(details, player) {
  const urls = details.thumbnailUrls ?? [];
  if (!urls.length) return null;
  return h(
    "div",
    { class: "thumbnails" },
    perforation("across"),
    h(
      "ul",
      { class: "thumbnail-list", "aria-label": t("film.thumbnails") },
      urls.map((url, index) => {
        const at = secondsOf(url, index, urls.length, details.durationSeconds);
        const label = t("film.thumbnailJump", { time: clock(at) });
        return h(
          "li",
          null,
          h(
            "button",
            { type: "button", "aria-label": label, onclick: () => player.seek(at) },
            h("img", { src: url, alt: "", loading: "lazy", decoding: "async" }),
            h("span", { class: "numbers", "aria-hidden": true }, clock(at)),
          ),
        );
      }),
    ),
    perforation("across"),
  );
}

/** Where in the film a thumbnail is from: its name says so (`thumb_10s.jpg`), else its turn does. */
export function secondsOf(url, index, count, length) {
  const named = /thumb_(\d+)s\./.exec(new URL(url, "http://page.invalid").pathname);
  return named ? Number(named[1]) : Math.round((index * length) / Math.max(1, count));
}

function scenes(details, player) {
  if (!details.scenes?.length) return null;
  return h(
    "section",
    { class: "scenes" },
    h("h2", null, t("film.scenes")),
    h(
      "ol",
      { class: "scene-list" },
      details.scenes.map((scene) => {
        const at = clock(scene.startSeconds);
        const label = t("film.sceneJump", { n: scene.number, time: at });
        return h(
          "li",
          null,
          h(
            "button",
            {
              type: "button",
              class: "scene-time numbers",
              "aria-label": label,
              onclick: () => player.seek(scene.startSeconds),
            },
            icon("play"),
            at,
          ),
          h(
            "div",
            null,
            scene.dialogue && h("p", { class: "dialogue", lang: details.language }, scene.dialogue),
            scene.description && h("p", { class: "soft small" }, scene.description),
          ),
        );
      }),
    ),
  );
}

/** Format → its link. */
function captionFiles(details) {
  const files = Object.entries(details.captionUrls ?? {}).map(([format, href]) => [
    format,
    h(
      "a",
      { href, download: `${details.id}.${format}`, target: "_blank", rel: "noopener" },
      t("film.downloadCaptions", { format: format.toUpperCase() }),
    ),
  ]);
  return new Map(files);
}

function facts(details, files) {
  const { resolution, frameRate: rate } = details;
  const rows = [
    ["prompt", details.prompt],
    ["length", duration(details.durationSeconds)],
    ["picture", t("film.fact.pictureValue", { resolution, rate })],
    ["size", details.fileSizeMb && bytes(details.fileSizeMb * MEGABYTE)],
    ["language", details.language && languageName(details.language)],
    ["created", dateTime(details.createdAt)],
    ["time", details.generationTimeMinutes && duration(details.generationTimeMinutes * 60)],
    ["price", tokens(details.tokensCost)],
  ];
  const names = details.degraded?.join(", ");
  return h(
    "section",
    { class: "card facts" },
    h("h2", null, t("film.facts")),
    h(
      "dl",
      null,
      rows
        .filter(([, value]) => value)
        .map(([name, value]) => h("div", null, h("dt", null, t(`film.fact.${name}`)), h("dd", null, value))),
    ),
    names && h("p", { class: "small soft" }, t("film.degraded", { names })),
    files.size > 0 && h("p", { class: "cluster" }, ...files.values()),
  );
}

function quality(report) {
  if (!report?.checks?.length) return null;
  const n = report.checks.length;
  const failed = report.checks.filter((one) => !one.passed).length;
  const words = failed ? "film.qualityFailed" : "film.qualityPassed";
  return h(
    "section",
    { class: "card quality" },
    h("h2", null, t("film.quality")),
    h(
      "details",
      null,
      h(
        "summary",
        { class: failed ? "not-passed" : "passed" },
        icon(failed ? "alert" : "check"),
        t(words, { n: number(n), failed: number(failed) }),
      ),
      h(
        "div",
        { class: "table-scroll", tabindex: "0", role: "region", "aria-label": t("film.quality") },
        h(
          "table",
          null,
          h(
            "thead",
            null,
            h("tr", null, ["check", "measured", "expected"].map((name) => h("th", { scope: "col" }, t(`film.${name}`)))),
          ),
          h("tbody", null, report.checks.map(check)),
        ),
      ),
    ),
  );
}

function check(one) {
  return h(
    "tr",
    null,
    h(
      "th",
      { scope: "row" },
      h(
        "span",
        { class: one.passed ? "passed" : "not-passed" },
        icon(one.passed ? "check" : "alert"),
        one.name.replaceAll("_", " "),
        h("span", { class: "visually-hidden" }, ` (${t(one.passed ? "film.passed" : "film.notPassed")})`),
      ),
    ),
    h("td", null, one.measured),
    h("td", null, one.expected),
  );
}

function languageName(tag) {
  try {
    return new Intl.DisplayNames([locale.value], { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}
