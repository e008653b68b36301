/** A question of a form with its label, its hint and what is wrong with the answer. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @param {{name: string, label: string, control: Element, hint?: string, aside?: Node}} given
 *   `control` is an input, a select or a textarea; `aside` stands at the right of the label
 * @returns {{name: string, element: Element, control: Element, setError: (text: string) => void}}
 */
export function field({ name, label, control, hint, aside }) {
  const id = control.id || `field-${name}`;
  control.id = id;
  if (!control.name) control.name = name;
  const error = h("p", { class: "field-error", id: `${id}-error` });
  const note = hint && h("p", { class: "field-hint", id: `${id}-hint` }, hint);
  describe(control, note, null);
  const words = h("label", { for: id }, label);
  const element = h(
    "div",
    { class: "field" },
    aside ? h("div", { class: "label-row" }, words, aside) : words,
    control,
    note,
    error,
  );
  const setError = (text) => mark(control, note, error, text);
  control.addEventListener("input", () => error.textContent && setError(""));
  return { name, element, control, setError };
}

/**
 * A group of radio buttons as a question.
 *
 * @param {{name: string, legend: string, hint?: string, choices: {value: string, label: string,
 *   note?: string, icon?: string}[], value: string, onchange: (value: string) => void}} given
 */
export function choice({ name, legend, hint, choices, value, onchange }) {
  const error = h("p", { class: "field-error", id: `field-${name}-error` });
  const note = hint && h("p", { class: "field-hint", id: `field-${name}-hint` }, hint);
  const inputs = choices.map((one) =>
    h("input", {
      type: "radio",
      name,
      value: one.value,
      checked: one.value === value,
      onchange: () => {
        setError("");
        onchange(one.value);
      },
    }),
  );
  const element = h(
    "fieldset",
    { class: "field", dataset: { field: name } },
    h("legend", null, legend),
    h(
      "div",
      {
        class: "choices",
        dataset: { count: choices.length, notes: String(choices.some((one) => one.note)) },
      },
      choices.map((one, index) =>
        h(
          "label",
          { class: "choice" },
          inputs[index],
          h(
            "span",
            null,
            one.icon && icon(one.icon),
            h("b", null, one.label),
            one.note && h("small", null, one.note),
          ),
        ),
      ),
    ),
    note,
    error,
  );
  describe(element, note, null);
  function setError(text) {
    error.textContent = text;
    describe(element, note, text ? error : null);
  }
  const control = () => inputs.find((input) => input.checked) ?? inputs[0];
  return {
    name,
    element,
    get control() {
      return control();
    },
    setError,
  };
}

/**
 * Show a problem's errors beside their fields, and go to the first of them.
 *
 * @param {object[]} fields in the order of the page
 * @param {{field: string, message: string}[]} errors `scenes[0].dialogue` belongs to `scenes`
 * @returns {{field: string, message: string}[]} those that belong to no field of the form
 */
export function showErrors(fields, errors) {
  const byName = new Map(fields.map((one) => [one.name, []]));
  const others = [];
  for (const error of errors) {
    const root = error.field.split(/[.[]/, 1)[0];
    (byName.get(error.field) ?? byName.get(root) ?? others).push(error);
  }
  let first = null;
  for (const one of fields) {
    const texts = byName.get(one.name).filter((error) => error !== undefined);
    one.setError(texts.map((error) => sentence(error.message)).join(" "));
    if (texts.length) first ??= one;
  }
  first?.control.focus();
  return others;
}

/** "must not be empty" → "Must not be empty." */
export function sentence(text) {
  const trimmed = text.trim();
  const end = /[.!?…]$/.test(trimmed) ? "" : ".";
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + end;
}

function mark(control, note, error, text) {
  error.textContent = text;
  if (text) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
  describe(control, note, text ? error : null);
}

function describe(control, ...notes) {
  const ids = notes.filter(Boolean).map((note) => note.id);
  if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
  else control.removeAttribute("aria-describedby");
}
