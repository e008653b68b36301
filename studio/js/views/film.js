/** One film: how it comes along while it is made, and the film itself when it is. */

import { ask } from "../app/ask.js";
import { fill, h } from "../app/dom.js";
import { number } from "../app/format.js";
import { icon } from "../app/icons.js";
import { t } from "../app/i18n.js";
import { toast } from "../app/toast.js";
import { whileVisible } from "../cloud/while-visible.js";
import { finished } from "../domain/film.js";
import "../elements/workflow-visualizer.js";
import { failure } from "./film/failure.js";
import { head } from "./film/head.js";
import { result } from "./film/result.js";

const FRESH = 50 * 60_000; // milliseconds; signed addresses open for an hour
const LOOK = 60_000; // milliseconds between two looks at how old they are

export function view({ params, app }) {
  const path = `/api/v1/videos/${encodeURIComponent(params.id)}`;
  const leaving = new AbortController();
  const top = h("div", { class: "film-head" });
  const stage = h("div", { class: "film-stage" });
  const visualizer = h("workflow-visualizer", { "job-id": params.id });
  const summary = h("summary", null, t("film.howMade"));
  const making = h("details", { class: "making", open: true, hidden: true }, summary, visualizer);
  const element = h("div", { class: "film" }, top, stage, making);
  let details = null;
  let asked = 0; // when, in milliseconds since 1970
  let shown = ""; // the status that is on the page
  let finishedFilm = null;

  visualizer.addEventListener("film", ({ detail: { film } }) => {
    if (details && film.status !== shown && !finished(film)) draw({ ...details, status: film.status });
  });
  // What came of it is in its record: the addresses, the report, what was given back.
  visualizer.addEventListener("film-end", ({ detail: { film } }) => {
    if (film.status !== shown || film.status === "FAILED") load();
    app.refreshAccount();
  });
  element.addEventListener("film-stale", () => load({ stale: true }));

  fill(top, h("h1", { class: "visually-hidden" }, t("film.loading")));
  fill(stage, skeleton());
  load();
  const stopRenewing = whileVisible(renew, LOOK);
  return { element, title: t("film.title"), leave };

  function leave() {
    leaving.abort();
    stopRenewing();
  }

  async function record() {
    const now = Date.now();
    const told = await app.api.request("GET", path, { signal: leaving.signal });
    asked = now;
    return told;
  }

  /** So that a click on a download finds an address that opens. What fails is tried again soon. */
  async function renew() {
    if (details?.status === "COMPLETED" && Date.now() - asked > FRESH) draw(await record());
  }

  async function load({ stale = false } = {}) {
    try {
      draw(await record());
      if (stale) finishedFilm?.play(details);
    } catch (problem) {
      if (leaving.signal.aborted) return;
      if (details) toast(problem.message, { kind: "bad" });
      else missing(problem);
    }
  }

  function draw(next) {
    details = next;
    visualizer.details = details;
    visualizer.client ??= { api: app.api, live: app.live };
    making.hidden = false;
    app.setTitle(details.title || details.prompt);
    head(top, details, { favorite, cancel, retry, remove });
    if (details.status === shown && details.status !== "FAILED") {
      finishedFilm?.renew(details);
      return;
    }
    const first = shown === "";
    shown = details.status;
    const done = details.status === "COMPLETED";
    // Open while there is something to see; afterwards the film comes first.
    if (done || first) making.open = !done;
    making.classList.toggle("done", done);
    if (done) {
      finishedFilm = result(details);
      fill(stage, finishedFilm.nodes);
    } else if (details.status === "FAILED") fill(stage, failure(details, { retry }));
    else if (details.status === "CANCELLED") fill(stage, stopped(details));
    else fill(stage);
  }

  function missing(problem) {
    const gone = problem.status === 404 || problem.status === 422;
    const title = t(gone ? "film.notFound" : "film.broken");
    app.setTitle(title);
    fill(top);
    fill(
      stage,
      h(
        "div",
        { class: "empty", role: "alert" },
        icon("film"),
        h("h1", null, title),
        h("p", null, gone ? t("film.notFoundText") : problem.message),
        gone
          ? h("a", { class: "button", href: "#/films" }, t("film.back"))
          : h("button", { type: "button", class: "button", onclick: () => load() }, t("problem.again")),
      ),
    );
  }

  async function act(button, work) {
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (problem) {
      toast(problem.message, { kind: "bad" });
      // What was on the page is not what is: somebody else was faster.
      if (problem.status === 409) load();
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  function favorite(button) {
    return act(button, async () => {
      const method = details.isFavorite ? "DELETE" : "POST";
      const { isFavorite } = await app.api.request(method, `${path}/favorite`, { safe: true });
      details = { ...details, isFavorite };
      button.setAttribute("aria-pressed", String(isFavorite));
    });
  }

  async function cancel(button) {
    const words = {
      title: t("film.cancelTitle"),
      text: t("film.cancelText"),
      yes: t("film.cancelYes"),
      no: t("film.cancelNo"),
    };
    if (!(await ask(words))) return;
    await act(button, async () => {
      const { tokensRefunded: count } = await app.api.request("POST", `${path}/cancel`);
      toast(t("film.cancelled", { count, n: number(count) }));
      app.refreshAccount();
      load();
    });
  }

  function retry(button) {
    // One key for one failure: a lost answer does not begin it twice.
    const idempotencyKey = `retry-${details.id}-${details.completedAt ?? ""}`.slice(0, 128);
    return act(button, async () => {
      await app.api.request("POST", `${path}/retry`, { idempotencyKey });
      toast(t("film.retried"), { kind: "good" });
      app.refreshAccount();
      load();
    });
  }

  async function remove(button) {
    const words = {
      title: t("film.deleteTitle"),
      text: t("film.deleteText"),
      yes: t("film.deleteYes"),
      no: t("film.deleteNo"),
    };
    if (!(await ask(words))) return;
    await act(button, async () => {
      await app.api.request("DELETE", path);
      app.refreshAccount();
      toast(t("film.deleted"));
      if (!leaving.signal.aborted) app.navigate("#/films");
    });
  }
}

function stopped(details) {
  const count = details.tokensRefunded;
  return h(
    "div",
    { class: "notice" },
    icon("info"),
    h("strong", null, t("film.wasCancelled")),
    count > 0 && h("p", null, t("film.refunded", { count, n: number(count) })),
    h("p", null, h("a", { href: "#/" }, t("film.again"))),
  );
}

function skeleton() {
  return [
    h("div", { class: "skeleton film-skeleton-title" }),
    h("div", { class: "skeleton film-skeleton-strip" }),
  ];
}
