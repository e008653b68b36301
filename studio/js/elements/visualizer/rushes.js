/** The rushes: each picture and each piece of the film, as soon as there is one. */

import { fill, h } from "../../app/dom.js";
import { icon } from "../../app/icons.js";
import { t } from "../../app/i18n.js";
import { bare } from "../../cloud/previews.js";
import { atMoment, renewable } from "./sources.js";

/** @returns {{element: Element, show: (previews: object) => void}} */
export function rushes() {
  // Without a button in it, a row that scrolls has to be reached itself.
  const pictures = row({ "aria-label": t("viz.pictures"), tabindex: "0" });
  const chunks = row({ "aria-label": t("viz.pieces") });
  const element = h(
    "section",
    { class: "rushes", "aria-label": t("viz.rushes"), hidden: true },
    h("h3", null, t("viz.rushes")),
    h("p", { class: "hint" }, t("viz.rushesHint")),
    pictures.element,
    chunks.element,
  );
  return {
    element,
    show(previews) {
      element.hidden = !previews.pictures.length && !previews.chunks.length;
      const scenes = new Map(previews.scenes.map((scene) => [scene.number, scene]));
      pictures.show(previews.pictures, "scene", (one) => still(one, scenes.get(one.scene)));
      chunks.show(previews.chunks, "index", piece);
    },
  };
}

/** A list that grows: what is in it stays, so that nothing is loaded twice or loses the focus. */
function row(attributes) {
  const element = h("ul", { class: "row", role: "list", hidden: true, ...attributes });
  const shown = new Map();
  return {
    element,
    show(items, key, draw) {
      const still = new Set(items.map((item) => item[key]));
      for (const [other, { made }] of shown) {
        if (still.has(other)) continue;
        made.remove(); // of an attempt that is over
        shown.delete(other);
      }
      for (const item of items) {
        const before = shown.get(item[key]);
        if (before?.name === bare(item.url)) continue;
        const made = h("li", null, draw(item));
        shown.set(item[key], { name: bare(item.url), made });
        const after = [...shown.keys()].filter((other) => other > item[key]);
        const next = after.length ? shown.get(Math.min(...after)).made : null;
        // Made anew by another attempt: in the place of the one before.
        if (before) before.made.replaceWith(made);
        else element.insertBefore(made, next);
      }
      element.hidden = !shown.size;
    },
  };
}

function still(one, scene) {
  const words = scene?.description ?? "";
  const picture = h("img", {
    src: one.url,
    alt: words || t("viz.scene", { n: one.scene }),
    width: one.width,
    height: one.height,
    loading: "lazy",
    decoding: "async",
  });
  return h(
    "figure",
    null,
    renewable(picture, one.url),
    h("figcaption", null, h("b", null, t("viz.scene", { n: one.scene })), words && h("span", null, words)),
  );
}

function piece(one) {
  const n = one.index + 1;
  const film = h("video", {
    src: atMoment(one.url),
    muted: true,
    loop: true,
    playsinline: true,
    preload: "metadata",
  });
  const button = h(
    "button",
    { type: "button", "aria-label": t("viz.play", { n }), "aria-pressed": false, onclick: turn },
    renewable(film, one.url, atMoment),
    h("span", { class: "play" }, icon("play")),
  );
  film.addEventListener("play", () => show(true));
  film.addEventListener("pause", () => show(false));
  return h("figure", null, button, h("figcaption", null, h("b", null, t("viz.chunk", { n }))));

  function turn() {
    if (film.paused) film.play().catch(() => show(false));
    else film.pause();
  }

  function show(playing) {
    button.setAttribute("aria-pressed", String(playing));
    fill(button.lastElementChild, icon(playing ? "pause" : "play"));
  }
}
