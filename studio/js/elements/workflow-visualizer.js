/**
 * `<workflow-visualizer job-id="…">`: how a film comes along, live, on any page.
 *
 * Give it `client = {api, live}` (see `connect` in js/embed.js). It tells of itself by two events that
 * bubble: `film` after each change, with `detail.film` as in js/domain/film.js, and `film-end` when
 * the film has ended. `details` may be set to what GET /api/v1/videos/{id} answered, where the page
 * has it already. Its colours and fonts are the page's custom properties (styles/tokens.css), each
 * with a value of its own where the page has none.
 */

import { fill, h } from "../app/dom.js";
import { duration, percent } from "../app/format.js";
import { icon } from "../app/icons.js";
import { locale, t } from "../app/i18n.js";
import { NOTHING, Previews } from "../cloud/previews.js";
import { apply, current, elapsed, empty, finished, fromDetails, PHASES } from "../domain/film.js";
import { adopt } from "./shadow-styles.js";
import { rushes } from "./visualizer/rushes.js";
import { playable } from "./visualizer/sources.js";
import { strip } from "./visualizer/strip.js";

const TICK = 1000; // milliseconds: the seconds go on between two events

export class WorkflowVisualizer extends HTMLElement {
  static observedAttributes = ["job-id"];

  #client = null;
  #details = null;
  #film = null; // what is shown
  #told = null; // as the log has told it so far; shown as soon as it has caught up
  #target = 0; // the seq of the moment when we came
  #parts = null;
  #following = null;
  #previews = null;
  #stops = [];
  #unwatch = null;
  #timer = null;
  #spoken = "";
  #asked = false; // the record is of our own asking

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
  }

  get jobId() {
    return this.getAttribute("job-id") ?? "";
  }

  get client() {
    return this.#client;
  }

  set client(client) {
    this.#client = client;
    this.#begin();
  }

  get details() {
    return this.#details;
  }

  set details(details) {
    this.#details = details;
    if (!details) return;
    if (!this.#film || this.#film.seq === 0) this.#film = fromDetails(details);
    this.#showPreviews();
    this.#draw();
  }

  /** The film as it is known now; null before the first answer. */
  get film() {
    return this.#film;
  }

  connectedCallback() {
    adopt(this.shadowRoot, "visualizer.css", "visualizer-strip.css");
    this.#stops.push(locale.subscribe(() => this.#build()));
    this.#build();
    this.#begin();
  }

  disconnectedCallback() {
    this.#end();
    for (const stop of this.#stops.splice(0)) stop();
  }

  attributeChangedCallback(_name, before, after) {
    if (before === after) return;
    this.#end();
    this.#film = this.#details = null;
    this.#asked = false;
    this.#spoken = "";
    // Anew, with nothing of the film before in it, nor that there was none.
    if (this.#parts) this.#build();
    this.#begin();
  }

  #begin() {
    this.#end();
    const [client, id] = [this.#client, this.jobId];
    if (!client || !id || !this.isConnected) return;
    this.#unwatch = client.live.state.subscribe(() => this.#drawState());
    this.#tick();
    this.#previews = new Previews(client.api, id, () => this.#showPreviews());
    this.#previews.poke();
    this.#told = empty(id);
    this.#target = Infinity;
    this.#following = client.live.follow(id, {
      onSnapshot: (job) => this.#caughtUp(job.seq),
      onEvent: (event) => this.#hear(event),
      onError: () => this.#missing(),
    });
    this.#drawState(); // it may have been open before we came
    this.#draw();
    if (!this.#details) this.#ask();
  }

  /** Its record, where the page does not give it. */
  async #ask() {
    const [client, id] = [this.#client, this.jobId];
    const late = () => id !== this.jobId || client !== this.#client;
    try {
      const details = await client.api.request("GET", `/api/v1/videos/${encodeURIComponent(id)}`);
      if (late()) return;
      this.details = details;
      this.#asked = true;
    } catch (problem) {
      if (problem.status === 404 && !late()) this.#missing();
      // Else the live connection tells what there is.
    }
  }

  /** The seconds go on; also of a film that was tried again. */
  #tick() {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#draw(), TICK);
  }

  #end() {
    clearInterval(this.#timer);
    this.#unwatch?.();
    this.#following?.stop();
    this.#previews?.stop();
    this.#following = this.#previews = null;
  }

  #caughtUp(seq) {
    // A log that was cut at its beginning never gets there by itself; the record is shown then.
    this.#target = seq;
    if (this.#told.seq >= seq) this.#take(this.#told);
  }

  #hear(event) {
    this.#told = apply(this.#told, event);
    if (this.#told.seq < this.#target) return;
    this.#take(this.#told);
    this.#previews?.poke();
  }

  #take(film) {
    const before = this.#film;
    if (film.seq === 0 && before) return;
    this.#film = film;
    this.#draw();
    this.#speak();
    this.dispatchEvent(new CustomEvent("film", { detail: { film }, bubbles: true, composed: true }));
    if (finished(film) && !(before && finished(before) && before.seq === film.seq)) {
      this.dispatchEvent(new CustomEvent("film-end", { detail: { film }, bubbles: true, composed: true }));
    }
    // Its poster is known now.
    if (film.status === "COMPLETED" && this.#asked) this.#ask();
    // A film that has failed may be tried again, here or elsewhere; the others are over.
    if (finished(film) && film.status !== "FAILED") this.#following?.stop();
    else if (!finished(film)) this.#tick();
  }

  #missing() {
    this.#end();
    if (this.#film) return;
    fill(this.shadowRoot, h("p", { class: "missing", role: "alert" }, t("viz.notFound")));
  }

  #build() {
    const parts = {
      figure: h("p", { class: "overall numbers" }),
      message: h("p", { class: "message" }),
      elapsed: h("p", { class: "elapsed numbers" }),
      state: h("div", { class: "state" }),
      bar: h("div", {
        class: "meter whole",
        role: "progressbar",
        "aria-label": t("viz.overall"),
        "aria-valuemin": 0,
        "aria-valuemax": 100,
        "aria-valuenow": 0,
      }),
      spoken: h("p", { class: "visually-hidden", "aria-live": "polite" }),
      strip: strip(),
      rushes: rushes(),
    };
    this.#parts = parts;
    fill(
      this.shadowRoot,
      h(
        "section",
        {
          class: "visualizer",
          "aria-label": t("viz.label"),
          "onpreview-stale": ({ detail }) => this.#renew(detail),
        },
        h(
          "header",
          null,
          parts.figure,
          h("div", { class: "words" }, parts.message, parts.elapsed),
          parts.state,
        ),
        parts.bar,
        parts.strip.element,
        parts.rushes.element,
        parts.spoken,
      ),
    );
    this.#showPreviews();
    this.#drawState();
    this.#draw();
  }

  #draw() {
    const film = this.#film;
    if (!this.#parts) return;
    const { figure, message, elapsed: passed, bar, strip: frames } = this.#parts;
    this.toggleAttribute("data-loading", !film);
    if (!film) {
      delete this.dataset.status;
      return;
    }
    const now = Date.now();
    this.dataset.status = film.status;
    figure.textContent = headline(film);
    message.textContent = subline(film);
    const seconds = elapsed(film, now);
    const words = finished(film) ? "viz.took" : "viz.elapsed";
    passed.textContent = seconds === null ? "" : t(words, { time: duration(seconds) });
    bar.setAttribute("aria-valuenow", Math.round(film.percent));
    bar.style.setProperty("--done", film.percent);
    frames.update(film, now);
    if (!finished(film)) return;
    clearInterval(this.#timer);
    this.#drawState();
  }

  #drawState() {
    if (!this.#parts) return;
    const state = this.#client?.live.state.value ?? "closed";
    const over = this.#film && finished(this.#film);
    const { state: place } = this.#parts;
    place.dataset.state = state;
    place.hidden = Boolean(over);
    fill(
      place,
      h("span", { class: "light" }, t(`viz.state.${state}`)),
      state === "waiting" &&
        h(
          "button",
          { type: "button", onclick: () => this.#client.live.reconnect() },
          icon("refresh"),
          t("viz.reconnect"),
        ),
    );
  }

  #showPreviews() {
    if (!this.#parts) return;
    const known = this.#previews?.known ?? NOTHING;
    const details = this.#details;
    const all = {
      ...known,
      title: known.title ?? details?.title ?? null,
      scenes: known.scenes.length ? known.scenes : (details?.scenes ?? []),
      chunks: known.chunks.filter(playable),
      poster: details?.posterUrl ?? null,
    };
    this.#parts.strip.show(all);
    this.#parts.rushes.show(all);
  }

  async #renew({ url, take }) {
    const fresh = await this.#previews?.fresh(url);
    if (fresh) take(fresh);
  }

  /** A phase has begun, or it is over; not each percent. */
  #speak() {
    const film = this.#film;
    const phase = current(film);
    const n = phase ? PHASES.indexOf(phase.name) + 1 : 0;
    const running = film.status === "PROCESSING" && phase;
    const text = running ? t("viz.phaseNow", { phase: t(`phase.${phase.name}`), n }) : headline(film);
    if (text === this.#spoken || film.status === "QUEUED") return;
    this.#spoken = text;
    this.#parts.spoken.textContent = text;
  }
}

function headline(film) {
  if (film.status === "COMPLETED") return t("viz.done");
  if (film.status === "FAILED") return t("viz.failed");
  if (film.status === "CANCELLED") return t("viz.cancelled");
  return percent(film.percent);
}

function subline(film) {
  if (film.status === "FAILED") return film.error?.message ?? "";
  if (film.status !== "QUEUED") return finished(film) ? "" : film.message || t("viz.waiting");
  return film.position > 0 ? t("viz.waitingAt", { n: film.position }) : t("viz.waiting");
}

if (!customElements.get("workflow-visualizer")) {
  customElements.define("workflow-visualizer", WorkflowVisualizer);
}
