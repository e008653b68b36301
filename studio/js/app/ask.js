/** A question that has to be answered first: a dialog with two buttons. */

import { h } from "./dom.js";

/**
 * @param {{title: string, text: string, yes: string, no: string}} words
 * @returns {Promise<boolean>} false also for Escape; the focus goes back to where it was
 */
export function ask({ title, text, yes, no }) {
  return new Promise((resolve) => {
    const close = (answer) => () => dialog.close(answer);
    const dialog = h(
      "dialog",
      { "aria-labelledby": "ask-title", "aria-describedby": "ask-text" },
      h(
        "div",
        { class: "stack" },
        h("h2", { id: "ask-title" }, title),
        h("p", { id: "ask-text", class: "soft" }, text),
        h(
          "div",
          { class: "cluster" },
          // First, so that Enter pressed too soon does no harm.
          h("button", { type: "button", class: "button", onclick: close("no") }, no),
          h("button", { type: "button", class: "button danger", onclick: close("yes") }, yes),
        ),
      ),
    );
    const before = document.activeElement;
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus?.();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
