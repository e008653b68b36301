/** WebVTT to cues (W3C WebVTT, 6.1): what our own subtitles use of it, and no more. */

const TIMES = /^((?:\d+:)?\d{2}:\d{2}\.\d{3})\s+-->\s+((?:\d+:)?\d{2}:\d{2}\.\d{3})(?:\s|$)/;

/**
 * @param {string} text of a .vtt file
 * @returns {{start: number, end: number, text: string}[]} times in seconds; cues that cannot be
 *   read are left out
 */
export function cuesOf(text) {
  const blocks = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").split(/\n{2,}/);
  if (!/^WEBVTT(?:[ \t\n]|$)/.test(blocks[0])) return [];
  return blocks.slice(1).flatMap((block) => {
    const lines = block.split("\n").filter(Boolean);
    const at = lines.findIndex((line) => TIMES.test(line));
    if (at < 0 || at > 1) return []; // NOTE, STYLE and REGION have no times
    const [, start, end] = TIMES.exec(lines[at]);
    const cue = { start: seconds(start), end: seconds(end), text: lines.slice(at + 1).join("\n") };
    return cue.end > cue.start && cue.text ? [cue] : [];
  });
}

function seconds(stamp) {
  return stamp.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
