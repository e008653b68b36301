/** The perforations of a strip of film, as a drawing that takes the colour of its text. */

import { h } from "./dom.js";

let drawn = 0;

/** @param {"across"|"down"} direction @returns {SVGElement} as long as its box */
export function perforation(direction = "across") {
  const id = `perforation-${(drawn += 1)}`;
  const across = direction === "across";
  const hole = across
    ? { x: 6, y: 1, width: 10, height: 8, rx: 2 }
    : { x: 1, y: 6, width: 8, height: 10, rx: 2 };
  const step = across ? { width: 22, height: 10 } : { width: 10, height: 22 };
  return h(
    "svg",
    { class: `perforation ${direction}`, "aria-hidden": true, focusable: "false", fill: "currentColor" },
    h("pattern", { id, ...step, patternUnits: "userSpaceOnUse" }, h("rect", hole)),
    h("rect", { width: "100%", height: "100%", fill: `url(#${id})` }),
  );
}

/** The countdown before a film: circles, a cross and a number. @returns {SVGElement} */
export function countdown(text) {
  return h(
    "svg",
    { class: "countdown", viewBox: "0 0 160 90", "aria-hidden": true, focusable: "false" },
    h("path", { class: "countdown-cross", d: "M0 45h160M80 0v90" }),
    h("circle", { class: "countdown-ring", cx: 80, cy: 45, r: 36 }),
    h("circle", { class: "countdown-ring", cx: 80, cy: 45, r: 31 }),
    h("text", { class: "countdown-number", x: 80, y: 46 }, text),
  );
}

/** The sound as it is printed beside the pictures of a film: light of varying width. @returns {SVGElement} */
export function soundtrack() {
  const loud = (x) => 6 + 15 * Math.abs(Math.sin(x / 9) * Math.cos(x / 3.1)) + 8 * Math.sin(x / 23) ** 2;
  const xs = Array.from({ length: 81 }, (_, index) => index * 2);
  const upper = xs.map((x) => `${x} ${(45 - loud(x)).toFixed(1)}`);
  const lower = [...xs].reverse().map((x) => `${x} ${(45 + loud(x)).toFixed(1)}`);
  return h(
    "svg",
    {
      class: "soundtrack",
      viewBox: "0 0 160 90",
      preserveAspectRatio: "none",
      "aria-hidden": true,
      focusable: "false",
    },
    h("path", { d: `M${[...upper, ...lower].join("L")}Z` }),
  );
}
