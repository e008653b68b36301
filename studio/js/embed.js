/**
 * The studio's elements on a page of somebody else (docs/studio.md, "Embed the visualizer").
 *
 * Importing this module defines `<workflow-visualizer>` and `<film-player>`.
 */

import { setLocale } from "./app/i18n.js";
import { Api } from "./cloud/api.js";
import { loadConfig } from "./cloud/config.js";
import { Live } from "./cloud/live.js";
import "./elements/film-player.js";
import "./elements/workflow-visualizer.js";

/**
 * The connection that the elements need, as their property `client`.
 *
 * @param {{idToken: (options: {fresh: boolean}) => Promise<string>, config?: object,
 *   locale?: "en"|"fr"}} given `idToken` gives a Cognito ID token that is good for a while, and with
 *   `fresh` another one than before; `config` is that of the studio which this file is part of, where
 *   nothing else is said
 * @returns {Promise<{api: Api, live: Live}>}
 */
export async function connect({ idToken, config, locale }) {
  if (locale) setLocale(locale, { remember: false });
  const known = config ?? (await loadConfig());
  const session = { idToken };
  return { api: new Api(known, session), live: new Live(known, session) };
}
