/** Who plays in the film: up to three of one's companions. Nothing is shown to who has none. */

import { fill, h } from "../../app/dom.js";
import { t } from "../../app/i18n.js";
import { MOST_COMPANIONS } from "../../domain/wish.js";

/**
 * @param {{app: object, value: string[], signal: AbortSignal,
 *   onchange: (value: string[]) => void}} given
 * @returns {{name: string, element: Element, control: Element, setError: (text: string) => void}}
 */
export function companionsField({ app, value, onchange, signal }) {
  const error = h("p", { class: "field-error", id: "field-companionIds-error" });
  const choices = h("div", { class: "cast" });
  const element = h(
    "fieldset",
    { class: "field", hidden: true },
    h("legend", null, t("create.companions")),
    h("p", { class: "field-hint" }, t("create.companionsHint", { n: MOST_COMPANIONS })),
    choices,
    error,
  );
  let chosen = [];
  load();
  return {
    name: "companionIds",
    element,
    get control() {
      return choices.querySelector("input") ?? element;
    },
    setError: (text) => (error.textContent = text),
  };

  async function load() {
    let found;
    try {
      ({ companions: found } = await app.api.request("GET", "/api/v1/companions", { signal }));
    } catch {
      return; // a film can be made without them
    }
    if (!found.length) return;
    chosen = value.filter((id) => found.some((one) => one.id === id));
    if (chosen.length !== value.length) onchange(chosen);
    fill(choices, found.map(option));
    element.hidden = false;
    limit();
  }

  function option(one) {
    const input = h("input", {
      type: "checkbox",
      value: one.id,
      checked: chosen.includes(one.id),
      onchange: () => {
        chosen = input.checked ? [...chosen, one.id] : chosen.filter((id) => id !== one.id);
        error.textContent = "";
        onchange(chosen);
        limit();
      },
    });
    return h("label", { class: "choice cast-member" }, input, h("span", null, face(one), one.name));
  }

  function limit() {
    for (const input of choices.querySelectorAll("input")) {
      input.disabled = !input.checked && chosen.length >= MOST_COMPANIONS;
    }
  }
}

function face(one) {
  if (one.avatarUrl) return h("img", { src: one.avatarUrl, alt: "", loading: "lazy" });
  const initial = [...one.name][0] ?? "?";
  return h("span", { class: "cast-initial", "aria-hidden": true }, initial.toUpperCase());
}
