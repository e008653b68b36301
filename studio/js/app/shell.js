/** What is around every page: the bar, the ways, the state of the connection, the live regions. */

import { fill, h } from "./dom.js";
import { number } from "./format.js";
import { icon } from "./icons.js";
import { locale, LOCALES, setLocale, t } from "./i18n.js";
import { mark } from "./mark.js";
import { next, theme } from "./theme.js";

const WAYS = [
  { name: "create", hash: "#/", icon: "create" },
  { name: "library", hash: "#/films", icon: "film" },
  { name: "uploads", hash: "#/uploads", icon: "upload", feature: "uploads" },
  { name: "queue", hash: "#/queue", icon: "queue" },
  { name: "account", hash: "#/account", icon: "person" },
];
// The page of one film belongs to the films.
const BELONGS = { film: "library" };
const THEME_ICONS = { auto: "contrast", light: "sun", dark: "moon" };
const PATIENCE = 1500; // milliseconds that a lost connection may take to come back unmentioned

/**
 * @param {object} app as views get it
 * @returns {{element: Element, show: (view: object, routeName: string) => void,
 *   announce: (text: string) => void, redraw: () => void}}
 */
export function shell(app) {
  const main = h("main", { id: "main", tabindex: "-1" });
  const heard = h("div", { class: "visually-hidden", "aria-live": "polite", id: "announcer" });
  const top = h("header", { class: "bar" });
  const connection = h("div", { class: "connection", role: "status", hidden: true });
  const element = h("div", { class: "shell" }, top, connection, main, heard);
  let routeName = "";
  let grace = null;

  function redraw() {
    document.documentElement.lang = locale.value;
    const key = top.contains(document.activeElement) && document.activeElement.dataset.key;
    fill(top, h("div", { class: "bar-inner" }, bar(app, routeName)));
    // Who has just pressed one of its buttons is still on it.
    if (key) top.querySelector(`[data-key="${key}"]`)?.focus();
    drawConnection();
  }

  function drawConnection() {
    // The page of a film has a button of its own, beside what it is about.
    const lost = app.live.state.value === "waiting" && routeName !== "film";
    clearTimeout(grace);
    if (!lost) {
      // While it dials, what was said stays: no flicker between two tries.
      const dials = app.live.state.value === "connecting" && routeName !== "film";
      if (!dials) connection.hidden = true;
      return;
    }
    const show = () => {
      fill(
        connection,
        h("span", { class: "cluster" }, icon("signal"), t("connection.lost")),
        h(
          "button",
          { type: "button", class: "button", onclick: () => app.live.reconnect() },
          icon("refresh"),
          t("connection.reconnect"),
        ),
      );
      connection.hidden = false;
    };
    if (!connection.hidden) return;
    grace = setTimeout(() => app.live.state.value !== "open" && show(), PATIENCE);
  }

  app.live.state.subscribe(drawConnection);
  app.account.subscribe(redraw);
  app.session.user.subscribe(redraw);
  theme.subscribe(redraw);
  redraw();

  return {
    element,
    redraw,
    announce(text) {
      // The same words twice are heard twice only when the region was empty between them.
      heard.textContent = "";
      setTimeout(() => (heard.textContent = text), 50);
    },
    show(view, name) {
      const first = routeName === "";
      routeName = name;
      fill(main, view.element);
      redraw();
      window.scrollTo(0, 0);
      if (!first) focusOn(main);
    },
  };
}

/** A new page is begun at its title, so that a screen reader reads it and Tab goes on from there. */
function focusOn(main) {
  const title = main.querySelector("h1");
  title?.setAttribute("tabindex", "-1");
  (title ?? main).focus({ preventScroll: true });
}

function bar(app, routeName) {
  const user = app.session.user.value;
  return [
    h(
      "a",
      {
        class: "button primary skip",
        href: "#main",
        onclick: (event) => {
          event.preventDefault(); // the address after # is the page's own
          focusOn(document.getElementById("main"));
        },
      },
      t("shell.skip"),
    ),
    h("a", { class: "wordmark", href: "#/" }, mark(), h("span", null, "Reelstep")),
    user && ways(app, routeName),
    h(
      "div",
      { class: "bar-tools" },
      user && balance(app),
      ...LOCALES.filter((other) => other !== locale.value).map(localeButton),
      themeButton(),
      user &&
        h(
          "button",
          {
            type: "button",
            class: "button quiet small sign-out",
            title: t("shell.signOut"),
            onclick: () => app.signOut(),
          },
          icon("exit"),
          h("span", null, t("shell.signOut")),
        ),
    ),
  ];
}

function ways(app, routeName) {
  const here = BELONGS[routeName] ?? routeName;
  const open = WAYS.filter((way) => !way.feature || app.config.features.includes(way.feature));
  return h(
    "nav",
    { class: "ways", "aria-label": t("shell.ways") },
    open.map((way) =>
      h(
        "a",
        {
          class: "way",
          href: way.hash,
          dataset: { key: way.name },
          "aria-current": way.name === here ? "page" : null,
        },
        icon(way.icon),
        t(`way.${way.name}`),
      ),
    ),
  );
}

function balance(app) {
  const account = app.account.value;
  if (!account) return null;
  return h(
    "a",
    { class: "balance numbers", href: "#/account" },
    h("b", null, number(account.balance)),
    t("shell.tokens", { count: account.balance }),
  );
}

function localeButton(other) {
  return h(
    "button",
    {
      type: "button",
      class: "button quiet locale-switch",
      lang: other,
      dataset: { key: "locale" },
      "aria-label": t(`locale.${other}`),
      onclick: () => setLocale(other),
    },
    other.toUpperCase(),
  );
}

function themeButton() {
  const label = t("shell.theme", { theme: t(`theme.${theme.value}`) });
  return h(
    "button",
    {
      type: "button",
      class: "button quiet icon-only",
      "aria-label": label,
      title: label,
      dataset: { key: "theme" },
      onclick: next,
    },
    icon(THEME_ICONS[theme.value]),
  );
}
