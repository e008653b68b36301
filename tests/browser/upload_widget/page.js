/** The view of uploads without the page around it, talking to the server of the test. */

import { locale } from "/js/app/i18n.js";
import { signal } from "/js/app/signal.js";
import { Api } from "/js/cloud/api.js";
import { view } from "/js/views/uploads.js";

const session = { user: signal({ id: "somebody" }), idToken: async () => "token" };
const app = { session, api: new Api({ apiUrl: location.origin }, session) };
const main = document.createElement("main");
const show = () => main.replaceChildren(view({ app }).element);
document.documentElement.lang = locale.value;
document.body.append(main);
show();
globalThis.showAgain = show;
globalThis.signOut = () => {
  session.user.value = null;
};
