// Two attempts of a run side by side: every step with its outcome and its duration.

import { h, link } from './dom.js';
import { firstLine, runPage } from './parts.js';
import { lookOf, stateIcon } from './states.js';
import { duration, secondsBetween } from './time.js';

const NOTICED_SECONDS = 2;
const NOTICED_SHARE = 0.2;

/**
 * The steps of both runs by path, in the order of the right one: {path, left, right, change}.
 * `change` is `outcome`, `slower`, `faster`, `left only`, `right only` or null.
 */
export function pairsOf(left, right) {
  const before = new Map(left.steps.map((step) => [step.path, step]));
  const after = new Set(right.steps.map((step) => step.path));
  const pairs = right.steps.map((step) => [step.path, before.get(step.path) ?? null, step]);
  const gone = left.steps.filter((step) => !after.has(step.path)).map((step) => [step.path, step, null]);
  return [...pairs, ...gone].map(([path, a, b]) => ({ path, left: a, right: b, change: changeOf(a, b) }));
}

function changeOf(left, right) {
  if (!left || !right) {
    return left ? 'left only' : 'right only';
  }
  if (left.state !== right.state || left.outcome !== right.outcome) {
    return 'outcome';
  }
  const more = gained(left, right);
  const noticed = Math.max(NOTICED_SECONDS, NOTICED_SHARE * (tookOf(left) ?? 0));
  return more === null || Math.abs(more) < noticed ? null : more > 0 ? 'slower' : 'faster';
}

function tookOf(step) {
  return step?.startedAt && step.finishedAt ? secondsBetween(step.startedAt, step.finishedAt) : null;
}

function gained(left, right) {
  const [a, b] = [tookOf(left), tookOf(right)];
  return a === null || b === null ? null : b - a;
}

/** The view; `numbers` are all attempts, `choose(left, right)` shows two others. */
export function compareView(left, right, { numbers, last, choose }) {
  const pairs = pairsOf(left, right);
  const changed = pairs.filter(({ change }) => change !== null).length;
  const pick = (label, chosen, act) =>
    h('label', { class: 'pick' }, label,
      h('select', { onchange: (event) => act(Number(event.target.value)) },
        numbers.map((number) => h('option', { value: number, selected: number === chosen }, `attempt ${number}`))));
  return h('section', { class: 'panel compare', key: 'compare', 'aria-label': 'Two attempts side by side' },
    h('div', { class: 'tree-head' }, h('h2', {}, 'Compare'),
      numbers.length > 2
        ? [pick('left', left.attempt, (number) => choose(number, right.attempt)), pick('right', right.attempt, (number) => choose(left.attempt, number))]
        : null,
      h('span', { class: 'quiet' }, `${changed === 0 ? 'no step' : changed === 1 ? '1 step' : `${changed} steps`} of ${pairs.length} differ${changed === 1 ? 's' : ''}`)),
    h('table', {},
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Step'), heading(left), heading(right))),
      h('tbody', {}, pairs.map((pair) => row(pair, left, right, last)))));
}

function heading(run) {
  const look = lookOf(run.state, run.outcome);
  return h('th', { scope: 'col', class: `s-${look.key}` },
    h('span', { class: 'pair-head' }, `Attempt ${run.attempt}`),
    h('span', { class: 'badge' }, stateIcon(look.key), look.word),
    run.startedAt ? h('span', { class: 'quiet' }, h('pw-elapsed', { from: run.startedAt, to: run.finishedAt })) : null);
}

function row({ path, left, right, change }, before, after, last) {
  const names = path.split('/');
  const cellFor = (step, run, said) => cell(step, run, run.attempt === last ? {} : { attempt: run.attempt }, said);
  return h('tr', { class: change ? 'differs' : null, key: path },
    h('th', { scope: 'row', class: `depth-${Math.min(4, names.length - 1)}`, title: path }, names.at(-1)),
    cellFor(left, before, null),
    cellFor(right, after, words(change, left, right)));
}

function words(change, left, right) {
  const more = gained(left, right);
  const time = more === null ? '' : `${more > 0 ? '+' : '−'}${duration(Math.abs(more))}`;
  return { outcome: 'changed', slower: time, faster: time, 'right only': 'new' }[change] ?? null;
}

function cell(step, run, where, said) {
  if (!step) {
    return h('td', {}, h('span', { class: 'quiet' }, 'not there'));
  }
  const look = lookOf(step.state, step.outcome);
  const took = step.startedAt ? h('pw-elapsed', { from: step.startedAt, to: step.finishedAt }) : null;
  return h('td', { class: `s-${look.key}` },
    h('div', { class: 'pair' },
      link(runPage(run.id, step.path, where), { class: 'badge' }, stateIcon(look.key), h('span', {}, look.word)),
      took, said ? h('span', { class: 'tag' }, said) : null),
    step.reason ? h('p', { class: 'quiet cut' }, firstLine(step.reason)) : null);
}
