/** Why an upload stopped, in the words of a person's next step rather than of HTTP. */

const BY_STATUS = new Map([
  [401, "signed-out"],
  [402, "unpaid"],
  [404, "gone"],
  [413, "too-large"],
  [415, "unsupported"],
]);

/**
 * `kind`: empty | too-large | unsupported | unpaid | signed-out | changed (the file itself) |
 * connection | gone (the server no longer knows the upload) | refused | server.
 * `cause` is the ApiProblem where there is one: its `detail` is in the person's language.
 */
export class UploadProblem extends Error {
  constructor(kind, cause) {
    super(kind, { cause });
    this.name = "UploadProblem";
    this.kind = kind;
  }
}

/** The kind of anything that was thrown: an UploadProblem, an ApiProblem, or a broken connection. */
export function kindOf(error) {
  if (error instanceof UploadProblem) return error.kind;
  const status = error?.status;
  if (!status) return "connection";
  return BY_STATUS.get(status) ?? (status === 429 || status >= 500 ? "server" : "refused");
}
