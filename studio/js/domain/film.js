/**
 * What is known of a film, event by event: pure, the same as the command line's
 * (src/reelstep/client/progress.py). The log has a gapless `seq`, so an event that comes twice, or
 * again after a connection was lost, changes nothing. Times are milliseconds since 1970.
 */

export const PHASES = [
  "SCRIPT_GENERATION",
  "ASSET_GENERATION",
  "COMPOSITING",
  "RENDERING",
  "ENCODING",
  "FINALIZATION",
];

const ENDS = new Set(["COMPLETED", "FAILED", "CANCELLED"]);

/**
 * A film of which nothing is known yet.
 *
 * @typedef {{name: string, percent: number, started: number|null, ended: number|null,
 *   failed: boolean, message: string}} Phase `percent` of this phase alone, never going down
 * @returns {{id: string, status: string, percent: number, phases: Phase[], message: string,
 *   position: number|null, seq: number, queued: number|null, started: number|null,
 *   ended: number|null, error: {code: string, message: string, stage: string}|null}}
 */
export function empty(id) {
  return {
    id,
    status: "QUEUED",
    percent: 0,
    phases: PHASES.map((name) => ({
      name,
      percent: 0,
      started: null,
      ended: null,
      failed: false,
      message: "",
    })),
    message: "",
    position: null,
    seq: 0,
    queued: null,
    started: null,
    ended: null,
    error: null,
  };
}

/** Whether it has ended; a failed film may be tried again. */
export function finished(film) {
  return ENDS.has(film.status);
}

/** The latest phase that has begun; null before the first. */
export function current(film) {
  return film.phases.findLast((phase) => phase.started !== null) ?? null;
}

/** Seconds since it began to wait, until it ended or `now`; null where that is not known. */
export function elapsed(film, now) {
  const since = film.queued ?? film.started;
  return since === null ? null : Math.max(0, ((film.ended ?? now) - since) / 1000);
}

/** Seconds that a phase has run, or ran; null before it starts. */
export function phaseSeconds(phase, now) {
  return phase.started === null ? null : Math.max(0, ((phase.ended ?? now) - phase.started) / 1000);
}

/** The film after `event`; one that is in it already changes nothing. */
export function apply(film, event) {
  if (event.seq <= film.seq) return film;
  const at = Date.parse(event.at);
  // A failed film that goes on was tried again; what it had finished stays finished.
  const goesOn = event.event === "job:queued" || event.event === "job:started";
  const again = film.status === "FAILED" && goesOn;
  const known = { ...(again ? anew(film) : film), seq: event.seq };
  switch (event.event) {
    case "job:queued": {
      const position = event.position ?? null;
      return { ...known, queued: known.queued ?? at, position, started: null };
    }
    case "job:started":
      return {
        ...known,
        status: "PROCESSING",
        started: at,
        queued: known.queued ?? at,
        phases: begunInTurn(known.phases, at),
      };
    case "job:progress":
      return progressed(known, event, at);
    case "job:completed":
      return completed(known, at);
    case "job:failed":
      return event.retryIn === undefined || event.retryIn === null
        ? failed(known, event.error ?? {}, at)
        : known;
    case "job:cancelled":
      return { ...known, status: "CANCELLED", ended: at };
    default:
      return known;
  }
}

/** A film as its record (GET /api/v1/videos/{id}) tells it; its `seq` is 0, as none was seen. */
export function fromDetails(details) {
  const film = {
    ...empty(details.id),
    status: details.status,
    percent: details.progressPercentage,
    position: details.queuePosition ?? null,
    queued: instant(details.createdAt),
    ended: ENDS.has(details.status) ? instant(details.completedAt) : null,
  };
  const told = new Map((details.phases ?? []).map((phase) => [phase.phase, phase]));
  film.phases = film.phases.map((phase) => {
    const known = told.get(phase.name);
    if (!known) return phase;
    const [started, ended] = [instant(known.startedAt), instant(known.completedAt)];
    return { ...phase, percent: known.progressPercentage, started, ended };
  });
  film.started = film.phases.find((phase) => phase.started !== null)?.started ?? null;
  if (details.status !== "FAILED") return film;
  const error = {
    code: details.errorCode ?? "",
    message: details.errorMessage ?? "",
    stage: details.errorPhase ?? details.currentPhase ?? "",
  };
  return { ...film, error, phases: markFailed(film.phases, error.stage, film.ended) };
}

function anew(film) {
  return {
    ...film,
    status: "QUEUED",
    position: null,
    queued: null,
    started: null,
    ended: null,
    error: null,
    phases: film.phases.map((phase) =>
      phase.percent >= 100 && !phase.failed
        ? phase
        : { ...phase, started: null, ended: null, failed: false },
    ),
  };
}

function progressed(film, event, at) {
  const here = PHASES.indexOf(event.stage);
  const phases = film.phases.map((phase, index) => afterProgress(phase, index, here, event, at));
  return {
    ...film,
    status: "PROCESSING",
    percent: Math.max(film.percent, event.percent ?? 0),
    phases: begunInTurn(phases, film.started ?? at),
    message: event.message || film.message,
    started: film.started ?? at,
  };
}

/** A phase after a progress event of the phase with index `here`; earlier ones are done. */
function afterProgress(phase, index, here, event, at) {
  if (index < here && (phase.percent < 100 || phase.ended === null)) {
    return { ...phase, percent: 100, ended: phase.ended ?? at };
  }
  if (index !== here) return phase;
  const percent = Math.min(100, Math.max(phase.percent, event.stagePercent ?? 0));
  const ended = percent >= 100 ? (phase.ended ?? at) : null;
  return { ...phase, percent, ended, message: event.message || phase.message };
}

/**
 * Each phase begins when the one before it ends: its first event comes with its first unit. None
 * begins before `first`, the start of this attempt; those of earlier attempts keep theirs.
 */
function begunInTurn(phases, first) {
  let before = first;
  return phases.map((phase) => {
    const turn = before === null ? null : Math.max(before, first);
    const begun = { ...phase, started: phase.started ?? turn };
    before = phase.ended;
    return begun;
  });
}

function completed(film, at) {
  const phases = film.phases.map((phase) => ({ ...phase, percent: 100, ended: phase.ended ?? at }));
  return { ...film, status: "COMPLETED", percent: 100, ended: at, phases };
}

function failed(film, said, at) {
  const stage = said.stage || current(film)?.name || "";
  const error = { code: said.code ?? "", message: said.message ?? "", stage };
  const phases = markFailed(film.phases, stage, at);
  return { ...film, status: "FAILED", ended: at, error, phases };
}

function markFailed(phases, stage, at) {
  return phases.map((phase) =>
    phase.name === stage ? { ...phase, failed: true, ended: at } : phase,
  );
}

function instant(iso) {
  return iso ? Date.parse(iso) : null;
}
