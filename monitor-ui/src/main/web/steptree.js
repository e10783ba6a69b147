// The steps of a run as a tree that can be folded.

import { h, link, svg } from './dom.js';
import { menu } from './menu.js';
import { counted } from './parts.js';
import { leavesOf, walk } from './plan.js';
import { isBroken, lookOf, stateIcon } from './states.js';
import { now } from './time.js';

export class StepTree {
  #app;
  #folded = new Set();

  constructor(app) {
    this.#app = app;
  }

  /**
   * The tree of `run`; `chosen` is the node whose output is shown. `page(path)` is the address of a
   * step, `items(node)` its menu.
   */
  view(tree, { run, chosen, page, items }) {
    if (tree.length === 0) {
      return h('p', { class: 'quiet' }, 'The plan of this run is not known.');
    }
    const foldable = [];
    walk(tree, (node) => node.children.length > 0 && foldable.push(node.key));
    const waits = new Map((run.state === 'FINISHED' ? [] : run.waits).map((wait) => [wait.path, wait]));
    let menus = false;
    walk(tree, (node) => {
      menus ||= items(node).length > 0;
    });
    const context = { run, chosen, page, items, waits, menus };
    return [
      h('div', { class: 'tree-head' }, h('h2', {}, 'Steps'), counts(tree),
        foldable.length > 1
          ? h('button', { type: 'button', class: 'small', onclick: () => this.#foldAll(foldable) }, this.#folded.size ? 'Unfold all' : 'Fold all')
          : null),
      h('ul', { class: 'steps' }, tree.map((node) => this.#node(node, context))),
    ];
  }

  #foldAll(keys) {
    this.#folded = this.#folded.size ? new Set() : new Set(keys);
    this.#app.refresh();
  }

  #fold(key) {
    if (!this.#folded.delete(key)) {
      this.#folded.add(key);
    }
    this.#app.refresh();
  }

  #node(node, context) {
    const look = lookOf(node.phase, node.outcome);
    const folded = this.#folded.has(node.key);
    const stage = node.children.some((child) => !child.role);
    const chosen = node === context.chosen;
    const body = [
      stateIcon(look.key, look.word),
      h('span', { class: 'step-name', title: node.name }, node.name),
      tags(node),
      stage && node.detail && node.detail !== node.name ? h('span', { class: 'step-detail', title: node.detail }, node.detail) : null,
      (isBroken(node.outcome) && !badTests(node.tests)) || node.phase === 'WAITING' ? h('span', { class: 'step-word' }, look.word) : null,
    ];
    const line = node.path && !stage
      ? link(context.page(node.path), { class: 'step', 'aria-current': chosen ? 'true' : null, 'data-stay': 'log' }, body)
      : h('button', { type: 'button', class: 'step', 'aria-expanded': String(!folded), onclick: () => this.#fold(node.key) },
          h('span', { class: 'fold', 'aria-hidden': 'true' }, folded ? '▸' : '▾'), body);
    return h(
      'li',
      { class: `step-node s-${look.key}${stage ? ' stage' : ''}${chosen ? ' chosen' : ''}`, key: node.key },
      h('div', { class: 'step-line' }, line, when(node, context.run), h('span', { class: 'step-time' }, time(node, context.waits)),
        menu(`More about ${node.path ?? node.name}`, context.items(node)) ?? (context.menus ? h('span', { class: 'menu' }) : null)),
      folded || node.children.length === 0 ? null : h('ul', {}, node.children.map((child) => this.#node(child, context))),
    );
  }
}

function tags(node) {
  return [
    node.role ? h('span', { class: 'tag' }, node.role === 'ensure' ? 'always' : 'on failure') : null,
    node.allowFailure ? h('span', { class: 'tag' }, 'may fail') : null,
    node.attempt > 1 ? h('span', { class: 'tag' }, `attempt ${node.attempt} of ${node.attempts}`) : null,
    testTag(node.tests),
  ];
}

/** The tests of a step in a word: how many, or how many did not pass. */
function testTag(tests) {
  if (!tests) {
    return null;
  }
  const all = counted(tests.passed + tests.failed + tests.errored + tests.skipped, 'test');
  const bad = badTests(tests);
  return bad > 0
    ? h('span', { class: 'tag s-failed bad-tests', title: `${bad} of ${all} failed` }, `${bad.toLocaleString('en')} failed`)
    : h('span', { class: 'tag' }, all);
}

function badTests(tests) {
  return tests ? tests.failed + tests.errored : 0;
}

function counts(tree) {
  const leaves = leavesOf(tree);
  const done = leaves.filter((node) => node.phase === 'FINISHED').length;
  return h('span', { class: 'quiet' }, `${done} of ${leaves.length} done`);
}

/** How long a step took, takes, or waits. */
function time(node, waits) {
  const from = (node.phase === 'WAITING' ? waits.get(node.path)?.since : null) ?? node.startedAt;
  return from ? h('pw-elapsed', { from, to: node.finishedAt }) : null;
}

/** Where in the time of the run a step ran. */
function when(node, run) {
  const begin = Date.parse(run.startedAt);
  const whole = (Date.parse(run.finishedAt) || now()) - begin;
  if (!node.startedAt || !(whole > 0)) {
    return h('span', { class: 'when' });
  }
  const percent = (at) => Math.min(100, Math.max(0, ((at - begin) / whole) * 100));
  const x = percent(Date.parse(node.startedAt));
  const width = Math.max(1.5, percent(Date.parse(node.finishedAt) || now()) - x);
  return svg('svg', { class: 'when', 'aria-hidden': 'true' },
    svg('rect', { class: 'whole', width: '100%', height: '100%', rx: 2 }),
    svg('rect', { class: 'part', x: `${Math.min(x, 98.5)}%`, width: `${width}%`, height: '100%', rx: 2 }));
}
