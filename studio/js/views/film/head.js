/** The title of a film, what it is doing, and what can be done with it. */

import { fill, h } from "../../app/dom.js";
import { dateTime, duration, tokens } from "../../app/format.js";
import { icon } from "../../app/icons.js";
import { t } from "../../app/i18n.js";

/** Draw it again only where something has changed: the focus on a button stays. */
export function head(element, details, actions) {
  const { status, title, prompt, isFavorite, storageUrl } = details;
  const { lang } = document.documentElement;
  const key = [status, title, prompt, isFavorite, Boolean(storageUrl), lang].join("\n");
  if (element.dataset.key === key) {
    // Its address is signed anew in each answer.
    element.querySelector("a[download]")?.setAttribute("href", storageUrl);
    return;
  }
  element.dataset.key = key;
  const open = status === "QUEUED" || status === "PROCESSING";
  const focused = element.contains(document.activeElement) && document.activeElement.tagName === "H1";
  const name = title || prompt;
  const heading = h("h1", { class: name.length > 60 ? "long" : null, tabindex: "-1" }, name);
  fill(
    element,
    h(
      "div",
      { class: "film-name" },
      h("a", { class: "film-back", href: "#/films" }, icon("back"), t("film.back")),
      heading,
      h(
        "p",
        { class: "cluster film-meta" },
        h("span", { class: "badge", dataset: { status } }, t(`status.${status}`)),
        h("span", null, duration(details.durationSeconds)),
        h("span", null, t(`quality.${details.quality}`)),
        h("span", null, tokens(details.tokensCost)),
        h("time", { datetime: details.createdAt }, dateTime(details.createdAt)),
      ),
    ),
    h(
      "div",
      { class: "cluster film-actions" },
      storageUrl && download(details),
      status === "COMPLETED" && favorite(isFavorite, actions),
      open && button("film.cancel", "close", "button", actions.cancel),
      button("film.delete", "trash", "button quiet", actions.remove),
    ),
  );
  if (focused) heading.focus({ preventScroll: true });
}

function button(key, sign, looks, act) {
  const element = h("button", { type: "button", class: looks }, icon(sign), t(key));
  element.addEventListener("click", () => act(element));
  return element;
}

function favorite(on, actions) {
  const element = button("film.favorite", "heart", "button favorite", actions.favorite);
  element.setAttribute("aria-pressed", String(on));
  return element;
}

function download(details) {
  // The attribute counts only on the page's own host; elsewhere the browser plays it.
  return h(
    "a",
    {
      class: "button primary",
      href: details.storageUrl,
      download: `${details.title || details.id}.mp4`,
      target: "_blank",
      rel: "noopener",
    },
    icon("download"),
    t("film.download"),
  );
}
