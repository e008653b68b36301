/** The strip of film: a frame for each phase. The one in the gate has the lamp behind it. */

import { fill, h } from "../../app/dom.js";
import { countdown, perforation, soundtrack } from "../../app/film-strip.js";
import { duration, percent, time } from "../../app/format.js";
import { icon } from "../../app/icons.js";
import { t } from "../../app/i18n.js";
import { bare } from "../../cloud/previews.js";
import { current, finished, PHASES, phaseSeconds } from "../../domain/film.js";
import { atMoment, renewable } from "./sources.js";

const MOSAIC = 4; // pictures in one frame at most
const WORDS = { done: "viz.phaseDone", failed: "viz.phaseFailed", next: "viz.phaseNext" };

/**
 * @returns {{element: Element, update: (film: object, now: number) => void,
 *   show: (previews: object) => void}}
 */
export function strip() {
  const frames = PHASES.map((name, index) => frame(name, index));
  const element = h(
    "div",
    { class: "strip" },
    h("div", { class: "band", "aria-hidden": true }, perforation("across"), perforation("across")),
    h("div", { class: "band-down", "aria-hidden": true }, perforation("down"), perforation("down")),
    h(
      "ol",
      { class: "frames" },
      frames.map((one) => one.element),
    ),
  );
  return {
    element,
    update(film, now) {
      element.dataset.running = String(film.status === "PROCESSING");
      const here = current(film);
      for (const [index, phase] of film.phases.entries()) {
        frames[index].update(phase, stateOf(film, phase, here), film.ended ?? now);
      }
    },
    show(previews) {
      for (const [index, content] of contents(previews).entries()) frames[index].show(content);
    },
  };
}

/** "done", "now", "next", "failed" or "stopped". */
export function stateOf(film, phase, here = current(film)) {
  if (phase.failed) return "failed";
  if (phase.percent >= 100 || film.status === "COMPLETED") return "done";
  if (phase !== here) return "next";
  return finished(film) ? "stopped" : film.status === "PROCESSING" ? "now" : "next";
}

function frame(name, index) {
  const picture = h("div", { class: "picture" });
  const sign = h("div", { class: "sign" });
  const window = h("div", { class: "window" }, countdown(index + 1), picture, sign);
  const bar = h("div", {
    class: "meter",
    role: "progressbar",
    "aria-label": t(`phase.${name}`),
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    "aria-valuenow": 0,
  });
  const figure = h("span", { class: "figure numbers", "aria-hidden": true });
  const times = h("p", { class: "times numbers" });
  const said = h("span", { class: "visually-hidden" });
  const element = h(
    "li",
    { class: "frame", dataset: { state: "next" } },
    window,
    h(
      "div",
      { class: "caption" },
      h("p", { class: "name" }, h("span", null, t(`phase.${name}`)), said, figure),
      bar,
      times,
    ),
  );
  let before = "";
  let content = "";

  return {
    element,
    update(phase, state, now) {
      const done = Math.round(phase.percent);
      if (state !== before) {
        element.dataset.state = state;
        if (state === "now") element.setAttribute("aria-current", "step");
        else element.removeAttribute("aria-current");
        said.textContent = WORDS[state] ? ` (${t(WORDS[state])})` : "";
        fill(sign, state === "failed" ? icon("alert") : state === "done" && icon("check"));
        before = state;
      }
      element.style.setProperty("--done", done);
      bar.setAttribute("aria-valuenow", done);
      const busy = state === "now" || state === "failed" || state === "stopped";
      figure.textContent = busy ? percent(done) : "";
      times.textContent = timing(phase, state, now);
    },
    show(next) {
      if (next.key === content) return;
      content = next.key;
      element.dataset.filled = String(Boolean(next.nodes));
      fill(picture, next.nodes?.());
    },
  };
}

function timing(phase, state, now) {
  if (phase.started === null || state === "next") return "";
  const seconds = phaseSeconds(phase, now);
  const from = t("viz.startedAt", { time: time(phase.started) });
  return phase.ended === null && state === "now"
    ? `${from} · ${duration(seconds)}`
    : `${from} · ${t("viz.took", { time: duration(seconds) })}`;
}

/** What is seen in each frame: the script's words, the pictures, the newest piece of the film. */
function contents({ title, scenes, pictures, chunks, poster }) {
  const last = chunks.at(-1);
  const still = (one) =>
    one ? { key: bare(one.url), nodes: () => image(one.url) } : { key: "" };
  // Made anew by another attempt, they are others in the same places.
  const names = (some) => some.map((one) => bare(one.url)).join(" ");
  return [
    scenes.length || title
      ? { key: `script ${title} ${JSON.stringify(scenes)}`, nodes: () => script(title, scenes) }
      : { key: "" },
    pictures.length ? { key: `mosaic ${names(pictures)}`, nodes: () => mosaic(pictures) } : { key: "" },
    chunks.length ? still(pictures[Math.floor(pictures.length / 2)]) : { key: "" },
    last ? { key: `chunk ${bare(last.url)}`, nodes: () => moving(last) } : { key: "" },
    last ? { key: "sound", nodes: soundtrack } : { key: "" },
    poster ? { key: poster, nodes: () => image(poster) } : { key: "" },
  ];
}

function script(title, scenes) {
  return h(
    "div",
    { class: "page" },
    title && h("b", null, title),
    scenes.slice(0, 3).map((scene) => h("span", null, scene.dialogue || scene.description)),
  );
}

function mosaic(pictures) {
  const some = pictures.slice(-MOSAIC);
  return h(
    "div",
    { class: "mosaic", dataset: { count: some.length } },
    some.map((one) => image(one.url)),
  );
}

function image(url) {
  return renewable(h("img", { src: url, alt: "", decoding: "async" }), url);
}

function moving(chunk) {
  const silent = { muted: true, playsinline: true, preload: "metadata", tabindex: "-1" };
  return renewable(h("video", { src: atMoment(chunk.url), ...silent }), chunk.url, atMoment);
}
