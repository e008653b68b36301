import { h } from "../app/dom.js";
import { t } from "../app/i18n.js";
import "../elements/queue-gauge.js";

/** How busy the house is. @returns {{element: Element, title: string}} */
export function view({ app }) {
  const gauge = h("queue-gauge");
  gauge.client = { api: app.api };
  const element = h(
    "section",
    { class: "queue stack", "aria-labelledby": "queue-title" },
    h("header", { class: "page-head" }, h("div", null, h("h1", { id: "queue-title" }, t("queue.title")), h("p", null, t("queue.lead")))),
    gauge,
    h("p", { class: "queue-rules" }, t("queue.rules")),
  );
  return { element, title: t("queue.title") };
}
