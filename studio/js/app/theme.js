/** Light, dark, or as the system has it. */

import { signal } from "./signal.js";
import { browserStorage } from "./storage.js";

const KEPT = "reelstep.theme";
const NEXT = { auto: "light", light: "dark", dark: "auto" };

/** "auto", "light" or "dark". */
export const theme = signal(kept());

show(theme.value);
theme.subscribe((value) => {
  show(value);
  browserStorage.setItem(KEPT, value);
});

/** The one after this one, in a circle. */
export function next() {
  theme.value = NEXT[theme.value];
}

function show(value) {
  if (value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
}

function kept() {
  const value = browserStorage.getItem(KEPT);
  return value in NEXT ? value : "auto";
}
