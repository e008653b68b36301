import { fill, h } from "../app/dom.js";
import { duration, number, time } from "../app/format.js";
import { t } from "../app/i18n.js";
import { whileVisible } from "../cloud/while-visible.js";
import { mood, strip } from "../domain/queue-load.js";

const EVERY_MS = 10_000;

/**
 * <queue-gauge>: how busy the system is, from the public queue status, asked for every ten seconds
 * while somebody can see it. Property `client` is {api}; nobody has to be signed in.
 */
export class QueueGauge extends HTMLElement {
  client = null;

  #stop = null;
  #leaving = null;
  #parts = null;
  #mood = null;

  connectedCallback() {
    this.#parts ??= this.#build();
    this.#leaving = new AbortController();
    this.#stop = whileVisible(() => this.#refresh(), EVERY_MS);
  }

  disconnectedCallback() {
    this.#stop?.();
    this.#leaving?.abort();
  }

  #build() {
    const said = h("p", { class: "queue-mood", role: "status" }, t("queue.loading"));
    const strip = h("div", { class: "queue-strip", role: "img", "aria-label": t("queue.loading") });
    const facts = h("dl", { class: "queue-facts" });
    const note = h("p", { class: "queue-note" });
    fill(this, said, strip, facts, note);
    return { said, strip, facts, note };
  }

  async #refresh() {
    const { note } = this.#parts;
    const { signal } = this.#leaving;
    try {
      this.#show(await this.client.api.request("GET", "/api/v1/videos/queue-status", { signal, signed: false }));
    } catch (problem) {
      if (!signal.aborted) fill(note, t("queue.failed"), " ", problem.message);
    }
  }

  #show(status) {
    const parts = this.#parts;
    const { frames, more } = strip(status);
    // Said aloud when it turns, not with each number.
    const now = mood(status);
    if (now !== this.#mood) fill(parts.said, t(`queue.mood.${now}`));
    this.#mood = now;
    parts.strip.setAttribute("aria-label", t("queue.strip", {
      running: number(status.processingCount), waiting: number(status.queuedCount),
    }));
    fill(
      parts.strip,
      frames.map((kind) => h("span", { class: "queue-frame", dataset: { kind } })),
      more > 0 && h("span", { class: "queue-more" }, t("queue.more", { n: number(more) })),
    );
    fill(
      parts.facts,
      fact(t("queue.running"), number(status.processingCount)),
      fact(t("queue.waiting"), number(status.queuedCount)),
      fact(t("queue.wait"), status.averageWaitMinutes > 0 ? duration(status.averageWaitMinutes * 60) : t("queue.none")),
    );
    fill(parts.note, t("queue.updated", { time: time(status.lastUpdate) }));
  }
}

function fact(name, value) {
  return h("div", null, h("dt", null, name), h("dd", null, value));
}

customElements.define("queue-gauge", QueueGauge);
