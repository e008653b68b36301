import { fill, h } from "../app/dom.js";
import { number } from "../app/format.js";
import { icon } from "../app/icons.js";
import { t } from "../app/i18n.js";
import { toast } from "../app/toast.js";
import { Favorite } from "../cloud/favorite.js";
import { STATUSES, address, advanced, apiParams, followed, hasEnded, offeredPages, refreshed, snapped, wished } from "../domain/film-page.js";
import "../elements/film-card.js";

const WAITING_CARDS = 8;

/**
 * One's films in pages. What is shown is in the address: `#/films?page=2&status=COMPLETED`.
 * @returns {{element: Element, title: string, leave: () => void}}
 */
export function view({ query = new URLSearchParams(location.hash.split("?")[1]), app }) {
  const wish = wished(query);
  const leaving = new AbortController();
  const follows = [];
  const said = h("p", { class: "library-count", role: "status" });
  const room = h("div", { class: "library-room" });
  const pager = h("nav", { class: "pager", "aria-label": t("library.pages"), hidden: true });

  async function load() {
    fill(said, t("library.loading"));
    room.setAttribute("aria-busy", "true");
    fill(room, h("div", { class: "film-grid", "aria-hidden": true }, Array.from({ length: WAITING_CARDS }, waitingCard)));
    try {
      const request = { params: apiParams(wish), signal: leaving.signal };
      show(await app.api.request("GET", "/api/v1/videos/user", request));
    } catch (problem) {
      if (leaving.signal.aborted) return;
      fill(said);
      fill(room, failure(problem, load));
    }
    room.removeAttribute("aria-busy");
  }

  function show(page) {
    fill(said, t("library.count", { count: page.totalElements, n: number(page.totalElements) }));
    if (page.videos.length === 0) {
      fill(room, nothing(wish, page));
      return;
    }
    const cards = new Map(page.videos.map((film) => [film.id, cardOf(film, app)]));
    fill(room, h("ul", { class: "film-grid", role: "list" }, [...cards.values()].map((card) => h("li", null, card))));
    fill(pager, pages(page, wish));
    pager.hidden = page.totalPages < 2;
    for (const { id } of followed(page.videos)) follow(cards.get(id));
  }

  function follow(card) {
    let told = 0; // up to this event the snapshot has told everything; the replay tells it again
    const moved = (film) => {
      card.film = film;
      if (!hasEnded(film.status)) return;
      following.stop();
      finish(card).catch(() => {}); // the card has the end already; only its picture is missing
    };
    const following = app.live.follow(card.film.id, {
      onSnapshot: (job) => {
        told = job.seq;
        moved(snapped(card.film, job));
      },
      onEvent: (event) => event.seq > told && moved(advanced(card.film, event)),
    });
    follows.push(following);
  }

  async function finish(card) {
    const path = `/api/v1/videos/${encodeURIComponent(card.film.id)}`;
    const details = await app.api.request("GET", path, { signal: leaving.signal });
    card.film = refreshed(card.film, details);
  }

  load();
  const element = h(
    "section",
    { class: "library stack", "aria-labelledby": "library-title" },
    h("header", { class: "page-head" }, h("h1", { id: "library-title" }, t("library.title")), said),
    filters(wish),
    room,
    pager,
  );
  const leave = () => {
    leaving.abort();
    for (const following of follows) following.stop();
  };
  return { element, title: t("library.title"), leave };
}

function cardOf(film, app) {
  const card = h("film-card");
  card.film = film;
  const favorite = new Favorite(app.api, film.id, film.isFavorite, (isFavorite, problem) => {
    card.film = { ...card.film, isFavorite };
    if (problem) toast(t("library.notKept", { why: problem.message }), { kind: "bad" });
  });
  card.addEventListener("favorite", () => favorite.toggle());
  return card;
}

function filters(wish) {
  const choice = (status) => {
    const chosen = wish.status === status;
    const href = address({ status, favorite: wish.favorite });
    const text = status ? t(`library.filter.${status}`) : t("library.filter.all");
    return h("li", null, h("a", { class: "chip", href, "aria-current": chosen ? "true" : null }, text));
  };
  const favorites = h(
    "a",
    {
      class: "chip chip-heart",
      href: address({ status: wish.status, favorite: !wish.favorite }),
      "aria-current": wish.favorite ? "true" : null,
    },
    icon("heart"),
    t("library.filter.favorites"),
  );
  return h(
    "nav",
    { class: "library-filters", "aria-label": t("library.filters") },
    h("ul", { class: "chips", role: "list" }, [null, ...STATUSES].map(choice), h("li", { class: "chip-apart" }, favorites)),
  );
}

function pages({ currentPage, totalPages }, wish) {
  const to = (page) => address({ ...wish, page });
  const step = (key, page, rel) =>
    page >= 0 && page < totalPages
      ? h("a", { class: "pager-step", href: to(page), rel }, t(`library.${key}`))
      : h("span", { class: "pager-step", "aria-hidden": true }, t(`library.${key}`));
  const numbers = offeredPages(currentPage, totalPages).map((page) =>
    page === null
      ? h("li", { class: "pager-gap", "aria-hidden": true }, "…")
      : h("li", null, h("a", {
          href: to(page),
          "aria-label": t("library.page", { n: number(page + 1) }),
          "aria-current": page === currentPage ? "page" : null,
        }, number(page + 1))),
  );
  return [step("previous", currentPage - 1, "prev"), h("ol", { role: "list" }, numbers), step("next", currentPage + 1, "next")];
}

/** Nothing on this page: no films at all, none of that kind, or a page after the last. */
function nothing(wish, { totalElements }) {
  if (totalElements > 0) return empty("beyond", address({ ...wish, page: 0 }));
  if (wish.status || wish.favorite) return empty("none", "#/films");
  return empty("first", "#/");
}

function empty(kind, href) {
  return h(
    "div",
    { class: "empty", dataset: { kind } },
    h("div", { class: "empty-reel", "aria-hidden": true }, icon("film")),
    h("h2", null, t(`library.empty.${kind}`)),
    h("p", null, t(`library.empty.${kind}.text`)),
    h("a", { class: kind === "first" ? "button primary" : "button", href }, t(`library.empty.${kind}.go`)),
  );
}

function failure(problem, again) {
  return h(
    "div",
    { class: "empty", role: "alert" },
    h("h2", null, t("library.failed")),
    h("p", null, problem.message),
    h("button", { type: "button", class: "button", onclick: again }, icon("refresh"), t("library.again")),
  );
}

function waitingCard() {
  return h("div", { class: "film-card film-card-waiting" }, h("span", { class: "skeleton film-card-frame" }), h("span", { class: "skeleton" }), h("span", { class: "skeleton" }));
}
