// The versions of a pipeline's code that its last runs had, what changed from one to the next, and
// how the building of the code went.

import { h, link } from './dom.js';
import * as api from './api.js';
import { counted, empty, loading, numberOf, origin, runLine, runPage, subject, trouble } from './parts.js';
import { differences, planLines } from './planlines.js';

const LOOKED_AT = 100;
const BUILDS = 10;

/** The versions in `runs`, which are newest first: {bundle, first, last, count}, newest first. */
export function versionsOf(runs) {
  const found = new Map();
  for (const run of runs) {
    const known = found.get(run.bundle) ?? { bundle: run.bundle, last: run, count: 0 };
    found.set(run.bundle, { ...known, first: run, count: known.count + 1 });
  }
  return [...found.values()];
}

export class Versions {
  #app;
  #name;
  #versions = null;
  #builds = [];
  #problem = null;
  #plans = new Map();

  constructor(app, name) {
    this.#app = app;
    this.#name = name;
  }

  async load(source) {
    try {
      const [runs, builds] = await Promise.all([
        api.runs(this.#name, null, LOOKED_AT),
        api.runs(`${source} :: pipeline code`, null, BUILDS).catch((e) => (e.status === 404 ? { items: [] } : Promise.reject(e))),
      ]);
      this.#versions = versionsOf(runs.items);
      this.#builds = builds.items;
      this.#problem = null;
    } catch (e) {
      this.#problem = e;
    }
    this.#app.refresh();
  }

  view(source) {
    if (!this.#versions) {
      return this.#problem ? trouble(this.#problem, () => this.load(source)) : loading('versions');
    }
    return [
      h('section', { class: 'versions', key: 'versions', 'aria-labelledby': 'versions' },
        h('h2', { id: 'versions' }, 'Versions'),
        this.#versions.length === 0
          ? empty('No versions yet', h('p', {}, 'The first run brings the first one.'))
          : h('ul', { class: 'lines' }, this.#versions.map((version, i) => this.#line(version, this.#versions[i + 1] ?? null)))),
      h('section', { class: 'versions', key: 'builds', 'aria-labelledby': 'builds' },
        h('h2', { id: 'builds' }, 'Builds of the pipeline code'),
        this.#builds.length === 0
          ? h('p', { class: 'quiet' }, 'None is known.')
          : h('ul', { class: 'lines' }, this.#builds.map((run) => runLine(run, false)))),
    ];
  }

  #line(version, older) {
    const key = version.bundle;
    return h('li', { class: 'line version', key },
      h('div', { class: 'line-main' },
        h('div', { class: 'subject-line' },
          h('code', { title: key }, key.replace('sha256:', '').slice(0, 10)),
          h('span', { class: 'subject' }, subject(version.first))),
        h('div', { class: 'line-more' },
          h('span', {}, 'since ', link(runPage(version.first.id), {}, `#${numberOf(version.first)}`)),
          origin(version.first),
          h('span', {}, counted(version.count, 'run')))),
      h('div', { class: 'line-end' }, h('pw-ago', { at: version.first.queuedAt })),
      older
        ? h('details', { class: 'howto', ontoggle: (event) => event.target.open && this.#compare(version, older) },
            h('summary', {}, 'What changed'), this.#changes(key))
        : null);
  }

  async #compare(version, older) {
    if (this.#plans.has(version.bundle)) {
      return;
    }
    this.#plans.set(version.bundle, {});
    try {
      const [left, right] = await Promise.all([api.run(older.last.id), api.run(version.first.id)]);
      const known = left.plan && right.plan;
      this.#plans.set(version.bundle, { lines: known ? differences(planLines(left.plan), planLines(right.plan)) : null });
    } catch (problem) {
      this.#plans.set(version.bundle, { problem });
    }
    this.#app.refresh();
  }

  #changes(bundle) {
    const found = this.#plans.get(bundle);
    if (!found || found.problem) {
      return found?.problem ? trouble(found.problem, null) : null;
    }
    if (found.lines === undefined) {
      return loading('plans');
    }
    if (found.lines === null) {
      return h('p', { class: 'quiet' }, 'These plans cannot be compared.');
    }
    return found.lines.every(({ mark }) => mark === ' ')
      ? h('p', { class: 'quiet' }, 'The plan is the same: what changed is inside the steps.')
      : h('pre', { class: 'diff', tabindex: '0', 'aria-label': 'Changes of the plan' },
          found.lines.map(({ mark, text }) => h('span', { class: { '+': 'added', '-': 'removed' }[mark] ?? 'kept' }, `${mark} ${text}\n`)));
  }
}
