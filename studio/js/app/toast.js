/** Short messages in the corner that say what just happened, and leave by themselves. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";

const SECONDS = { info: 6, good: 6, bad: 12 };
const ICONS = { info: "info", good: "check", bad: "alert" };

/**
 * Say something. What failed stays longer; the pointer or the focus on it keeps it.
 *
 * @param {string|Array} text also with elements in it, such as a link
 * @param {{kind?: "info"|"good"|"bad"}} [options]
 */
export function toast(text, { kind = "info" } = {}) {
  const note = h(
    "div",
    { class: "toast", dataset: { kind } },
    icon(ICONS[kind]),
    h("p", null, text),
    h(
      "button",
      { type: "button", class: "toast-close", "aria-label": t("toast.close"), onclick: leave },
      icon("close"),
    ),
  );
  let timer = null;
  const stay = () => clearTimeout(timer);
  const begin = () => {
    stay();
    timer = setTimeout(leave, SECONDS[kind] * 1000);
  };
  function leave() {
    stay();
    note.remove();
  }
  for (const event of ["pointerenter", "focusin"]) note.addEventListener(event, stay);
  for (const event of ["pointerleave", "focusout"]) note.addEventListener(event, begin);
  region().append(note);
  begin();
}

function region() {
  let found = document.getElementById("toasts");
  if (!found) {
    found = h("div", { id: "toasts", role: "status", "aria-live": "polite" });
    document.body.append(found);
  }
  return found;
}
