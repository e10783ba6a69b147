// The parts of a run's page, and its attempts, as far as there are several.

import { h, link } from './dom.js';
import { artifactsOf } from './artifacts.js';
import { firstLine, runPage } from './parts.js';
import { leavesOf, treeOf } from './plan.js';
import { lookOf, stateIcon } from './states.js';
import { countsOf } from './tests.js';

/** The bar for the attempt `shown` of the run `last`; `part` and `attempt` are what the address says. */
export function runBar(shown, last, { part, attempt }) {
  const parts = partsOf(shown, part, attempt);
  const attempts = last.attempt > 1 ? attemptsOf(last, part, attempt) : null;
  return parts.length > 1 || attempts
    ? h('div', { class: 'run-bar', key: 'bar' }, h('nav', { class: 'part-tabs', 'aria-label': 'Parts of this run' }, parts), attempts)
    : null;
}

function partsOf(run, part, attempt) {
  const tab = (name, ...words) =>
    link(runPage(run.id, null, { view: name, attempt }), { class: 'part-tab', 'data-stay': 'page', 'aria-current': part === name ? 'page' : null }, ...words);
  const tests = countsOf(run.steps);
  const bad = tests ? tests.failed + tests.errored : 0;
  const total = tests ? tests.passed + tests.skipped + bad : 0;
  const files = artifactsOf(run.steps).length;
  const number = (count) => h('span', { class: 'quiet' }, count.toLocaleString('en'));
  return [
    tab(null, 'Steps', number(leavesOf(treeOf(run)).length)),
    tests || part === 'tests'
      ? tab('tests', 'Tests', number(total), bad ? h('span', { class: 'badge s-failed' }, stateIcon('failed'), bad.toLocaleString('en'), h('span', { class: 'word' }, 'failed')) : null)
      : null,
    files ? tab('artifacts', 'Artifacts', number(files)) : null,
  ].filter(Boolean);
}

function attemptsOf(run, part, attempt) {
  const past = new Map(run.attempts.map((known) => [known.attempt, known]));
  const chosen = part === 'compare' ? null : attempt ?? run.attempt;
  const kept = part === 'compare' ? null : part;
  return h('nav', { class: 'attempts', 'aria-label': 'Attempts' },
    h('span', { class: 'quiet' }, 'Attempt'),
    Array.from({ length: run.attempt }, (_, i) => i + 1).map((number) => {
      const known = number === run.attempt ? run : past.get(number);
      const look = known ? lookOf(known.state ?? 'FINISHED', known.outcome) : lookOf(null, null);
      const words = `Attempt ${number}: ${look.word}${known?.reason ? `, ${firstLine(known.reason)}` : ''}`;
      return link(runPage(run.id, null, { view: kept, attempt: number === run.attempt ? null : number }), {
        class: `attempt s-${look.key}`, title: words, 'aria-label': words, 'data-stay': 'page', 'aria-current': number === chosen ? 'page' : null,
      }, stateIcon(look.key), String(number));
    }),
    link(runPage(run.id, null, { view: 'compare' }), { class: 'attempt', 'data-stay': 'page', 'aria-current': part === 'compare' ? 'page' : null }, 'Compare'));
}
