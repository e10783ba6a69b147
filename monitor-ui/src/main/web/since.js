// What a run brought that the last green run of its branch had not: the runs since, their people and the
// newest commit of each push; what else was pushed with it is not kept.

import { h, link } from './dom.js';
import * as api from './api.js';
import { badge, counted, numberOf, runPage, subject } from './parts.js';
import { lookOf } from './states.js';

const LOOKED_AT = 50;
const SHOWN = 20;

/**
 * What is new in `run`: `green`, the last run before it that succeeded, null if none of those looked
 * at did; `runs`, it and those between, newest first; `whole` if nothing older was left out.
 */
export async function newSince(run) {
  const { items, next } = await api.runs(run.pipeline, run.number, LOOKED_AT, { ref: run.ref });
  const at = items.findIndex((known) => known.outcome === 'SUCCEEDED');
  const between = at < 0 ? items : items.slice(0, at);
  return { green: items[at] ?? null, runs: [run, ...between], whole: at >= 0 || !next };
}

/** One entry for each commit of `runs`, newest first: the first run that had it. */
export function commitsOf(runs) {
  const found = new Map();
  for (const run of runs) {
    found.set(run.commit, run);
  }
  return [...found.values()];
}

/** The view of what `newSince` gave. */
export function sinceView({ green, runs, whole }) {
  const commits = commitsOf(runs).filter((run) => run.commit !== green?.commit);
  const people = [...new Set(commits.map((run) => run.cause?.by).filter(Boolean))];
  const since = green
    ? `since #${numberOf(green)}, the last green run`
    : whole ? 'No run of this branch was green before' : `None of the last ${LOOKED_AT} runs was green`;
  const what = commits.length === 0 ? 'Nothing is new ' : `${counted(commits.length, 'push', 'pushes')}${people.length ? ` by ${listed(people)}` : ''} `;
  return h('details', { class: 'since', key: 'since' },
    h('summary', {}, green ? what + since : `${since}: ${what.trim()}`),
    h('ul', {}, commits.slice(0, SHOWN).map((run) =>
      h('li', { key: run.id },
        h('code', { title: run.commit }, String(run.commit).slice(0, 8)),
        h('span', { class: 'subject' }, subject(run) || 'no message'),
        h('span', { class: 'quiet' }, run.cause?.by ?? ''),
        link(runPage(run.id), { class: 'number' }, `#${numberOf(run)}`),
        badge(lookOf(run.state, run.outcome))))),
    h('p', { class: 'quiet' },
      commits.length > SHOWN ? `and ${commits.length - SHOWN} more ` : null,
      green ? link(runPage(green.id), {}, `The last green run, #${numberOf(green)}`) : null));
}

function listed(people) {
  return people.length > 3 ? `${people.slice(0, 3).join(', ')} and ${people.length - 3} more` : people.join(', ');
}
