// The tests of a run: those that did not pass first, each with its message, trace and history.

import { h, link } from './dom.js';
import * as api from './api.js';
import { counted, loading, runPage, trouble } from './parts.js';
import { stateIcon } from './states.js';
import { duration, inFull } from './time.js';

const SHOWN = 200;
const LOOKS = {
  FAILED: ['failed', 'failed'],
  ERRORED: ['errored', 'errored'],
  PASSED: ['succeeded', 'passed'],
  SKIPPED: ['skipped', 'skipped'],
};

const lookOf = (result) => LOOKS[result] ?? ['none', String(result)];
const isBad = (test) => test.result === 'FAILED' || test.result === 'ERRORED';

/** All tests of a run together, from its steps; null if there are none. */
export function countsOf(steps) {
  const found = steps.map((step) => step.tests).filter(Boolean);
  const sum = (name) => found.reduce((all, tests) => all + tests[name], 0);
  return found.length === 0 ? null
    : { passed: sum('passed'), failed: sum('failed'), errored: sum('errored'), skipped: sum('skipped'), seconds: sum('seconds') };
}

/** The cases to show, bad ones first, otherwise in their order: all that match, or only bad ones. */
export function casesOf(report, query, all) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = report.cases.filter((test) => {
    const text = `${test.suite} ${test.name} ${lookOf(test.result)[1]}`.toLowerCase();
    return (all || words.length > 0 || isBad(test)) && words.every((word) => text.includes(word));
  });
  return [...found.filter(isBad), ...found.filter((test) => !isBad(test))];
}

/** The tests of one attempt of one run. */
export class TestsView {
  #app;
  #run;
  #pipeline;
  #attempt;
  #key = null;
  #found = null;
  #problem = null;
  #all = false;
  #query = '';
  #whole = new Set();
  #histories = new Map();

  /** `attempt` null means the last one. */
  constructor(app, run, pipeline, attempt) {
    this.#app = app;
    this.#run = run;
    this.#pipeline = pipeline;
    this.#attempt = attempt;
  }

