/** Ask for a film: what it is about, how long and how it looks, what it costs. */

import { h } from "../app/dom.js";
import { choice, field, showErrors } from "../app/fields.js";
import { duration, number } from "../app/format.js";
import { icon } from "../app/icons.js";
import { has, locale, t } from "../app/i18n.js";
import { toast } from "../app/toast.js";
import { order } from "../cloud/order.js";
import * as wishes from "../domain/wish.js";
import { companionsField } from "./create/companions-field.js";
import { elementsField } from "./create/elements-field.js";
import { ticket } from "./create/ticket.js";

const SHAPES = { "16:9": "ratioWide", "9:16": "ratioTall", "1:1": "ratioSquare" };
const EXAMPLES = ["create.example1", "create.example2", "create.example3"];

export function view({ app }) {
  const wish = (app.draft.wish ??= wishes.blank());
  const leaving = new AbortController();
  const price = ticket(app, refusedPrice);
  let busy = false;

  const set = (name) => (value) => {
    wish[name] = value;
    // Also where the answer to what it was has emptied the draft; not after the page was left.
    if (!leaving.signal.aborted) app.draft.wish = wish;
    price.update(wish);
  };
  const questions = {
    prompt: promptField(wish, set("prompt")),
    durationSeconds: durationField(wish, set("durationSeconds")),
    quality: qualityField(wish, set("quality")),
    aspectRatio: options("aspectRatio", wishes.ASPECTS, wish, set),
    visualStyle: options("visualStyle", wishes.STYLES, wish, set),
    musicStyle: options("musicStyle", wishes.MUSIC, wish, set),
    companionIds: companionsField({
      app,
      value: wish.companionIds,
      onchange: set("companionIds"),
      signal: leaving.signal,
    }),
    includeElements: elementsField({
      value: wish.includeElements,
      onchange: set("includeElements"),
      announce: app.announce,
    }),
    language: languageField(wish, set("language")),
    captions: options("captions", wishes.CAPTIONS, wish, set),
    voice: options("voice", wishes.VOICES, wish, set),
    transition: transitionField(wish, set("transition")),
  };
  const fields = Object.values(questions);
  const title = t("create.title");
  const form = h(
    "form",
    { class: "create", novalidate: true, onsubmit: submit },
    h(
      "div",
      { class: "create-sheet" },
      h("h1", null, title),
      questions.prompt.element,
      h(
        "div",
        { class: "create-pair" },
        questions.durationSeconds.element,
        questions.aspectRatio.element,
      ),
      questions.quality.element,
      previewBox(wish, set("preview")),
      questions.visualStyle.element,
      questions.musicStyle.element,
      questions.companionIds.element,
      questions.includeElements.element,
      h("div", { class: "create-pair" }, questions.language.element, questions.captions.element),
      h("div", { class: "create-pair" }, questions.transition.element, questions.voice.element),
    ),
    price.element,
  );
  price.update(wish);
  const showPlan = (account) => {
    if (account) for (const one of fields) one.showPlan?.(account);
  };
  showPlan(app.account.value);
  const stop = app.account.subscribe(showPlan);
  return {
    element: form,
    title,
    leave() {
      stop();
      leaving.abort();
      price.stop();
    },
  };

  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    price.setNotice(null);
    if (!wish.prompt.trim()) {
      showErrors(fields, [{ field: "prompt", message: t("create.promptMissing") }]);
      return;
    }
    busy = true;
    price.setBusy(true);
    const body = wishes.bodyOf(wish);
    try {
      const { videoId } = await order(app, app.session.user.value.id, body);
      // What was written while the answer was on its way is another film.
      const same = JSON.stringify(wishes.bodyOf(wish)) === JSON.stringify(body);
      if (same && app.draft.wish === wish) app.draft = {};
      app.refreshAccount();
      arrive(`#/films/${encodeURIComponent(videoId)}`);
    } catch (problem) {
      refused(problem);
    } finally {
      busy = false;
      price.setBusy(false);
    }
  }

  /** To the film; who has gone elsewhere is told where it is. */
  function arrive(href) {
    if (!leaving.signal.aborted) app.navigate(href);
    else toast([t("create.made"), " ", h("a", { href }, t("create.toFilm"))], { kind: "good" });
  }

  /** The fields that are to blame say so; what is nobody's fault stands above the button. */
  function refused(problem) {
    if (leaving.signal.aborted) {
      toast(problem.message, { kind: "bad" });
      return;
    }
    const blamed = problem.errors?.length
      ? problem.errors
      : [{ field: problem.field ?? "", message: problem.detail || problem.message }];
    const others = showErrors(fields, blamed);
    if (!others.length) return;
    price.setNotice(
      h(
        "div",
        { class: "notice", dataset: { kind: "bad" } },
        icon("alert"),
        h("strong", null, problem.title ?? t("problem.page")),
        others.map((error) => h("p", null, error.message)),
        problem.traceId && h("p", { class: "small mono" }, problem.traceId),
      ),
    );
  }

  /** The price could not be told: at the field that is above the plan, or in a word on the ticket. */
  function refusedPrice(problem) {
    if (leaving.signal.aborted) return;
    for (const name of ["durationSeconds", "quality"]) questions[name].setError("");
    if (!problem) return;
    const blamed = problem.errors?.length ? problem.errors : [problem];
    for (const { field: name, message, detail } of blamed) {
      questions[name]?.setError(detail || message);
    }
  }
}

