import { fill, h } from "../app/dom.js";
import { dateTime, number, tokens } from "../app/format.js";
import { t } from "../app/i18n.js";
import { joined, movement } from "../domain/ledger.js";

const SIZE = 20;
const MINUS = "−";

/**
 * <ledger-table>: where tokens came from and went, newest first, a page more at a time. Property
 * `client` is {api}; it loads when it is put into the page.
 */
export class LedgerTable extends HTMLElement {
  client = null;

  #entries = [];
  #cursor = null;
  #loading = null;
  #parts = null;

  connectedCallback() {
    this.#parts ??= this.#build();
    this.#load();
  }

  disconnectedCallback() {
    this.#loading?.abort();
    this.#loading = null;
  }

  /** From the beginning, after something has moved tokens. */
  reload() {
    this.#entries = [];
    this.#cursor = null;
    return this.#load();
  }

  #build() {
    const rows = h("tbody");
    const more = h("button", { type: "button", class: "button quiet", hidden: true, onclick: () => this.#load() }, t("ledger.more"));
    const note = h("p", { class: "ledger-note", role: "status" });
    const heads = ["when", "what", "tokens"].map((name) =>
      h("th", { scope: "col", class: `ledger-${name}` }, t(`ledger.${name}`)),
    );
    const table = h(
      "table",
      { class: "ledger" },
      h("caption", { class: "visually-hidden" }, t("ledger.caption")),
      h("thead", null, h("tr", null, heads)),
      rows,
    );
    fill(this, h("div", { class: "ledger-scroll" }, table), note, more);
    return { rows, more, note, table };
  }

  async #load() {
    const { rows, more, note, table } = this.#parts;
    const first = this.#entries.length === 0;
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    table.setAttribute("aria-busy", "true");
    if (first) fill(rows, Array.from({ length: 4 }, waitingRow));
    more.disabled = true;
    fill(note);
    try {
      const params = { size: SIZE, cursor: this.#cursor };
      const page = await this.client.api.request("GET", "/api/v1/account/ledger", { params, signal: loading.signal });
      const shown = joined(this.#entries, page.entries);
      const added = shown.slice(this.#entries.length).map(row);
      if (first) fill(rows, added);
      else rows.append(...added);
      this.#entries = shown;
      this.#cursor = page.cursor;
      more.hidden = !page.cursor;
      if (shown.length === 0) fill(note, t("ledger.empty"));
      else if (!first) fill(note, t("ledger.shown", { count: shown.length, n: number(shown.length) }));
      if (!first && more.hidden) added[0]?.querySelector("th")?.focus();
    } catch (problem) {
      if (loading.signal.aborted) return;
      if (first) fill(rows);
      fill(note, t("ledger.failed"), " ", problem.message);
      more.hidden = false;
    }
    more.disabled = false;
    table.removeAttribute("aria-busy");
  }
}

function row(entry) {
  const { change, tone } = movement(entry);
  const kind = entry.type === "GRANT" && change < 0 ? "TAKEN" : entry.type;
  return h(
    "tr",
    { dataset: { tone } },
    h("th", { scope: "row", class: "ledger-when", tabindex: "-1" }, h("time", { datetime: entry.at }, dateTime(entry.at))),
    h(
      "td",
      { class: "ledger-what" },
      h("strong", null, t(`ledger.type.${kind}`)),
      entry.reason && h("span", { class: "ledger-reason" }, entry.reason),
      entry.jobId && h("a", { class: "ledger-film", href: `#/films/${encodeURIComponent(entry.jobId)}` }, t("ledger.film", { id: entry.jobId.slice(0, 8) })),
    ),
    h("td", { class: "ledger-tokens" }, amount(entry, change)),
  );
}

/** "−100" for eyes; a screen reader is told in words whether it went or came. */
function amount({ tokens: moved }, change) {
  if (change === null) return moved ? h("span", { class: "ledger-still" }, number(moved)) : null;
  const shown = `${change < 0 ? MINUS : "+"}${number(Math.abs(change))}`;
  const said = t(change < 0 ? "ledger.less" : "ledger.plus", { tokens: tokens(Math.abs(change)) });
  return [h("span", { "aria-hidden": true }, shown), h("span", { class: "visually-hidden" }, said)];
}

function waitingRow() {
  return h("tr", { class: "ledger-waiting", "aria-hidden": true }, h("td", { colspan: 3 }, h("span", { class: "skeleton" })));
}

customElements.define("ledger-table", LedgerTable);
