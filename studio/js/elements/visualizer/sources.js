/** What pictures and pieces of a film are shown from. */

const MOMENT = 0.8; // seconds
// As the pieces of ULTRA are made: profile Main, level 5.1 (src/reelstep/media/profiles.py).
const HEVC = 'video/mp4; codecs="hvc1.1.6.L153.B0"';

/** The address of a piece at a moment that shows something: films begin with a fade from black. */
export function atMoment(url) {
  return `${url}#t=${MOMENT}`; // W3C Media Fragments, 4.2.1
}

/** Whether this browser plays a piece: not every one plays HEVC. */
export function playable({ codec }) {
  return codec !== "hevc" || document.createElement("video").canPlayType(HEVC) !== "";
}

/**
 * A picture or video whose address has run out asks for another one, once: by an event
 * `preview-stale` that bubbles, with `detail.url` and `detail.take(fresh)`.
 *
 * @param {Element} element with its `src` set
 * @param {string} url of the preview
 * @param {(url: string) => string} [dress] from an address to `src`
 * @returns the element
 */
export function renewable(element, url, dress = (fresh) => fresh) {
  const ask = () => {
    const take = (fresh) => element.setAttribute("src", dress(fresh));
    element.dispatchEvent(new CustomEvent("preview-stale", { detail: { url, take }, bubbles: true }));
  };
  element.addEventListener("error", ask, { once: true });
  return element;
}
