// What runs wait for, in words.

/** True if a person gives the answer. */
export function isForPeople(what) {
  return what.kind === 'APPROVAL' || what.kind === 'UNKNOWN_END';
}

/** The wait of a run worth a mention in lists: a question to people, else the oldest one. */
export function tellingWait(run) {
  const waits = run.state === 'FINISHED' ? [] : run.waits ?? [];
  return waits.find(({ what }) => isForPeople(what)) ?? (run.state === 'WAITING' ? waits[0] ?? null : null);
}

/** How many runs of a pipeline wait. */
export function waitingRuns(view) {
  return view.waiting ?? (view.current?.state === 'WAITING' ? 1 : 0);
}

/** The number of waiting runs of a pipeline if the run it shows does not tell of all of them, else 0. */
export function waitingBeside(view) {
  return waitingRuns(view) > (view.current?.state === 'WAITING' ? 1 : 0) ? waitingRuns(view) : 0;
}

/** What is waited for in a few words, such as `asks: Ship to production?`. */
export function waitWords(what) {
  const text = String(what.forWhat ?? '').split('\n', 1)[0];
  return {
    APPROVAL: `asks: ${text}`,
    UNKNOWN_END: 'asks how a step ended',
    LOCK: `waits for lock ${text}`,
    RUN: `waits for ${text}`,
  }[what.kind] ?? `waits for ${text}`;
}

/** Who holds a lock and who is before `run` in its queue: {held, before}; null if it is not known. */
export function standingInQueue(lock, run) {
  if (!lock) {
    return null;
  }
  const at = lock.waiting.findIndex((claim) => claim.run === run);
  return { held: lock.owner?.run ?? null, before: at < 0 ? lock.waiting.length : at };
}
