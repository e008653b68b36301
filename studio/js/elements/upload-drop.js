import { fill, h } from "../app/dom.js";
import { bytes, number, percent } from "../app/format.js";
import { icon } from "../app/icons.js";
import { t } from "../app/i18n.js";

const ACCEPTED = "video/*,.mkv,.mov,.avi,.webm,.mp4";
/** Problems whose own words say more than the server's. */
const OWN_WORDS = new Set(["empty", "changed", "connection", "gone", "signed-out"]);
/** The same file would be refused again. */
const FOR_GOOD = new Set(["empty", "too-large", "unsupported", "changed"]);

/**
 * <upload-drop>: a place to drop videos on, or to choose them by keyboard, and the list of those
 * on their way. Property `list` is an UploadList, which goes on when the element leaves the page.
 */
export class UploadDrop extends HTMLElement {
  list = null;

  #rows = new Map();
  #parts = null;
  #stops = [];
  #due = new Set();
  #frame = null;
  #deep = 0;

  connectedCallback() {
    this.#parts ??= this.#build();
    this.#stops = [
      this.list.subscribe((upload) => this.#changed(upload)),
      listening(window, "online", () => this.list.backOnline()),
    ];
    this.#arrange();
    for (const upload of this.list.uploads) this.#update(upload);
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#due.clear();
  }

  #build() {
    const input = h("input", {
      type: "file", id: "upload-files", class: "upload-input", multiple: true, accept: ACCEPTED,
      "aria-describedby": "upload-hint",
      onchange: () => {
        this.list.add([...input.files]);
        input.value = ""; // the same file may be chosen again
      },
    });
    const zone = h(
      "div",
      { class: "upload-zone" },
      h("span", { class: "upload-mark" }, icon("upload")),
      h("p", { class: "upload-invitation" }, t("uploads.drop")),
      input,
      h("label", { class: "button primary", for: "upload-files" }, t("uploads.choose")),
      h("p", { class: "upload-hint", id: "upload-hint" }, t("uploads.hint")),
    );
    this.#takesDrops(zone);
    const items = h("ul", { class: "upload-list", "aria-label": t("uploads.list") });
    const said = h("p", { class: "visually-hidden", role: "status" });
    fill(this, zone, items, said);
    return { input, items, said };
  }

  #takesDrops(zone) {
    const hover = (step) => {
      this.#deep = step === 0 ? 0 : Math.max(0, this.#deep + step);
      zone.classList.toggle("over", this.#deep > 0);
    };
    const ofFiles = (event) => event.dataTransfer?.types.includes("Files");
    zone.addEventListener("dragenter", (event) => ofFiles(event) && (event.preventDefault(), hover(1)));
    zone.addEventListener("dragover", (event) => ofFiles(event) && event.preventDefault());
    zone.addEventListener("dragleave", (event) => ofFiles(event) && hover(-1));
    zone.addEventListener("drop", (event) => {
      if (!ofFiles(event)) return;
      event.preventDefault();
      hover(0);
      this.list.add(droppedFiles(event.dataTransfer));
    });
  }

  /** Progress comes many times a second; it is shown once a frame. */
  #changed(upload) {
    if (upload === null) {
      this.#arrange();
      return;
    }
    this.#due.add(upload);
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      for (const each of this.#due) this.#update(each);
      this.#due.clear();
    });
  }

  #arrange() {
    const { items, input } = this.#parts;
    const wanted = new Set(this.list.uploads);
    for (const [upload, row] of this.#rows) {
      if (wanted.has(upload)) continue;
      if (row.item.contains(document.activeElement)) input.focus();
      row.item.remove();
      this.#rows.delete(upload);
    }
    for (const upload of this.list.uploads) {
      if (this.#rows.has(upload)) continue;
      const row = this.#row(upload);
      this.#rows.set(upload, row);
      items.append(row.item);
      this.#update(upload);
    }
  }

  #row(upload) {
    const name = upload.file.name;
    const bar = h("progress", { max: upload.total || 1, "aria-label": t("uploads.progress", { file: name }) });
    const state = h("span", { class: "upload-state" });
    const size = h("span", { class: "upload-size" });
    const problem = h("p", { class: "upload-problem" });
    const button = (key, sign, onclick) =>
      h("button", { type: "button", class: "button quiet", onclick }, icon(sign), h("span", null, t(`uploads.${key}`)), h("span", { class: "visually-hidden" }, name));
    const buttons = {
      pause: button("pause", "pause", () => upload.pause()),
      resume: button("resume", "play", () => upload.resume()),
      retry: button("retry", "refresh", () => upload.resume()),
      cancel: button("cancel", "close", () => upload.cancel()),
      remove: button("remove", "close", () => this.list.remove(upload)),
    };
    const item = h(
      "li",
      { class: "upload-row" },
      h("div", { class: "upload-name" }, h("strong", null, name), h("p", { class: "upload-facts" }, state, size)),
      bar,
      problem,
      h("div", { class: "upload-buttons" }, Object.values(buttons)),
    );
    return { item, bar, state, size, problem, buttons, last: null };
  }

  #update(upload) {
    const row = this.#rows.get(upload);
    if (!row) return;
    const { state, sent, total } = upload;
    row.bar.value = state === "done" ? row.bar.max : sent;
    row.bar.setAttribute("aria-valuetext", percent(total ? (100 * sent) / total : 0));
    fill(row.size, state === "done" ? bytes(total) : t("uploads.sent", { sent: bytes(sent), total: bytes(total) }));
    if (row.last === state) return;
    row.last = state;
    row.item.dataset.state = state;
    fill(row.state, t(`uploads.state.${state}`));
    fill(row.problem, upload.problem ? wordsOf(upload.problem) : null);
    this.#offer(row, {
      pause: upload.canPause,
      resume: state === "paused",
      retry: state === "failed" && !FOR_GOOD.has(upload.problem.kind),
      cancel: upload.canCancel && state !== "failed",
      remove: ["done", "cancelled", "failed"].includes(state),
    });
    const spoken = ["done", "failed"].includes(state) || (state === "paused" && upload.problem);
    if (spoken) fill(this.#parts.said, t("uploads.now", { file: upload.file.name, state: t(`uploads.state.${state}`) }));
  }

  /** A focused button that disappears hands its focus to the one that takes its place. */
  #offer({ buttons }, offered) {
    const focused = Object.entries(buttons).find(([, button]) => button === document.activeElement);
    for (const [name, button] of Object.entries(buttons)) button.hidden = !offered[name];
    if (focused && !offered[focused[0]]) Object.values(buttons).find((button) => !button.hidden)?.focus();
  }
}

/** What went wrong and what to do about it. */
function wordsOf({ kind, cause }) {
  const own = t(`uploads.problem.${kind}`);
  if (kind === "unpaid" && cause?.required !== undefined) {
    return t("uploads.problem.unpaid.numbers", { required: number(cause.required), balance: number(cause.balance ?? 0) });
  }
  const theirs = OWN_WORDS.has(kind) ? "" : (cause?.errors?.[0]?.message ?? cause?.detail ?? "");
  return theirs ? `${own} ${theirs}` : own;
}

/** Files alone: a folder that is dropped has no bytes. */
function droppedFiles(transfer) {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  return items.filter((item) => !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile()).filter(Boolean);
}

function listening(target, name, listener) {
  target.addEventListener(name, listener);
  return () => target.removeEventListener(name, listener);
}

customElements.define("upload-drop", UploadDrop);