function promptField(wish, onchange) {
  const counter = h("span", { class: "field-hint numbers", "aria-hidden": true });
  const area = h("textarea", {
    rows: 5,
    required: true,
    value: wish.prompt,
    placeholder: t("create.promptExample"),
    oninput: take,
  });
  const one = field({
    name: "prompt",
    label: t("create.prompt"),
    control: area,
    aside: counter,
  });
  one.element.classList.add("prompt");
  one.element.append(
    h(
      "div",
      { class: "create-examples cluster" },
      h("span", { class: "overline" }, t("create.examples")),
      EXAMPLES.map((key) =>
        h(
          "button",
          {
            type: "button",
            class: "chip",
            onclick: () => {
              area.value = t(key);
              area.dispatchEvent(new Event("input"));
              area.focus();
            },
          },
          t(key),
        ),
      ),
    ),
  );
  count();
  return one;

  function take() {
    count();
    onchange(area.value);
  }

  function count() {
    // As the API counts: characters, not their halves in UTF-16.
    const length = [...area.value.trim()].length;
    counter.textContent = `${number(length)} / ${number(wishes.PROMPT_LENGTH)}`;
    const over = length > wishes.PROMPT_LENGTH;
    if (over) one.setError(t("create.promptLong", { n: number(wishes.PROMPT_LENGTH) }));
    else if (area.getAttribute("aria-invalid")) one.setError("");
  }
}

function durationField(wish, onchange) {
  const limits = { min: wishes.SHORTEST, max: wishes.LONGEST };
  const exact = h("input", {
    type: "number",
    inputmode: "numeric",
    ...limits,
    step: 1,
    value: wish.durationSeconds,
    "aria-label": t("create.durationExact"),
    oninput: () => take(exact.value, slider),
  });
  const slider = h("input", {
    type: "range",
    ...limits,
    step: 5,
    value: wish.durationSeconds,
    "aria-valuetext": duration(wish.durationSeconds),
    oninput: () => take(slider.value, exact),
  });
  const aside = h("span", { class: "exact cluster" }, exact, h("span", null, t("create.seconds")));
  const label = t("create.duration");
  // Told when the account is known; its place is kept.
  const one = field({ name: "durationSeconds", label, control: slider, hint: "\u00a0", aside });
  one.showPlan = ({ plan, limits: { maxDurationSeconds } }) => {
    const time = duration(maxDurationSeconds);
    const hint = one.element.querySelector(".field-hint:not(.exact)");
    hint.textContent = t("create.durationPlan", { plan: t(`plan.${plan}`), time });
  };
  exact.addEventListener("change", () => {
    const whole = Math.round(Number(exact.value)) || wishes.SHORTEST;
    exact.value = Math.min(wishes.LONGEST, Math.max(wishes.SHORTEST, whole));
    take(exact.value, slider);
  });
  return one;

  function take(text, other) {
    const seconds = Number(text);
    if (!Number.isInteger(seconds) || seconds < limits.min || seconds > limits.max) return;
    other.value = seconds;
    slider.setAttribute("aria-valuetext", duration(seconds));
    onchange(seconds);
  }
}

function qualityField(wish, onchange) {
  const one = options("quality", wishes.QUALITIES, wish, () => onchange);
  one.showPlan = ({ limits: { maxQuality } }) => {
    for (const label of one.element.querySelectorAll(".choice")) {
      const value = label.querySelector("input").value;
      const over = wishes.above(value, maxQuality);
      label.dataset.above = over;
      label.querySelector("small").textContent = t(over ? "create.abovePlan" : `quality.${value}.note`);
    }
  };
  return one;
}

function options(name, values, wish, set) {
  return choice({
    name,
    legend: t(`create.${name}`),
    choices: values.map((value) => ({
      value,
      label: t(`${name}.${value || "any"}`),
      icon: SHAPES[value],
      note: has(`${name}.${value}.note`) && t(`${name}.${value}.note`),
    })),
    value: wish[name],
    onchange: set(name),
  });
}

function languageField(wish, onchange) {
  const names = new Intl.DisplayNames([locale.value], { type: "language" });
  const known = wishes.LANGUAGES.map((tag) => [tag, names.of(tag)]);
  known.sort((one, other) => one[1].localeCompare(other[1], locale.value));
  return listField("language", [["", t("create.languageOfPrompt")], ...known], wish, onchange);
}

function transitionField(wish, onchange) {
  const known = wishes.TRANSITIONS.map((value) => [value, t(`transition.${value}`)]);
  return listField("transition", known, wish, onchange);
}

function listField(name, known, wish, onchange) {
  const select = h(
    "select",
    { onchange: () => onchange(select.value) },
    known.map(([value, label]) => h("option", { value }, label)),
  );
  select.value = wish[name];
  return field({ name, label: t(`create.${name}`), control: select });
}

function previewBox(wish, onchange) {
  const input = h("input", {
    type: "checkbox",
    checked: wish.preview,
    onchange: () => onchange(input.checked),
  });
  const note = h("small", null, t("create.previewNote"));
  const words = h("span", null, h("b", null, t("create.preview")), note);
  return h("label", { class: "choice draft" }, input, words);
}
