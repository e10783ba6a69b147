// One step of a run: what is known of it, and its output.

import { h, link } from './dom.js';
import { artifactLink } from './artifacts.js';
import { badge, counted, runPage } from './parts.js';
import { isBroken, lookOf } from './states.js';
import './logview.js';

/**
 * The step `chosen` of `run`; `asked` is the step in the address, null if the page chose one itself;
 * `where` is the attempt if it is not the last one.
 */
export function outputOf(chosen, run, asked, where) {
  if (!chosen) {
    return h('p', { class: 'note' }, asked
      ? `There is no step “${asked}” in this run.`
      : 'Output appears here as soon as a step begins. Choose a step to see its own.');
  }
  const look = lookOf(chosen.phase, chosen.outcome);
  return [
    h('div', { class: 'log-head' },
      badge(look), h('h2', {}, chosen.path),
      chosen.startedAt ? h('span', { class: 'quiet' }, h('pw-elapsed', { from: chosen.startedAt, to: chosen.finishedAt })) : null,
      asked ? null : h('span', { class: 'tag' }, isBroken(chosen.outcome) ? 'what broke' : 'newest'),
      needs(chosen)),
    chosen.detail ? h('code', { class: 'log-command' }, chosen.detail) : null,
    chosen.reason ? h('p', { class: `reason s-${look.key}` }, chosen.reason) : null,
    chosen.tests
      ? h('p', { class: 'artifacts' }, link(runPage(run.id, null, { view: 'tests', attempt: where }), { 'data-stay': 'page' }, testWords(chosen.tests)))
      : null,
    chosen.artifacts.length
      ? h('p', { class: 'artifacts' }, 'Artifacts: ', chosen.artifacts.map((file) => h('span', {}, artifactLink(run.id, file, !where))))
      : null,
    h('pw-log', {
      key: `log ${run.id} ${run.attempt} ${chosen.path}`, run: run.id, step: chosen.path, attempt: where,
      phase: chosen.phase, bytes: String(chosen.logBytes), started: chosen.startedAt,
    }),
  ];
}

function testWords({ passed, failed, errored, skipped }) {
  const bad = failed + errored;
  return `${counted(passed + bad + skipped, 'test')}${bad ? `, ${bad} failed` : ''}${skipped ? `, ${skipped} skipped` : ''}`;
}

/** What a step asks of its surroundings, as far as it helps to understand how it ran. */
function needs({ needs: asked }) {
  return asked
    ? [
        asked.atMostOnce ? h('span', { class: 'tag' }, 'runs once at the most') : null,
        asked.locks.map((name) => h('span', { class: 'tag' }, `lock ${name}`)),
        asked.image ? h('span', { class: 'tag cut' }, asked.image) : null,
      ]
    : null;
}
