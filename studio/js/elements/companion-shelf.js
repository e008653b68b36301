import { ask } from "../app/ask.js";
import { fill, h } from "../app/dom.js";
import { icon } from "../app/icons.js";
import { t } from "../app/i18n.js";
import { toast } from "../app/toast.js";
import { AVATAR_TYPES, Companions, MOST_AVATAR_BYTES } from "../cloud/companions.js";

const VOICES = ["", "female", "male"];

/** <companion-shelf>: who plays in one's films: see, add, change, delete. Property `client` is {api}. */
export class CompanionShelf extends HTMLElement {
  client = null;

  #companions = null;
  #editing = null;
  #newId = null;
  #leaving = null;
  #parts = null;

  connectedCallback() {
    this.#companions ??= new Companions(this.client.api);
    this.#parts ??= this.#build();
    this.#leaving = new AbortController();
    this.#load();
  }

  disconnectedCallback() {
    this.#leaving?.abort();
  }

  #build() {
    const items = h("ul", { class: "companions", role: "list" });
    const note = h("p", { class: "companions-note", role: "status" });
    const name = h("input", { type: "text", id: "companion-name", required: true, maxlength: 60, autocomplete: "off" });
    const voice = h("select", { id: "companion-voice" }, VOICES.map((value) => h("option", { value }, t(`companions.voice.${value || "any"}`))));
    const avatar = h("input", { type: "file", id: "companion-avatar", accept: AVATAR_TYPES.join(","), "aria-describedby": "companion-avatar-hint" });
    const error = h("p", { class: "field-error", role: "alert" });
    const heading = h("h3", null, t("companions.new"));
    const save = h("button", { type: "submit", class: "button primary" }, t("companions.save"));
    const stop = h("button", { type: "button", class: "button quiet", hidden: true, onclick: () => this.#edit(null) }, t("companions.stop"));
    const form = h(
      "form",
      { class: "companion-form", novalidate: true, onsubmit: (event) => (event.preventDefault(), this.#save()) },
      heading,
      field("companion-name", t("companions.name"), name),
      field("companion-voice", t("companions.voice"), voice),
      field("companion-avatar", t("companions.avatar"), avatar, h("span", { class: "field-hint", id: "companion-avatar-hint" }, t("companions.avatar.hint"))),
      error,
      h("div", { class: "cluster" }, save, stop),
    );
    fill(this, items, note, form);
    return { items, note, form, heading, name, voice, avatar, error, save, stop };
  }

  async #load() {
    const { items, note } = this.#parts;
    try {
      const found = await this.#companions.list(this.#leaving.signal);
      fill(items, found.map((companion) => this.#item(companion)));
      fill(note, found.length === 0 ? t("companions.none") : null);
    } catch (problem) {
      if (!this.#leaving.signal.aborted) fill(note, t("companions.failed"), " ", problem.message);
    }
  }

  #item(companion) {
    const { name, voice, avatarUrl } = companion;
    const face = avatarUrl ? h("img", { src: avatarUrl, alt: "" }) : h("span", { "aria-hidden": true }, [...name][0] ?? "?");
    const voiced = VOICES.includes(voice ?? "") ? t(`companions.voice.${voice || "any"}`) : voice;
    return h(
      "li",
      { class: "companion" },
      h("span", { class: "companion-face" }, face),
      h("span", { class: "companion-words" }, h("strong", null, name), h("span", null, voiced)),
      h("button", { type: "button", class: "button quiet", "aria-label": t("companions.change.named", { name }), onclick: () => this.#edit(companion) }, t("companions.change")),
      h("button", { type: "button", class: "button quiet", "aria-label": t("companions.delete.named", { name }), onclick: () => this.#remove(companion) }, icon("trash")),
    );
  }

  #edit(companion) {
    const { heading, name, voice, avatar, error, stop } = this.#parts;
    this.#editing = companion;
    fill(heading, companion ? t("companions.change.named", { name: companion.name }) : t("companions.new"));
    name.value = companion?.name ?? "";
    voice.value = VOICES.includes(companion?.voice ?? "") ? (companion?.voice ?? "") : "";
    avatar.value = "";
    stop.hidden = !companion;
    this.#refuse(null);
    fill(error);
    if (companion) name.focus();
  }

  async #save() {
    const { name, voice, avatar, save } = this.#parts;
    const file = avatar.files[0] ?? null;
    if (!name.value.trim()) return this.#refuse(name, t("companions.name.missing"));
    if (file && !AVATAR_TYPES.includes(file.type)) return this.#refuse(avatar, t("companions.avatar.kind"));
    if (file && file.size > MOST_AVATAR_BYTES) return this.#refuse(avatar, t("companions.avatar.size"));
    this.#refuse(null);
    save.disabled = true;
    save.setAttribute("aria-busy", "true");
    try {
      // Kept until it is saved: whoever tries again after a lost answer makes no second one.
      this.#newId ??= crypto.randomUUID();
      const wanted = { id: this.#editing?.id ?? this.#newId, name: name.value.trim(), voice: voice.value || this.#foreignVoice(), avatar: file };
      const saved = await this.#companions.save(wanted, this.#leaving.signal);
      if (saved.id === this.#newId) this.#newId = null;
      toast(t("companions.saved", { name: saved.name }), { kind: "good" });
      this.#edit(null);
      await this.#load();
    } catch (problem) {
      if (!this.#leaving.signal.aborted) this.#refused(problem);
    }
    save.disabled = false;
    save.removeAttribute("aria-busy");
    return undefined;
  }

  /** A provider's own voice, which the list does not offer, stays until another one is chosen. */
  #foreignVoice() {
    const voice = this.#editing?.voice ?? "";
    return VOICES.includes(voice) ? "" : voice;
  }

  #refused(problem) {
    const { name, voice, avatar } = this.#parts;
    const [first] = problem.errors ?? [];
    const fields = { name, voice, avatarUpload: avatar };
    const text = problem.message === "avatar" ? t("companions.avatar.notSent") : (first?.message ?? problem.message);
    this.#refuse(fields[first?.field] ?? name, text);
  }

  #refuse(input, text = null) {
    const { name, voice, avatar, error } = this.#parts;
    for (const each of [name, voice, avatar]) each.removeAttribute("aria-invalid");
    fill(error, text);
    input?.setAttribute("aria-invalid", "true");
    input?.focus();
  }

  async #remove({ id, name }) {
    const words = Object.fromEntries(["title", "text", "yes", "no"].map((key) => [key, t(`companions.ask.${key}`, { name })]));
    if (!(await ask(words))) return;
    try {
      await this.#companions.remove(id, this.#leaving.signal);
      if (this.#editing?.id === id) this.#edit(null);
      await this.#load();
      this.#parts.name.focus();
    } catch (problem) {
      if (!this.#leaving.signal.aborted) toast(problem.message, { kind: "bad" });
    }
  }
}

function field(id, text, input, hint = null) {
  return h("div", { class: "field" }, h("label", { for: id }, text), input, hint);
}

customElements.define("companion-shelf", CompanionShelf);
