/** Cognito's own HTTP interface: one POST per operation, the operation's name in a header. */

const TIMEOUT = 15_000; // milliseconds

/** What Cognito refused, or that it could not be reached (`code` "Unreachable"). */
export class SignInProblem extends Error {
  /** @param {string} code Cognito's name of it, such as NotAuthorizedException */
  constructor(code, message = "") {
    super(message || code);
    this.name = "SignInProblem";
    this.code = code;
  }
}

/**
 * @param {string} operation such as InitiateAuth
 * @param {object} body
 * @returns {Promise<object>}
 * @throws {SignInProblem}
 */
export async function cognito(config, operation, body, fetcher = globalThis.fetch) {
  let answer, text;
  try {
    answer = await fetcher(config.cognitoUrl, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    // The connection may still break between the headers and the end of the body.
    text = await answer.text();
  } catch (error) {
    throw new SignInProblem("Unreachable", error.message);
  }
  const said = parsed(text);
  if (answer.ok) return said ?? {};
  // Some answers name the error with its namespace: "com.amazonaws…#NotAuthorizedException".
  const code = String(said?.__type ?? answer.headers.get("x-amzn-errortype") ?? "").split(/[#:]/);
  const name = code.find((part) => part.endsWith("Exception"));
  throw new SignInProblem(name ?? "Unreachable", said?.message ?? said?.Message ?? text);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
