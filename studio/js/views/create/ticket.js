/** What the film would cost and how long it would wait, on a ticket; and the button. */

import { fill, h } from "../../app/dom.js";
import { duration, number } from "../../app/format.js";
import { icon } from "../../app/icons.js";
import { t } from "../../app/i18n.js";
import { priceBody } from "../../domain/wish.js";

const TYPING = 300; // milliseconds after the last change before the price is asked for

/**
 * @param {object} app
 * @returns {{element: Element, update: (wish: object) => void, setBusy: (busy: boolean) => void,
 *   setNotice: (node: Node|null) => void, stop: () => void}}
 */
export function ticket(app, onRefused) {
  const price = h("p", { class: "fare-price numbers" });
  const facts = h("dl", { class: "fare-facts" });
  const note = h("div", { class: "fare-note" });
  const notice = h("div", { class: "fare-notice", role: "alert" });
  const button = h("button", { type: "submit", class: "button primary fare-button" });
  const words = h("span", null, t("create.make"));
  fill(button, icon("film"), words);
  const element = h(
    "aside",
    { class: "fare", "aria-label": t("create.ticket") },
    h(
      "div",
      { class: "fare-stub" },
      h("p", { class: "overline" }, t("create.ticketTitle")),
      // Read out when it has settled, not at each step of the slider.
      h("div", { "aria-live": "polite", "aria-atomic": true }, price),
    ),
    h("div", { class: "fare-body" }, facts, note, notice, button),
  );

  let timer = null;
  let request = null;
  let asked = "";
  let quote = null;
  draw();

  async function ask(wish) {
    request?.abort();
    const mine = (request = new AbortController());
    element.setAttribute("aria-busy", "true");
    try {
      const json = priceBody(wish, wish.prompt.trim().slice(0, 2000) || t("create.example1"));
      const options = { json, safe: true, signal: mine.signal };
      quote = await app.api.request("POST", "/api/v1/videos/quote", options);
      onRefused(null);
    } catch (problem) {
      if (mine.signal.aborted) return;
      quote = null;
      asked = ""; // the same may be asked again
      onRefused(problem);
    }
    element.removeAttribute("aria-busy");
    draw(quote ? "" : "none");
  }

  function draw(state = "") {
    if (!quote) {
      const text = state === "none" ? t("create.noPrice") : "···";
      fill(price, h("span", { class: state === "none" ? "fare-none" : "soft" }, text));
      fill(facts);
      fill(note);
      return;
    }
    fill(
      price,
      h("b", null, number(quote.tokensCost)),
      " ",
      h("span", null, t("shell.tokens", { count: quote.tokensCost })),
    );
    fill(
      facts,
      fact(t("create.wait"), wait(quote.estimatedWaitMinutes)),
      fact(t("create.balance"), number(quote.balance)),
      fact(t("create.left"), number(Math.max(0, quote.balance - quote.tokensCost))),
    );
    const missing = quote.tokensCost - quote.balance;
    const short =
      !quote.sufficient &&
      h(
        "p",
        { class: "notice", dataset: { kind: "bad" } },
        icon("alert"),
        h("span", null, t("create.short", { count: missing, n: number(missing) })),
      );
    fill(note, short);
  }

  return {
    element,
    button,
    update(wish) {
      const text = JSON.stringify(priceBody(wish, ""));
      if (text === asked) return;
      const first = asked === "" && quote === null;
      asked = text;
      clearTimeout(timer);
      timer = setTimeout(() => ask(wish), first ? 0 : TYPING);
    },
    setBusy(busy) {
      if (busy) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
      words.textContent = t(busy ? "create.making" : "create.make");
    },
    setNotice(node) {
      fill(notice, node);
    },
    stop() {
      clearTimeout(timer);
      request?.abort();
    },
  };
}

function fact(name, value) {
  return h("div", null, h("dt", null, name), h("dd", { class: "numbers" }, value));
}

function wait(minutes) {
  return minutes > 0 ? t("create.about", { time: duration(minutes * 60) }) : t("create.atOnce");
}
