/** What an upload needs of its surroundings: pauses, and one PUT with progress. */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Milliseconds before sending number `failures + 1`: doubling, with jitter. */
export function pauseAfter(failures, random = Math.random) {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  return pause * (0.75 + random() / 2);
}

/** Resolves after so many milliseconds, or rejects with the signal's reason. */
export function waiting(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/**
 * One PUT with upload progress; fetch has none.
 * @returns {Promise<{status: number, etag: string|null}>} status 0 when the connection broke
 */
export function putByXhr(url, blob, { onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open("PUT", url);
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => resolve({ status: request.status, etag: request.getResponseHeader("ETag") });
    request.onerror = () => resolve({ status: 0, etag: null });
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener("abort", stop);
    signal.addEventListener("abort", stop, { once: true });
    request.send(blob);
  });
}
