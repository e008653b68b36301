/** An address that leads nowhere. */

import { h } from "../app/dom.js";
import { icon } from "../app/icons.js";
import { t } from "../app/i18n.js";

export function view() {
  const title = t("unknown.title");
  const element = h(
    "div",
    { class: "empty" },
    icon("film"),
    h("h1", null, title),
    h("p", null, t("unknown.text")),
    h("a", { class: "button primary", href: "#/" }, t("unknown.back")),
  );
  return { element, title };
}
