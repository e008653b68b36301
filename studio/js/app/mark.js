/** The mark: a frame of film with the lamp behind it. */

import { h } from "./dom.js";

const HOLES = [5, 24].flatMap((x) => [8.5, 14.25, 20].map((y) => ({ x, y })));

/** @returns {SVGElement} */
export function mark() {
  return h(
    "svg",
    { viewBox: "0 0 32 32", "aria-hidden": true, focusable: "false" },
    h("rect", { width: 32, height: 32, rx: 8, fill: "#17120e" }),
    HOLES.map((at) => h("rect", { ...at, width: 3, height: 3.5, fill: "#bcab94" })),
    h("rect", { x: 10.5, y: 8.5, width: 11, height: 15, rx: 1.5, fill: "#ffb654" }),
    h("path", { d: "M14.3 12.3v7.4l5-3.7z", fill: "#221503" }),
  );
}
