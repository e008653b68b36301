/** Things that have to be in the film: words that are added one by one. */

import { fill, h } from "../../app/dom.js";
import { field } from "../../app/fields.js";
import { icon } from "../../app/icons.js";
import { t } from "../../app/i18n.js";
import { ELEMENT_LENGTH, MOST_ELEMENTS } from "../../domain/wish.js";

/**
 * @param {{value: string[], onchange: (value: string[]) => void,
 *   announce: (text: string) => void}} given
 */
export function elementsField({ value, onchange, announce }) {
  let words = [...value];
  const input = h("input", {
    type: "text",
    maxlength: ELEMENT_LENGTH,
    autocomplete: "off",
    enterkeyhint: "done",
    placeholder: t("create.elementsExample"),
    onkeydown: (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter" || event.key === ",") {
        event.preventDefault(); // the form is not sent by adding a word
        add();
      } else if (event.key === "Backspace" && !input.value && words.length) {
        remove(words.at(-1));
      }
    },
    onblur: add,
  });
  const list = h("ul", { class: "cluster element-list", "aria-label": t("create.elements") });
  const one = field({
    name: "includeElements",
    label: t("create.elements"),
    hint: t("create.elementsHint", { n: MOST_ELEMENTS }),
    control: input,
  });
  one.element.insertBefore(list, input.nextSibling);
  draw();
  return one;

  function add() {
    const word = input.value.replace(/,/g, " ").trim().slice(0, ELEMENT_LENGTH);
    if (!word) return;
    if (words.length >= MOST_ELEMENTS) {
      one.setError(t("create.elementsFull", { n: MOST_ELEMENTS }));
      return;
    }
    input.value = "";
    one.setError("");
    if (words.includes(word)) return;
    set([...words, word]);
    announce(t("create.elementAdded", { word }));
  }

  function remove(word) {
    set(words.filter((other) => other !== word));
    announce(t("create.elementRemoved", { word }));
    input.focus();
  }

  function set(next) {
    words = next;
    onchange(words);
    draw();
  }

  function draw() {
    list.hidden = !words.length;
    fill(
      list,
      words.map((word) =>
        h(
          "li",
          null,
          h(
            "button",
            {
              type: "button",
              class: "chip removable",
              "aria-label": t("create.elementRemove", { word }),
              onclick: () => remove(word),
            },
            word,
            icon("close"),
          ),
        ),
      ),
    );
  }
}
