/** A page of films: its address, its page numbers, and what an event does to one of its rows. */

/** Of the contract, in the order in which a film passes through them. */
export const STATUSES = ["QUEUED", "PROCESSING", "COMPLETED", "FAILED", "CANCELLED"];
export const PAGE_SIZE = 12;
/** Films of one page that are followed live at once. */
export const MOST_FOLLOWED = 10;
const ENDED = new Set(["COMPLETED", "FAILED", "CANCELLED"]);
const LAST_PAGE = 100_000;

export function hasEnded(status) {
  return ENDED.has(status);
}

/**
 * What an address asks for; whatever makes no sense in it is left out.
 * @param {URLSearchParams} query `page` from 1, `status`, `favorite=true`
 * @returns {{page: number, status: string|null, favorite: boolean}} page from 0, as the API counts
 */
export function wished(query) {
  const number = query.get("page") ?? "";
  const page = /^[0-9]{1,6}$/.test(number) ? Number(number) : 1;
  const status = query.get("status");
  return {
    page: Math.min(Math.max(page, 1), LAST_PAGE) - 1,
    status: STATUSES.includes(status) ? status : null,
    favorite: query.get("favorite") === "true",
  };
}

/** The address of a wish; the other way round than `wished`. */
export function address({ page = 0, status = null, favorite = false }) {
  const query = new URLSearchParams();
  if (page > 0) query.set("page", String(page + 1));
  if (status) query.set("status", status);
  if (favorite) query.set("favorite", "true");
  const text = query.toString();
  return text ? `#/films?${text}` : "#/films";
}

/** Parameters of `GET /api/v1/videos/user`. */
export function apiParams({ page, status, favorite }, size = PAGE_SIZE) {
  return { page, size, ...(status ? { status } : {}), ...(favorite ? { favorite: true } : {}) };
}

/**
 * Which page numbers to offer: the ends, the present one and its neighbours; null is a gap.
 * A gap of one page is that page.
 */
export function offeredPages(current, total) {
  const near = [0, current - 1, current, current + 1, total - 1];
  const shown = [...new Set(near)].filter((page) => page >= 0 && page < total).toSorted((a, b) => a - b);
  return shown.flatMap((page, index) => {
    const before = index === 0 ? page : shown[index - 1] + 1;
    if (page === before) return [page];
    return page - before === 1 ? [before, page] : [null, page];
  });
}

/** The films of a page that can still change, newest first, as many as are followed. */
export function followed(films, most = MOST_FOLLOWED) {
  return films.filter(({ status }) => !hasEnded(status)).slice(0, most);
}

/** A row of the page after an event of its job; percent never goes down. */
export function advanced(film, event) {
  switch (event.event) {
    case "job:queued":
      return { ...film, status: "QUEUED" };
    case "job:started":
      return { ...film, status: "PROCESSING" };
    case "job:progress":
      return { ...film, status: "PROCESSING", progressPercentage: further(film, event.percent) };
    case "job:completed":
      return { ...film, status: "COMPLETED", progressPercentage: 100 };
    case "job:failed":
      return event.retryIn === undefined || event.retryIn === null ? { ...film, status: "FAILED" } : film;
    case "job:cancelled":
      return { ...film, status: "CANCELLED" };
    default:
      return film;
  }
}

/** A row as the snapshot of its job tells it, with which a subscription begins. */
export function snapped(film, job) {
  return { ...film, status: job.status, progressPercentage: further(film, job.percent) };
}

/** A row as its own record tells it: what events do not carry. */
export function refreshed(film, details) {
  return {
    ...film,
    status: details.status,
    progressPercentage: further(film, details.progressPercentage),
    thumbnailUrl: details.thumbnailUrls?.[0] ?? details.posterUrl ?? film.thumbnailUrl,
  };
}

/** 0 to 5, the same for the same film: which light its empty frame is drawn in. */
export function tint(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 65_521;
  return sum % 6;
}

function further(film, percent) {
  return Math.max(film.progressPercentage ?? 0, percent ?? 0);
}
