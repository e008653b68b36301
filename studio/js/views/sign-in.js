/** The door: sign in, a new account, a forgotten password. */

import { fill, h } from "../app/dom.js";
import { field } from "../app/fields.js";
import { countdown, perforation } from "../app/film-strip.js";
import { icon } from "../app/icons.js";
import { has, t } from "../app/i18n.js";
import { toast } from "../app/toast.js";

const PASSWORD_LENGTH = 12;
// A local cloud sends no mail, so nobody can sign up there or forget a password; `up` has made this one.
const LOCAL_USER = "demo@reelstep.local";
const LOCAL_PASSWORD = "reelstep password";
const local = (app) => app.config.stage === "local";

/**
 * Each form: its fields, and what its button does with the answers. What `send` gives back is the
 * next form, or null when somebody is signed in.
 */
const FORMS = {
  signIn: {
    fields: ["email", "password"],
    send: async (app, { email, password }) => after(await app.session.signIn(email, password)),
    also: ["signUp", "forgot"],
  },
  newPassword: {
    fields: ["newPassword"],
    send: async (_app, { newPassword }, step) => after(await step.answer(newPassword)),
    also: ["signIn"],
  },
  secondFactor: {
    fields: ["code"],
    send: async (_app, { code }, step) => after(await step.answer(code.trim())),
    also: ["signIn"],
  },
  signUp: {
    fields: ["email", "newPassword"],
    send: async (app, { email, newPassword }) => {
      await app.session.signUp(email, newPassword);
      return { form: "confirm", email, password: newPassword };
    },
    also: ["signIn"],
  },
  confirm: {
    fields: ["code"],
    send: async (app, { code }, step) => {
      await app.session.confirm(step.email, code);
      if (!step.password) return { form: "signIn", email: step.email, said: "signIn.confirmed" };
      return after(await app.session.signIn(step.email, step.password));
    },
    also: ["resend", "signIn"],
  },
  forgot: {
    fields: ["email"],
    send: async (app, { email }) => {
      await app.session.forgot(email);
      return { form: "reset", email };
    },
    also: ["signIn"],
  },
  reset: {
    fields: ["code", "newPassword"],
    send: async (app, { code, newPassword }, step) => {
      await app.session.resetPassword(step.email, code, newPassword);
      return after(await app.session.signIn(step.email, newPassword));
    },
    also: ["signIn"],
  },
};

const CHALLENGES = { NEW_PASSWORD_REQUIRED: "newPassword", SOFTWARE_TOKEN_MFA: "secondFactor" };

// Whose fault a refusal is, by Cognito's name of it: the field that it is shown at.
const BLAMED = {
  CodeMismatchException: ["code"],
  ExpiredCodeException: ["code"],
  EnableSoftwareTokenMFAException: ["code"],
  InvalidPasswordException: ["newPassword"],
  UsernameExistsException: ["email"],
};

export function view({ app }) {
  const panel = h("div", { class: "door-panel" });
  const element = h("div", { class: "door" }, screen(), panel);
  open({ form: "signIn" });
  return { element, title: t("signIn.signIn.title") };

  function open(step) {
    fill(panel, form(app, step, open));
    // On the first look the reader begins at the top; afterwards in the form that has changed.
    if (panel.isConnected) panel.querySelector("input")?.focus();
  }
}

function after(result) {
  if (result.done) return null;
  const next = CHALLENGES[result.challenge];
  if (next) return { form: next, answer: result.answer };
  return { form: "signIn", problem: t("signIn.challenge", { name: result.challenge }) };
}