  /** Shows the tests; they are fetched again when `steps` have other reports than before. */
  view(steps) {
    const key = steps.map((step) => step.testReport).filter(Boolean).join(' ');
    if (key !== this.#key) {
      this.#key = key;
      this.#load();
    }
    if (this.#problem) {
      return trouble(this.#problem, () => this.#load());
    }
    if (!this.#found) {
      return loading('tests');
    }
    const { counts, steps: reports } = this.#found;
    return h('section', { class: 'panel tests', key: 'tests', 'aria-label': 'Tests' },
      h('div', { class: 'tree-head' }, h('h2', {}, 'Tests'), summary(counts),
        h('input', {
          type: 'search', class: 'small-filter', placeholder: 'Filter tests', 'aria-label': 'Filter tests',
          oninput: (event) => this.#search(event.target.value),
        }),
        h('button', { type: 'button', class: 'small', 'aria-pressed': String(this.#all), onclick: () => this.#toggle() },
          this.#all ? 'Only what did not pass' : 'Show passed, too')),
      reports.map(({ path, report }) => this.#step(path, report, reports.length === 1)));
  }

  async #load() {
    const key = this.#key;
    try {
      const found = await api.tests(this.#run, this.#attempt);
      if (key === this.#key) {
        this.#found = found;
        this.#problem = null;
      }
    } catch (e) {
      this.#problem = e;
    }
    this.#app.refresh();
  }

  #search(text) {
    this.#query = text;
    this.#app.refresh();
  }

  #toggle() {
    this.#all = !this.#all;
    this.#app.refresh();
  }

  #step(path, report, alone) {
    const cases = casesOf(report, this.#query, this.#all);
    const shown = this.#whole.has(path) ? cases : cases.slice(0, SHOWN);
    return h('section', { class: 'test-step', key: path },
      h('h3', {}, link(runPage(this.#run, path, { attempt: this.#attempt }), {}, path), alone ? null : [' ', summary(report.counts)]),
      shown.length === 0
        ? h('p', { class: 'quiet hint' }, this.#query.trim() ? 'No test matches.' : `${report.counts.passed === 1 ? 'The one test' : 'Everything'} here passed or was skipped.`)
        : h('ul', { class: 'cases' }, shown.map((test) => this.#case(path, test))),
      cases.length > shown.length
        ? h('button', { type: 'button', class: 'small more', onclick: () => this.#whole.add(path) && this.#app.refresh() }, `Show ${cases.length - shown.length} more`)
        : null,
      report.omitted > 0
        ? h('p', { class: 'quiet hint' }, `${counted(report.omitted, 'more test')} ${report.omitted === 1 ? 'is' : 'are'} counted but not listed.`)
        : null);
  }

  #case(path, test) {
    const [key, word] = lookOf(test.result);
    const id = `${test.suite}\n${test.name}`;
    return h('li', { key: `${path}\n${id}` },
      h('details', { class: `case s-${key}`, ontoggle: (event) => event.target.open && this.#history(test) },
        h('summary', {},
          stateIcon(key, word),
          h('span', { class: 'case-name' }, h('strong', {}, test.name), ' ', h('span', { class: 'quiet' }, test.suite),
            test.message && isBad(test) ? h('span', { class: 'case-message' }, String(test.message).split('\n', 1)[0]) : null),
          h('span', { class: 'step-time' }, duration(test.seconds))),
        h('div', { class: 'case-more' },
          test.message ? h('p', { class: 'case-whole' }, test.message) : null,
          test.detail ? h('pre', { class: 'trace', tabindex: '0' }, test.detail) : null,
          this.#dots(this.#histories.get(id)))));
  }

  async #history({ suite, name }) {
    const id = `${suite}\n${name}`;
    const known = this.#histories.get(id);
    if (known && !known.problem) {
      return;
    }
    this.#histories.set(id, {});
    try {
      this.#histories.set(id, { entries: (await api.testHistory(this.#pipeline, suite, name)).entries });
    } catch (problem) {
      this.#histories.set(id, { problem });
    }
    this.#app.refresh();
  }

  #dots(history) {
    if (history?.problem) {
      return h('p', { class: 'quiet' }, `Its history cannot be shown: ${history.problem.message}`);
    }
    if (!history?.entries) {
      return h('p', { class: 'quiet' }, 'Loading its history…');
    }
    const entries = [...history.entries].reverse();
    const bad = entries.filter(isBad).length;
    return entries.length === 0
      ? h('p', { class: 'quiet' }, 'No other run had this test.')
      : h('div', { class: 'history' },
          h('span', { class: 'quiet' }, `Last ${counted(entries.length, 'run')}, ${bad === 0 ? 'never broken' : `${bad} broken`}`),
          h('ol', { class: 'dots' }, entries.map((entry) => this.#dot(entry))));
  }

  #dot(entry) {
    const [key, word] = lookOf(entry.result);
    const name = entry.attempt > 1 ? `${entry.run}.${entry.attempt}` : entry.run;
    const words = `${name} ${word}, ${duration(entry.seconds)}, ${inFull(entry.at)}`;
    const here = entry.run === this.#run && (this.#attempt === null || entry.attempt === this.#attempt);
    return h('li', { class: `s-${key}${here ? ' here' : ''}`, key: name },
      link(runPage(entry.run, null, { view: 'tests' }), { title: words, 'aria-label': words }, stateIcon(key)));
  }
}

function summary({ passed, failed, errored, skipped, seconds }) {
  const part = (count, key, word) =>
    count > 0 ? h('span', { class: `badge s-${key}` }, stateIcon(key), `${count.toLocaleString('en')} ${word}`) : null;
  return h('span', { class: 'test-summary' },
    part(failed, 'failed', 'failed'), part(errored, 'errored', 'errored'), part(passed, 'succeeded', 'passed'), part(skipped, 'skipped', 'skipped'),
    h('span', { class: 'quiet' }, duration(seconds)));
}
