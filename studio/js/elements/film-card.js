import { fill, h } from "../app/dom.js";
import { duration, percent, relative, dateTime } from "../app/format.js";
import { icon } from "../app/icons.js";
import { t } from "../app/i18n.js";
import { hasEnded, tint } from "../domain/film-page.js";

/**
 * <film-card>: one film of a library. Property `film` is a row of `GET /api/v1/videos/user`; setting
 * it again changes only what differs, so that focus and pictures stay. The heart sends `favorite`.
 */
export class FilmCard extends HTMLElement {
  #film = null;
  #parts = null;

  get film() {
    return this.#film;
  }

  set film(film) {
    this.#film = film;
    if (this.isConnected) this.#show();
  }

  connectedCallback() {
    if (this.#film) this.#show();
  }

  #show() {
    this.#parts ??= this.#build();
    const { frame, badge, meter, heart, heartText, link } = this.#parts;
    const { status, progressPercentage, prompt, isFavorite } = this.#film;
    this.dataset.status = status;
    this.#picture(frame);
    badge.dataset.status = status;
    fill(badge, t(`status.${status}`));
    meter.hidden = hasEnded(status);
    meter.value = progressPercentage;
    meter.setAttribute("aria-label", t("card.progress"));
    meter.setAttribute("aria-valuetext", percent(progressPercentage));
    fill(link, prompt);
    heart.setAttribute("aria-pressed", String(isFavorite));
    fill(heartText, t("card.favorite", { film: shortened(prompt) }));
  }

  #build() {
    const { id, durationSeconds, quality, createdAt } = this.#film;
    const frame = h("div", { class: "film-card-frame", dataset: { tint: tint(id) }, "aria-hidden": true });
    const badge = h("span", { class: "badge" });
    const meter = h("progress", { class: "film-card-progress", max: 100 });
    const link = h("a", { href: `#/films/${encodeURIComponent(id)}` });
    const heartText = h("span", { class: "visually-hidden" });
    const toggle = () => this.dispatchEvent(new CustomEvent("favorite", { bubbles: true }));
    const heart = h("button", { type: "button", class: "film-card-heart", onclick: toggle }, icon("heart"), heartText);
    const facts = [
      h("span", null, duration(durationSeconds)),
      h("span", null, t(`card.quality.${quality}`)),
      h("time", { datetime: createdAt, title: dateTime(createdAt) }, relative(createdAt)),
    ];
    fill(
      this,
      h(
        "article",
        { class: "film-card" },
        frame,
        h("div", { class: "film-card-words" }, badge, h("h2", { class: "film-card-title" }, link), h("p", { class: "film-card-facts" }, facts)),
        meter,
        heart,
      ),
    );
    return { frame, badge, meter, heart, heartText, link };
  }

  /** The film's own picture, or a frame of leader that says how far it is. */
  #picture(frame) {
    const { thumbnailUrl, status, progressPercentage } = this.#film;
    // Signed addresses differ each time; the picture behind them does not.
    const wanted = thumbnailUrl ? thumbnailUrl.split("?", 1)[0] : `${status} ${progressPercentage}`;
    if (frame.dataset.shows === wanted) return;
    frame.dataset.shows = wanted;
    if (!thumbnailUrl) {
      fill(frame, leader(status, progressPercentage));
      return;
    }
    const picture = h("img", { src: thumbnailUrl, alt: "", loading: "lazy", decoding: "async" });
    picture.addEventListener("error", () => fill(frame, leader(status, progressPercentage)), { once: true });
    fill(frame, picture);
  }
}

function leader(status, percentage) {
  const number = status === "PROCESSING" ? String(Math.round(percentage)) : "";
  const sign = { QUEUED: "clock", FAILED: "alert", CANCELLED: "close", COMPLETED: "film" }[status];
  return h("div", { class: "leader", dataset: { status } }, h("span", { class: "leader-sweep" }), h("span", { class: "leader-number" }, number || icon(sign)));
}

function shortened(text) {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

customElements.define("film-card", FilmCard);
