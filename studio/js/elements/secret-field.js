import { fill, h } from "../app/dom.js";
import { ask } from "../app/ask.js";
import { dateTime } from "../app/format.js";
import { t } from "../app/i18n.js";
import { toast } from "../app/toast.js";

const PATH = "/api/v1/account/webhook-secret";

/**
 * <secret-field>: what callbacks to this person are signed with. It is fetched when it is to be
 * shown (the API makes it then), and gone from the page when it is hidden. Property `client` is {api}.
 */
export class SecretField extends HTMLElement {
  client = null;

  #secret = null;
  #rotation = null; // the Idempotency-Key of one that has not been answered
  #leaving = null;
  #parts = null;

  connectedCallback() {
    this.#parts ??= this.#build();
    this.#leaving = new AbortController();
    this.#show(null);
  }

  disconnectedCallback() {
    this.#leaving?.abort();
    this.#show(null);
  }

  #build() {
    const button = (key, onclick, kind = "button quiet") =>
      h("button", { type: "button", class: kind, onclick: () => this.#during(onclick) }, t(`secret.${key}`));
    const field = h("input", { type: "text", id: "webhook-secret", class: "secret-text", readonly: true, autocomplete: "off", spellcheck: "false" });
    const box = h("div", { class: "field secret-box" }, h("label", { for: "webhook-secret" }, t("secret.label")), field);
    const note = h("p", { class: "secret-note", role: "status" });
    const buttons = {
      show: button("show", () => this.#fetch(), "button"),
      copy: button("copy", () => this.#copy()),
      hide: button("hide", async () => this.#show(null)),
      rotate: button("rotate", () => this.#rotate(), "button quiet danger"),
    };
    fill(this, box, note, h("div", { class: "cluster" }, Object.values(buttons)));
    return { field, box, note, buttons };
  }

  #show(found) {
    const { field, box, note, buttons } = this.#parts;
    this.#secret = found?.secret ?? null;
    field.value = this.#secret ?? "";
    const shown = this.#secret !== null;
    const focused = Object.values(buttons).find((button) => button === document.activeElement);
    box.hidden = !shown;
    buttons.show.hidden = shown;
    for (const name of ["copy", "hide", "rotate"]) buttons[name].hidden = !shown;
    if (focused?.hidden) (shown ? field : buttons.show).focus();
    const lines = found && [
      t("secret.since", { time: dateTime(found.createdAt) }),
      found.previousUntil && t("secret.both", { time: dateTime(found.previousUntil) }),
    ];
    fill(note, lines ? lines.filter(Boolean).join(" ") : null);
  }

  async #fetch() {
    this.#show(await this.client.api.request("GET", PATH, { signal: this.#leaving.signal }));
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#secret);
      toast(t("secret.copied"), { kind: "good" });
    } catch {
      // Not allowed to write there: it is marked, ready for the keyboard.
      this.#parts.field.select();
      toast(t("secret.select"));
    }
  }

  async #rotate() {
    const words = Object.fromEntries(["title", "text", "yes", "no"].map((name) => [name, t(`secret.ask.${name}`)]));
    if (!(await ask(words))) return;
    // Until there is an answer it is the same wish, however often it is clicked.
    this.#rotation ??= crypto.randomUUID();
    const found = await this.client.api.request("POST", `${PATH}/rotate`, {
      signal: this.#leaving.signal,
      idempotencyKey: this.#rotation,
    });
    this.#rotation = null;
    this.#show(found);
    toast(t("secret.rotated"), { kind: "good" });
  }

  async #during(work) {
    const { buttons, note } = this.#parts;
    for (const button of Object.values(buttons)) button.setAttribute("aria-disabled", "true");
    try {
      await work();
    } catch (problem) {
      if (!this.#leaving.signal.aborted) fill(note, t("secret.failed"), " ", problem.message);
    }
    for (const button of Object.values(buttons)) button.removeAttribute("aria-disabled");
  }
}

customElements.define("secret-field", SecretField);
