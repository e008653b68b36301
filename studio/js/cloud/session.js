/**
 * Who is signed in. The ID token stays in memory; the refresh token is in this tab's
 * sessionStorage, so that a reload does not ask for the password; nothing is in localStorage.
 */

import { signal } from "../app/signal.js";
import { tabStorage } from "../app/storage.js";
import { cognito, SignInProblem } from "./cognito.js";
import { begin, signature, timestamp } from "./srp.js";

const KEPT = "reelstep.refresh";
const EARLY_SECONDS = 90; // a token this near its end is exchanged before it is used

export class Session {
  #config;
  #fetch;
  #storage;
  #now;
  #token = null; // {id, until}: until is by this machine's clock
  #refreshing = null;

  /** The signed-in user as of its token: {id, email, groups}; null for nobody. */
  user = signal(null);

  constructor(config, { fetch, storage = tabStorage, now = () => Date.now() } = {}) {
    this.#config = config;
    this.#fetch = fetch ?? ((...request) => globalThis.fetch(...request));
    this.#storage = storage;
    this.#now = now;
  }

  /**
   * Sign in by SRP.
   *
   * @returns {Promise<{done: true}|{challenge: string, answer: (value: string) => Promise}>} a
   *   challenge is NEW_PASSWORD_REQUIRED or SOFTWARE_TOKEN_MFA; its answer gives the same again
   * @throws {SignInProblem}
   */
  async signIn(email, password) {
    const mine = begin();
    const first = await this.#ask("InitiateAuth", {
      AuthFlow: "USER_SRP_AUTH",
      ClientId: this.#config.clientId,
      AuthParameters: { USERNAME: email.trim(), SRP_A: mine.public },
    });
    if (first.ChallengeName !== "PASSWORD_VERIFIER") return this.#taken(first);
    const asked = first.ChallengeParameters;
    const at = timestamp(new Date(this.#now()));
    const proof = await signature({
      poolId: this.#config.userPoolId,
      userId: asked.USER_ID_FOR_SRP,
      password,
      ...mine,
      salt: asked.SALT,
      serverPublic: asked.SRP_B,
      secretBlock: asked.SECRET_BLOCK,
      timestamp: at,
    });
    return this.#respond(first, {
      USERNAME: asked.USER_ID_FOR_SRP,
      PASSWORD_CLAIM_SECRET_BLOCK: asked.SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: proof,
      TIMESTAMP: at,
    });
  }

  /** A new account; a code goes to its e-mail address. */
  async signUp(email, password) {
    const ClientId = this.#config.clientId;
    await this.#ask("SignUp", { ClientId, Username: email.trim(), Password: password });
  }

  /** The code of `signUp`. */
  async confirm(email, code) {
    await this.#coded("ConfirmSignUp", email, code);
  }

  /** Another code for `confirm`. */
  async resendCode(email) {
    const ClientId = this.#config.clientId;
    await this.#ask("ResendConfirmationCode", { ClientId, Username: email.trim() });
  }

  /** A code for `resetPassword` goes to the address. */
  async forgot(email) {
    const ClientId = this.#config.clientId;
    await this.#ask("ForgotPassword", { ClientId, Username: email.trim() });
  }

  /** A new password, by the code of `forgot`. */
  async resetPassword(email, code, password) {
    await this.#coded("ConfirmForgotPassword", email, code, { Password: password });
  }

  /** Take up the session of before the page was loaded. @returns {Promise<boolean>} */
  async restore() {
    if (!this.#kept()) return false;
    try {
      await this.idToken();
    } catch (error) {
      // Without a network the token may be as good as ever: it stays for the next time.
      if (!(error instanceof SignInProblem)) throw error;
    }
    return this.user.value !== null;
  }

  /** Forget, here and at Cognito: no more tokens come of the refresh token. */
  async signOut() {
    const token = this.#kept();
    this.#forget();
    if (!token) return;
    try {
      await this.#ask("RevokeToken", { ClientId: this.#config.clientId, Token: token });
    } catch {
      // This browser has forgotten it already.
    }
  }

  /**
   * An ID token that is good for a while. Many callers at once make one exchange.
   *
   * @param {{fresh?: boolean}} [options] `fresh`: the one at hand was refused
   * @throws {SignInProblem} NotAuthorizedException: nobody is signed in (any more)
   */
  async idToken({ fresh = false } = {}) {
    const held = this.#token;
    if (held && !fresh && held.until - this.#now() > EARLY_SECONDS * 1000) return held.id;
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh() {
    const token = this.#kept();
    if (!token) throw this.#over();
    let answer;
    try {
      answer = await this.#ask("InitiateAuth", {
        AuthFlow: "REFRESH_TOKEN_AUTH",
        ClientId: this.#config.clientId,
        AuthParameters: { REFRESH_TOKEN: token },
      });
    } catch (error) {
      if (error.code !== "NotAuthorizedException" && error.code !== "UserNotFoundException") {
        throw error;
      }
      throw this.#kept() === token ? this.#over() : error;
    }
    // Signed out, or somebody else signed in, while the answer was on its way.
    if (this.#kept() !== token) throw new SignInProblem("NotAuthorizedException");
    this.#take(answer.AuthenticationResult);
    return this.#token.id;
  }

  async #coded(operation, email, code, more = {}) {
    const ClientId = this.#config.clientId;
    const known = { ClientId, Username: email.trim(), ConfirmationCode: code.trim() };
    await this.#ask(operation, { ...known, ...more });
  }

  async #respond(before, responses) {
    const answer = await this.#ask("RespondToAuthChallenge", {
      ChallengeName: before.ChallengeName,
      ClientId: this.#config.clientId,
      Session: before.Session,
      ChallengeResponses: responses,
    });
    return this.#taken(answer, responses.USERNAME);
  }

  #taken(answer, username) {
    if (answer.AuthenticationResult) {
      this.#take(answer.AuthenticationResult);
      return { done: true };
    }
    const field = { NEW_PASSWORD_REQUIRED: "NEW_PASSWORD" }[answer.ChallengeName];
    const key = field ?? `${answer.ChallengeName}_CODE`;
    return {
      challenge: answer.ChallengeName,
      answer: (value) => this.#respond(answer, { USERNAME: username, [key]: value }),
    };
  }

  #take(result) {
    const claims = claimsOf(result.IdToken);
    // By its lifetime, not by its end: the two clocks need not agree.
    const lifetime = (claims.exp - (claims.iat ?? claims.exp - 3600)) * 1000;
    this.#token = { id: result.IdToken, until: this.#now() + lifetime };
    if (result.RefreshToken) this.#storage.setItem(KEPT, result.RefreshToken);
    const known = this.user.value;
    if (known?.id === claims.sub) return;
    const groups = claims["cognito:groups"] ?? [];
    this.user.value = { id: claims.sub, email: claims.email ?? "", groups };
  }

  #kept() {
    return this.#storage.getItem(KEPT);
  }

  #forget() {
    this.#token = null;
    this.#storage.removeItem(KEPT);
    this.user.value = null;
  }

  #over() {
    this.#forget();
    return new SignInProblem("NotAuthorizedException", "Nobody is signed in");
  }

  #ask(operation, body) {
    return cognito(this.#config, operation, body, this.#fetch);
  }
}

/** What a token says, unchecked: whether it holds is the server's business. */
export function claimsOf(token) {
  const body = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
  const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
