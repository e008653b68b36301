/** The page begins here: where it is, who is there, what is shown. */

import { fill, h } from "./app/dom.js";
import { icon } from "./app/icons.js";
import { locale, t } from "./app/i18n.js";
import { router } from "./app/router.js";
import { shell } from "./app/shell.js";
import { signal } from "./app/signal.js";
import { tabStorage } from "./app/storage.js";
import "./app/theme.js";
import { toast } from "./app/toast.js";
import { allAhead, VIEWS } from "./app/views.js";
import { Api } from "./cloud/api.js";
import { loadConfig } from "./cloud/config.js";
import { Live } from "./cloud/live.js";
import { intentionMemory } from "./cloud/order.js";
import { Session } from "./cloud/session.js";

/**
 * What every view gets.
 *
 * `config, session, api, live`; `navigate(hash)`; `account`, a signal with GET /api/v1/account (null
 * until it is known) and `refreshAccount()`; `announce(text)` for screen readers; `setTitle(text)`
 * once a view knows better; `signOut()`; `draft`, what was written for a film that is not asked for;
 * `intentions`, what was asked for and is not answered.
 */
function appOf(config) {
  const session = new Session(config);
  const api = new Api(config, session);
  const app = { config, session, api, live: new Live(config, session), account: signal(null) };
  app.draft = {};
  app.intentions = intentionMemory(tabStorage);
  app.setTitle = (title) => {
    document.title = title ? `${title} · Reelstep` : "Reelstep";
  };
  app.refreshAccount = async () => {
    const user = session.user.value?.id;
    try {
      const account = await api.request("GET", "/api/v1/account");
      if (session.user.value?.id === user) app.account.value = account;
    } catch {
      // The number in the bar stays as it is; the pages say what does not work.
    }
  };
  app.signOut = async () => {
    app.live.close();
    app.intentions.forget();
    await session.signOut();
    app.navigate("#/");
  };
  return app;
}

async function boot() {
  const app = appOf(await loadConfig());
  await app.session.restore();
  const frame = shell(app);
  app.announce = frame.announce;
  let shown = null; // the view on the screen
  let turn = 0;

  const ways = router({ features: app.config.features, onRoute: show });
  app.navigate = ways.navigate;

  async function show(route) {
    turn += 1;
    const mine = turn;
    const name = app.session.user.value ? route.name : "sign-in";
    let made;
    try {
      const { view } = await VIEWS[name]();
      if (mine !== turn) return;
      leave();
      made = view({ params: route.params, query: route.query, app });
    } catch (error) {
      if (mine !== turn) return;
      console.error(error);
      leave(); // where the module itself did not come, nobody has yet
      made = broken(ways.refresh);
    }
    shown = made;
    app.setTitle(made.title);
    frame.show(made, name);
  }

  function leave() {
    const before = shown;
    shown = null;
    before?.leave?.();
  }

  locale.subscribe(() => ways.refresh());
  const begin = (user) => {
    app.intentions.find(user.id); // somebody else's are forgotten
    app.refreshAccount();
    allAhead();
  };
  app.session.user.subscribe((user) => {
    app.account.value = null;
    if (user) begin(user);
    else {
      app.live.close();
      app.draft = {};
    }
    ways.refresh();
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    console.error(event.reason);
    toast(event.reason?.message ?? t("problem.page"), { kind: "bad" });
  });

  if (app.session.user.value) begin(app.session.user.value);
  document.body.prepend(frame.element);
  document.documentElement.lang = locale.value;
  ways.refresh();
}

/** In the place of a page that could not be made. */
function broken(again) {
  const element = h(
    "div",
    { class: "empty", role: "alert" },
    icon("alert"),
    h("h1", null, t("problem.page")),
    h("p", null, t("problem.pageHint")),
    h("button", { type: "button", class: "button", onclick: again }, t("problem.again")),
  );
  return { element, title: t("problem.page") };
}

boot().catch((error) => {
  console.error(error);
  const reload = () => location.reload();
  fill(document.body, h("main", null, broken(reload).element));
});
