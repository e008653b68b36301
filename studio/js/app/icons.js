/** Line drawings of 24 × 24, in the colour of the text around them. */

import { h } from "./dom.js";

const PATHS = {
  alert: ["M12 3.5 22 20.5H2z", "M12 10v4.5", "M12 17.5v.01"],
  arrow: ["M5 12h14", "M13 6l6 6-6 6"],
  back: ["M19 12H5", "M11 6l-6 6 6 6"],
  captions: ["M3 5h18v14H3z", "M11 10.2a2.4 2.4 0 1 0 0 3.6", "M18 10.2a2.4 2.4 0 1 0 0 3.6"],
  check: ["M4.5 12.5l5 5 10-11"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  clock: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M12 7.5V12l3 2"],
  contrast: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M12 3v18", "M12 8h7.5", "M12 12h9", "M12 16h7.5"],
  create: ["M12 5v14", "M5 12h14"],
  download: ["M12 4v11", "M7 10.5l5 5 5-5", "M4.5 20h15"],
  film: ["M3 5h18v14H3z", "M7.5 5v14", "M16.5 5v14", "M3 9.7h4.5", "M3 14.3h4.5", "M16.5 9.7H21", "M16.5 14.3H21"],
  heart: ["M12 20.2C5 15.4 3 12 3 8.9A4.6 4.6 0 0 1 12 7a4.6 4.6 0 0 1 9 1.9c0 3.100-2 6.500-9 11.300z"],
  info: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z", "M12 11v5.500", "M12 7.500v.01"],
  moon: ["M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z"],
  more: ["M5 12h.01", "M12 12h.01", "M19 12h.01"],
  pause: ["M8 5v14", "M16 5v14"],
  person: ["M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z", "M4 20.500c1-4 4.500-5.500 8-5.500s7 1.500 8 5.500"],
  play: ["M7 4.500v15l12.500-7.500z"],
  queue: ["M4 6h10", "M4 12h16", "M4 18h7"],
  refresh: ["M20 12a8 8 0 1 1-2.500-5.800", "M20 3v4.500h-4.500"],
  exit: ["M10 4H5v16h5", "M14 8l4 4-4 4", "M18 12H9.5"],
  ratioSquare: ["M5 5h14v14H5z"],
  ratioTall: ["M7.5 3h9v18h-9z"],
  ratioWide: ["M2.5 6.500h19v11h-19z"],
  signal: ["M3 9.500a13 13 0 0 1 18 0", "M6.500 13a8 8 0 0 1 11 0", "M10 16.500a3 3 0 0 1 4 0", "M12 19.500v.01"],
  sun: ["M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8z", "M12 2.500v2", "M12 19.500v2", "M2.500 12h2", "M19.500 12h2", "M5.300 5.300l1.400 1.400", "M17.300 17.300l1.400 1.400", "M5.300 18.700l1.400-1.400", "M17.300 6.700l1.400-1.400"],
  trash: ["M4 7h16", "M9.500 7V4h5v3", "M6 7l1 13h10l1-13", "M10 11v5.500", "M14 11v5.500"],
  upload: ["M12 16V5", "M7 9.500l5-5 5 5", "M4.500 20h15"],
};

/**
 * @param {keyof PATHS} name
 * @returns {SVGElement} nothing to a screen reader: the words beside it say what it means
 */
export function icon(name) {
  return h(
    "svg",
    {
      class: "icon",
      viewBox: "0 0 24 24",
      fill: "none",
      stroke: "currentColor",
      "stroke-width": "1.7",
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
      "aria-hidden": true,
      focusable: "false",
    },
    (PATHS[name] ?? []).map((d) => h("path", { d })),
  );
}
