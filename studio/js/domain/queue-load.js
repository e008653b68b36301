/** The queue as a strip of frames: those in the gate first, then those that wait. */

/** Frames that fit on the strip. */
export const ROOM = 24;

/**
 * @param {{queuedCount: number, processingCount: number}} status of GET /api/v1/videos/queue-status
 * @returns {{frames: ("running"|"waiting"|"free")[], more: number}} always ROOM frames; `more` films
 *   wait behind them
 */
export function strip({ queuedCount, processingCount }, room = ROOM) {
  const running = Math.min(processingCount, room);
  const waiting = Math.min(queuedCount, room - running);
  const frames = Array.from({ length: room }, (_, index) => {
    if (index < running) return "running";
    return index < running + waiting ? "waiting" : "free";
  });
  return { frames, more: processingCount + queuedCount - running - waiting };
}

/** idle: nothing runs; open: nothing waits; waiting: new films wait behind others. */
export function mood({ queuedCount, processingCount }) {
  if (queuedCount > 0) return "waiting";
  return processingCount > 0 ? "open" : "idle";
}
