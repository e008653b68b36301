import { h } from "./dom.js";

/**
 * A question before something that cannot be undone.
 * @param {{title: string, text: string, yes: string, no: string}} words
 * @returns {Promise<boolean>} false also for Escape
 */
export function ask({ title, text, yes, no }) {
  return new Promise((resolve) => {
    const answer = (value) => dialog.close(value);
    const dialog = h(
      "dialog",
      { class: "ask", "aria-labelledby": "ask-title", "aria-describedby": "ask-text" },
      h("h2", { id: "ask-title" }, title),
      h("p", { id: "ask-text" }, text),
      h(
        "div",
        { class: "cluster" },
        h("button", { type: "button", class: "button", autofocus: true, onclick: () => answer("no") }, no),
        h("button", { type: "button", class: "button danger", onclick: () => answer("yes") }, yes),
      ),
    );
    const asker = document.activeElement;
    dialog.addEventListener("close", () => {
      dialog.remove();
      asker?.focus?.();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
