/**
 * Work that is done again and again, but only while somebody can see the page. The next turn begins
 * when the last one has ended.
 *
 * @param {() => Promise<void>} work what it throws is its own affair
 * @param {number} milliseconds between two turns
 * @returns {() => void} what stops it
 */
export function whileVisible(work, milliseconds, { page = document, setTimer = setTimeout, clearTimer = clearTimeout } = {}) {
  let timer = null;
  let working = false;
  let stopped = false;
  const turn = async () => {
    clearTimer(timer);
    if (working || stopped || page.visibilityState === "hidden") return;
    working = true;
    try {
      await work();
    } catch {
      // Told by the work itself.
    }
    working = false;
    if (!stopped) timer = setTimer(turn, milliseconds);
  };
  page.addEventListener("visibilitychange", turn);
  turn();
  return () => {
    stopped = true;
    clearTimer(timer);
    page.removeEventListener("visibilitychange", turn);
  };
}