function form(app, step, open) {
  const kind = FORMS[step.form];
  const fields = kind.fields.map((name) => question(name, step));
  const notice = h("div", { class: "door-notice", role: "alert" });
  const button = h(
    "button",
    { type: "submit", class: "button primary" },
    t(`signIn.${step.form}.button`),
  );
  if (step.problem) say(notice, step.problem);
  let busy = false;

  async function submit(event) {
    event.preventDefault();
    if (busy || !complete(fields)) return;
    busy = true;
    button.setAttribute("aria-busy", "true");
    fill(notice);
    const answers = Object.fromEntries(fields.map((one) => [one.name, one.control.value]));
    try {
      const next = await kind.send(app, answers, step);
      if (!next) return;
      if (next.said) toast(t(next.said), { kind: "good" });
      open({ email: step.email, ...next });
    } catch (error) {
      if (error.code === "UserNotConfirmedException") {
        open({ form: "confirm", email: answers.email, password: answers.password });
        again(app, answers.email);
        return;
      }
      blame(error, fields, notice);
    } finally {
      busy = false;
      button.removeAttribute("aria-busy");
    }
  }

  return h(
    "form",
    { class: "stack", novalidate: true, onsubmit: submit },
    h("h1", null, t(`signIn.${step.form}.title`)),
    has(`signIn.${step.form}.text`) &&
      h("p", { class: "soft" }, t(`signIn.${step.form}.text`, { email: step.email ?? "" })),
    notice,
    fields.map((one) => one.element),
    button,
    local(app)
      ? h("p", { class: "soft small" }, t("signIn.local", { user: LOCAL_USER, command: LOCAL_PASSWORD }))
      : h(
          "div",
          { class: "door-also cluster" },
          kind.also.map((name) => other(app, name, step, open)),
        ),
  );
}

function other(app, name, step, open) {
  const act =
    name === "resend" ? () => again(app, step.email) : () => open({ form: name, email: step.email });
  const words = t(`signIn.to.${name}`);
  return h("button", { type: "button", class: "button quiet", onclick: act }, words);
}

async function again(app, email) {
  try {
    await app.session.resendCode(email);
    toast(t("signIn.codeSent", { email }), { kind: "good" });
  } catch (error) {
    toast(words(error), { kind: "bad" });
  }
}

function question(name, step) {
  const kinds = {
    email: { type: "email", autocomplete: "username", inputmode: "email", value: step.email ?? "" },
    password: { type: "password", autocomplete: "current-password" },
    newPassword: { type: "password", autocomplete: "new-password", minlength: PASSWORD_LENGTH },
    code: { type: "text", autocomplete: "one-time-code", inputmode: "numeric", maxlength: 32 },
  };
  const control = h("input", { ...kinds[name], name, required: true, spellcheck: "false" });
  const hint = name === "newPassword" ? t("signIn.passwordRule", { n: PASSWORD_LENGTH }) : undefined;
  const hidden = control.type === "password";
  const aside = hidden ? reveal(control) : undefined;
  return field({ name, label: t(`signIn.field.${name}`), control, hint, aside });
}

function reveal(control) {
  const button = h(
    "button",
    { type: "button", class: "door-reveal", "aria-pressed": false, onclick: turn },
    t("signIn.show"),
  );
  function turn() {
    const shown = control.type === "text";
    control.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  }
  return button;
}

/** Whether nothing is missing; what is gets said, and the first of it gets the focus. */
function complete(fields) {
  const wrong = fields.filter((one) => {
    const empty = !one.control.value.trim();
    const mail = one.name === "email" && !empty && !one.control.value.includes("@");
    one.setError(empty ? t("signIn.missing") : mail ? t("signIn.noAddress") : "");
    return empty || mail;
  });
  wrong[0]?.control.focus();
  return !wrong.length;
}

function blame(error, fields, notice) {
  const names = BLAMED[error.code] ?? [];
  const guilty = fields.filter((one) => names.includes(one.name));
  if (!guilty.length) {
    say(notice, words(error));
    fields.find((one) => one.name === "password")?.control.select();
    return;
  }
  for (const one of guilty) one.setError(words(error));
  guilty[0].control.focus();
}

/** In the page's language where there is one for it, else in Cognito's own. */
function words(error) {
  const key = `signIn.problem.${error.code}`;
  if (has(key)) return t(key);
  return error.message || t("signIn.problem.Unreachable");
}

function say(notice, text) {
  fill(
    notice,
    h("div", { class: "notice", dataset: { kind: "bad" } }, icon("alert"), h("p", null, text)),
  );
}

/** What hangs beside the door: a strip of film before its first picture. */
function screen() {
  return h(
    "div",
    { class: "door-screen" },
    h("div", { class: "door-beam", "aria-hidden": true }),
    h(
      "div",
      { class: "door-strip", "aria-hidden": true },
      perforation("down"),
      h(
        "div",
        { class: "door-frames" },
        [3, 2, 1].map((n) => h("div", { class: "door-frame" }, countdown(n))),
      ),
      perforation("down"),
    ),
    h("p", { class: "door-motto" }, t("signIn.motto1"), h("em", null, t("signIn.motto2"))),
  );
}
