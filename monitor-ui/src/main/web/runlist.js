// A page of runs that is kept up to date while it is looked at. Pure.

/** Newest first, as the server lists them: runs of one pipeline by number, those of all by when they were queued. */
function byPlace(ofAll) {
  return (a, b) =>
    (ofAll ? Date.parse(b.queuedAt) - Date.parse(a.queuedAt) || b.pipeline.localeCompare(a.pipeline) : 0) || b.number - a.number;
}

/**
 * The page after `run` has changed, in the order of the server: without it if it is not `wanted` any
 * more. A run that was not on the page comes only if it belongs there: not to an older page, of which
 * `isNewest` is false, and not where older runs were left out behind the last one, as `isWhole` tells.
 */
export function withRun(runs, run, { wanted, ofAll, isNewest, isWhole }) {
  const known = runs.find(({ id }) => id === run.id);
  if (known ? run.version < known.version : !wanted || !isNewest) {
    return runs;
  }
  const others = runs.filter((other) => other !== known);
  if (!wanted) {
    return others;
  }
  const placed = [...others, run].sort(byPlace(ofAll));
  return known || isWhole || placed.at(-1) !== run ? placed : runs;
}
