/**
 * The Secure Remote Password protocol as Amazon Cognito speaks it: SRP-6a over the 3072-bit prime
 * of RFC 5054 with generator 2 and SHA-256, the session key derived by HKDF with the label
 * "Caldera Derived Key". The password itself never leaves the browser.
 *
 * Source: Cognito's public client SDKs (AuthenticationHelper), RFC 2945, RFC 5054.
 */

const N_HEX =
  "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74" +
  "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437" +
  "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
  "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05" +
  "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB" +
  "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
  "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718" +
  "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33" +
  "A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
  "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864" +
  "D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2" +
  "08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

const N = BigInt(`0x${N_HEX}`);
const G = 2n;
const LABEL = "Caldera Derived Key";
const SECRET_BYTES = 128;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const utf8 = new TextEncoder();

/** base ** exponent mod modulus, of BigInts that are not negative. */
export function powerMod(base, exponent, modulus) {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** Big-endian bytes, with a zero in front where the first bit would read as a sign. */
export function padded(number) {
  let hex = number.toString(16);
  if (hex.length % 2) hex = `0${hex}`;
  if (parseInt(hex.slice(0, 2), 16) >= 0x80) hex = `00${hex}`;
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

/** A new secret and what is sent of it. @returns {{secret: bigint, public: string}} hex */
export function begin(random = crypto.getRandomValues(new Uint8Array(SECRET_BYTES))) {
  const secret = toNumber(random) % N;
  const shown = powerMod(G, secret, N);
  if (shown === 0n) throw new Error("The random numbers of this browser are of no use");
  return { secret, public: shown.toString(16) };
}

/**
 * The answer to PASSWORD_VERIFIER.
 *
 * @param {object} given `poolId` (region_name), `userId` (USER_ID_FOR_SRP), `password`, `secret` and
 *   `public` as of `begin`, `salt` and `serverPublic` (hex), `secretBlock` (base64), `timestamp`
 * @returns {Promise<string>} PASSWORD_CLAIM_SIGNATURE, base64
 * @throws {Error} when the server's numbers would give the password away (RFC 5054, 2.5.3 and 2.6)
 */
export async function signature(given) {
  const poolName = given.poolId.split("_", 2)[1];
  const a = given.secret;
  const bigA = BigInt(`0x${given.public}`);
  const bigB = BigInt(`0x${given.serverPublic}`);
  if (bigB % N === 0n) throw new Error("The server's part of the sign-in is not valid");
  const u = await hashed(padded(bigA), padded(bigB));
  if (u === 0n) throw new Error("The server's part of the sign-in is not valid");
  const inner = await digest(utf8.encode(`${poolName}${given.userId}:${given.password}`));
  const x = await hashed(padded(BigInt(`0x${given.salt}`)), inner);
  const k = await hashed(padded(N), padded(G));
  // Kept above zero: JavaScript's remainder has the sign of what is divided.
  const base = (((bigB - k * powerMod(G, x, N)) % N) + N) % N;
  const shared = powerMod(base, a + u * x, N);
  const key = (await hmac(await hmac(padded(u), padded(shared)), label())).slice(0, 16);
  const message = joined(
    utf8.encode(poolName + given.userId),
    fromBase64(given.secretBlock),
    utf8.encode(given.timestamp),
  );
  return toBase64(await hmac(key, message));
}

/** "Sat Nov 7 09:05:03 UTC 2026": the day without a zero in front, as Cognito reads it. */
export function timestamp(now = new Date()) {
  const two = (n) => String(n).padStart(2, "0");
  const clock = [now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds()].map(two).join(":");
  const day = `${WEEKDAYS[now.getUTCDay()]} ${MONTHS[now.getUTCMonth()]} ${now.getUTCDate()}`;
  return `${day} ${clock} UTC ${now.getUTCFullYear()}`;
}

function label() {
  return joined(utf8.encode(LABEL), Uint8Array.of(1));
}

async function digest(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

async function hashed(...parts) {
  return toNumber(await digest(joined(...parts)));
}

async function hmac(key, message) {
  const use = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, use, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

function toNumber(bytes) {
  return BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`);
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}
