/**
 * `<film-player>`: a film with its poster and its subtitles.
 *
 * Set `film = {url, poster, title, width, height, captions}`, with `captions = {url, language, on}`
 * where there are some. `seek(seconds)` plays from there. An address that no longer works is told as
 * the event `film-stale`; whoever has a new one sets `film` again, and it goes on where it was.
 */

import { fill, h } from "../app/dom.js";
import { icon } from "../app/icons.js";
import { locale, t } from "../app/i18n.js";
import { browserStorage } from "../app/storage.js";
import { cuesOf } from "../domain/vtt.js";

const KEPT = "reelstep.captions";

export class FilmPlayer extends HTMLElement {
  #film = null;
  #video = null;
  #track = null;
  #button = null;
  #notice = null;
  #loading = null;

  get film() {
    return this.#film;
  }

  set film(film) {
    const place = this.#video ? { at: this.#video.currentTime, playing: !this.#video.paused } : null;
    this.#film = film;
    this.#build();
    if (place?.at) this.#resume(place);
  }

  /** The `<video>`; null before there is a film. */
  get video() {
    return this.#video;
  }

  /** Play from here. */
  seek(seconds) {
    const video = this.#video;
    if (!video) return;
    const go = () => {
      video.currentTime = Math.min(seconds, Math.max(0, (video.duration || seconds) - 0.1));
    };
    if (video.readyState >= HTMLMediaElement.HAVE_METADATA) go();
    else video.addEventListener("loadedmetadata", go, { once: true });
    // A browser may want a click on the film itself first.
    video.play().catch(() => {});
  }

  disconnectedCallback() {
    this.#loading?.abort();
    this.#video?.pause();
  }

  #build() {
    this.#loading?.abort();
    this.#track = null;
    const { url, poster, title, width, height } = this.#film;
    this.#notice = h("div", { class: "player-notice", role: "alert", hidden: true });
    this.#button = h(
      "button",
      { type: "button", class: "button quiet player-captions", hidden: true, onclick: () => this.#turn() },
      icon("captions"),
      h("span"),
    );
    this.#video = h("video", {
      src: url,
      poster,
      width,
      height,
      controls: true,
      playsinline: true,
      preload: "metadata",
      "aria-label": title || t("player.label"),
      onerror: () => this.#failed(),
    });
    if (width && height) this.style.setProperty("--ratio", `${width} / ${height}`);
    fill(this, h("div", { class: "player-screen" }, this.#video, this.#notice), this.#button);
    if (this.#film.captions?.url) this.#loadCaptions(this.#film.captions);
  }

  async #loadCaptions({ url, language, on }) {
    const mine = (this.#loading = new AbortController());
    let cues;
    try {
      const answer = await fetch(url, { signal: mine.signal, credentials: "omit" });
      if (!answer.ok) return;
      cues = cuesOf(await answer.text());
    } catch {
      return; // the film plays without them
    }
    if (mine.signal.aborted || !cues.length) return;
    // Added as cues rather than as an element: a <track> of another host needs a video that was
    // loaded with CORS, and then a film without it would not play at all.
    const label = languageName(language);
    const track = this.#video.addTextTrack("subtitles", label, language ?? "");
    for (const cue of cues) track.addCue(new VTTCue(cue.start, cue.end, cue.text));
    track.mode = (kept() ?? on) ? "showing" : "hidden";
    this.#track = track;
    this.#button.lastElementChild.textContent = t("player.captionsOn", { language: label });
    this.#button.hidden = false;
    this.#video.textTracks.addEventListener("change", () => this.#show());
    this.#show();
  }

  #turn() {
    const on = this.#track.mode !== "showing";
    this.#track.mode = on ? "showing" : "hidden";
    browserStorage.setItem(KEPT, on ? "on" : "off");
    this.#show();
  }

  #show() {
    this.#button.setAttribute("aria-pressed", String(this.#track.mode === "showing"));
  }

  #failed() {
    if (!this.#film) return;
    fill(
      this.#notice,
      h("p", null, t("player.broken")),
      h(
        "button",
        {
          type: "button",
          class: "button",
          onclick: () => this.dispatchEvent(new CustomEvent("film-stale", { bubbles: true })),
        },
        icon("refresh"),
        t("player.again"),
      ),
    );
    this.#notice.hidden = false;
  }

  #resume({ at, playing }) {
    const video = this.#video;
    const go = () => {
      video.currentTime = at;
      if (playing) video.play().catch(() => {});
    };
    video.addEventListener("loadedmetadata", go, { once: true });
  }
}

function languageName(tag) {
  if (!tag) return t("player.captions");
  try {
    return new Intl.DisplayNames([locale.value], { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}

function kept() {
  const value = browserStorage.getItem(KEPT);
  return value === null ? null : value === "on";
}

if (!customElements.get("film-player")) customElements.define("film-player", FilmPlayer);
