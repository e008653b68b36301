import { fill, h } from "../app/dom.js";
import { duration, number } from "../app/format.js";
import { icon } from "../app/icons.js";
import { has, t } from "../app/i18n.js";
import "../elements/companion-shelf.js";
import "../elements/ledger-table.js";
import "../elements/secret-field.js";

/**
 * Plan, tokens and their ledger, companions, and the secret of callbacks.
 * @returns {{element: Element, title: string, leave: () => void}}
 */
export function view({ app }) {
  const leaving = new AbortController();
  const client = { api: app.api };
  const summary = h("div", { class: "account-summary", "aria-live": "polite" });
  const part = (name, tag) => {
    const element = h(tag);
    element.client = client;
    return section(name, element);
  };

  async function load() {
    fill(summary, h("div", { class: "ticket", "aria-hidden": true }, h("span", { class: "skeleton" }), h("span", { class: "skeleton" })));
    try {
      const account = await app.api.request("GET", "/api/v1/account", { signal: leaving.signal });
      fill(summary, ticket(account), purse(account));
      if (app.account) app.account.value = account; // the number in the bar
    } catch (problem) {
      if (leaving.signal.aborted) return;
      fill(
        summary,
        h("div", { class: "empty" }, h("p", null, t("account.failed"), " ", problem.message),
          h("button", { type: "button", class: "button", onclick: load }, icon("refresh"), t("account.again"))),
      );
    }
  }

  load();
  const element = h(
    "section",
    { class: "account stack", "aria-labelledby": "account-title" },
    h(
      "header",
      { class: "page-head" },
      h("div", null, h("h1", { id: "account-title" }, t("account.title")), h("p", { class: "account-who" }, app.session.user.value?.email ?? "")),
    ),
    summary,
    part("ledger", "ledger-table"),
    part("companions", "companion-shelf"),
    part("webhooks", "secret-field"),
  );
  return { element, title: t("account.title"), leave: () => leaving.abort() };
}

function section(name, content) {
  const id = `account-${name}`;
  return h(
    "section",
    { class: `account-part account-${name}-part`, "aria-labelledby": id },
    h("div", { class: "account-part-head" }, h("h2", { id }, t(`account.${name}`)), h("p", null, t(`account.${name}.text`))),
    content,
  );
}

/** The plan as a ticket: what it lets in, in words. */
function ticket({ plan, admin, limits, runningJobs }) {
  const { maxDurationSeconds, maxQuality, concurrentJobs, priority } = limits;
  const quality = has(`account.quality.${maxQuality}`) ? t(`account.quality.${maxQuality}`) : maxQuality;
  const place = has(`account.priority.${priority}`) ? t(`account.priority.${priority}`) : t("account.priority", { n: number(priority) });
  const lines = [
    t("account.limit.duration", { duration: duration(maxDurationSeconds) }),
    t("account.limit.quality", { quality }),
    t("account.limit.jobs", { count: concurrentJobs, n: number(concurrentJobs) }),
    place,
  ];
  return h(
    "section",
    { class: "ticket", "aria-labelledby": "plan-name" },
    h("p", { class: "ticket-kind" }, t("account.plan"), admin && h("span", { class: "ticket-admin" }, t("account.admin"))),
    h("h2", { class: "ticket-name", id: "plan-name" }, planName(plan)),
    h("ul", { class: "ticket-lines" }, lines.map((line) => h("li", null, line))),
    h("p", { class: "ticket-stub" }, t("account.running"), h("strong", null, t("account.running.of", { n: number(runningJobs), most: number(concurrentJobs) }))),
  );
}

function planName(plan) {
  return has(`account.plan.${plan}`) ? t(`account.plan.${plan}`) : plan;
}

function purse({ balance, reserved }) {
  return h(
    "section",
    { class: "purse", "aria-labelledby": "purse-name" },
    h("h2", { class: "purse-kind", id: "purse-name" }, t("account.tokens")),
    h("p", { class: "purse-balance" }, h("strong", null, number(balance)), " ", t("account.tokens.left", { count: balance })),
    h("p", { class: "purse-reserved" }, reserved > 0 ? t("account.reserved", { count: reserved, n: number(reserved) }) : t("account.reserved.none")),
    h("a", { class: "button primary", href: "#/" }, t("account.spend")),
  );
}
