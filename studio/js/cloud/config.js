/** Where this deployment is: `config.json` beside the page, written when the page is published. */

const NEEDED = ["apiUrl", "userPoolId", "clientId", "cognitoUrl"];

/**
 * @param {string|URL} [address] of config.json; the page's own where nothing is said
 * @returns {Promise<{stage: string, region: string, apiUrl: string, websocketUrl: string,
 *   userPoolId: string, clientId: string, cognitoUrl: string, features: string[]}>}
 * @throws {Error} when it cannot be read, or lacks something
 */
export async function loadConfig(address = new URL("../../config.json", import.meta.url)) {
  const answer = await fetch(address, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`config.json answered ${answer.status}`);
  return checked(await answer.json());
}

/** The same, of what was read. */
export function checked(found) {
  const missing = NEEDED.filter((name) => typeof found?.[name] !== "string" || !found[name]);
  if (missing.length) throw new Error(`config.json lacks ${missing.join(", ")}`);
  const bare = (text) => (text ?? "").replace(/\/+$/, "");
  return {
    features: [],
    ...found,
    apiUrl: bare(found.apiUrl),
    websocketUrl: bare(found.websocketUrl),
  };
}
