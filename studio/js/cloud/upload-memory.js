/**
 * Which upload belongs to which file, over reloads: `file_id` by name, size and last change.
 * Nothing that opens anything is kept: no token, no signed URL.
 */

const KEY = "reelstep.uploads";
/** Uploads that are never completed are cleared away after a week. */
const KEPT_MS = 6 * 24 * 3600 * 1000;
const MOST = 50;

/**
 * @param {Storage} storage one that does not throw (app/storage.js)
 * @param {() => number} now milliseconds since 1970
 */
export function uploadMemory(storage, now = Date.now) {
  const read = () => {
    try {
      const known = JSON.parse(storage.getItem(KEY) ?? "[]");
      return known.filter((each) => typeof each.id === "string" && now() - each.at < KEPT_MS);
    } catch {
      return []; // not ours
    }
  };
  const write = (known) => {
    if (known.length > 0) storage.setItem(KEY, JSON.stringify(known.slice(-MOST)));
    else storage.removeItem(KEY);
  };
  const others = (file) => read().filter((each) => each.file !== nameOf(file));
  return {
    /** @returns {string|null} */
    find: (file) => read().find((each) => each.file === nameOf(file))?.id ?? null,
    keep: (file, id) => write([...others(file), { file: nameOf(file), id, at: now() }]),
    forget: (file) => write(others(file)),
  };
}

/** What makes two files the same as far as a browser tells. */
export function nameOf(file) {
  return JSON.stringify([file.name, file.size, file.lastModified]);
}
