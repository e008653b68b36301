/** What went wrong, what it cost (nothing), and what helps. */

import { h } from "../../app/dom.js";
import { number } from "../../app/format.js";
import { icon } from "../../app/icons.js";
import { has, t } from "../../app/i18n.js";

/** Codes after which the same wish would fail the same way. */
const NOT_AGAIN = new Set(["UNSUPPORTED_LANGUAGE", "SCRIPT_TOO_LONG", "PROVIDER_REJECTED"]);

export function failure(details, { retry }) {
  const { errorCode: code, errorMessage, errorPhase: phase, tokensRefunded: count } = details;
  const advice = has(`advice.${code}`) ? `advice.${code}` : "advice.default";
  const again = h(
    "button",
    { type: "button", class: "button primary", onclick: () => retry(again) },
    icon("refresh"),
    t("film.retry"),
  );
  return h(
    "section",
    { class: "failure", "aria-labelledby": "failure-title" },
    h("h2", { id: "failure-title" }, icon("alert"), t("film.failed")),
    h("p", { class: "failure-message" }, errorMessage),
    phase && h("p", null, t("film.failedIn", { phase: t(`phase.${phase}`) })),
    h("p", null, t(advice)),
    count > 0 && h("p", null, t("film.refunded", { count, n: number(count) })),
    h(
      "div",
      { class: "cluster" },
      !NOT_AGAIN.has(code) && again,
      h("a", { class: "button", href: "#/" }, t("film.again")),
    ),
    h(
      "p",
      { class: "small soft" },
      t("film.trace"),
      " ",
      h("code", null, details.traceId),
      code && [" · ", h("code", null, code)],
    ),
  );
}
