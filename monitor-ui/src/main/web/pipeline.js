// The history of one pipeline, or of all of them.

import { h, link } from './dom.js';
import * as api from './api.js';
import * as live from './live.js';
import { askStart } from './dialogs.js';
import { isBroken, isPipelineCode, lookOf, outcomeLook } from './states.js';
import { badge, columns, empty, fact, loading, runLine, shortRef, StartNote, trouble, whole } from './parts.js';

export class PipelinePage {
  #view = null;
  #runs = null;
  #next = null;
  #problem = null;
  #busy = false;
  #started;
  #stops = [];

  /** `name` null means the runs of all pipelines. */
  constructor(app, name) {
    this.app = app;
    this.name = name;
    this.title = name ?? 'Runs';
    this.#started = new StartNote(app);
  }

  enter() {
    this.#stops = [
      live.on('pipeline', (view) => {
        if (view.name === this.name) {
          this.#view = view;
          this.app.refresh();
        }
      }),
      live.on('run', (run) => this.changed(run)),
      live.on('up', () => this.load()),
    ];
    this.load();
  }

  leave() {
    this.#stops.forEach((stop) => stop());
    this.#started.stop();
  }

  changed(run) {
    if (!this.#runs || (this.name !== null && run.pipeline !== this.name)) {
      return;
    }
    const at = this.#runs.findIndex((known) => known.id === run.id);
    if (at < 0) {
      this.#runs.unshift(run);
    } else if (run.version >= this.#runs[at].version) {
      this.#runs[at] = run;
    }
    this.app.refresh();
  }

  async load() {
    try {
      const [view, page] = await Promise.all([
        this.name === null ? null : api.pipeline(this.name),
        api.runs(this.name, null),
      ]);
      this.#view = view;
      this.#runs = page.items;
      this.#next = page.next;
      this.#problem = null;
    } catch (e) {
      this.#problem = e;
    }
    this.app.refresh();
  }

  async more() {
    this.#busy = true;
    this.app.refresh();
    try {
      const page = await api.runs(this.name, this.#next);
      const known = new Set(this.#runs.map((run) => run.id));
      this.#runs.push(...page.items.filter((run) => !known.has(run.id)));
      this.#next = page.next;
      this.#problem = null;
    } catch (e) {
      this.#problem = e;
    }
    this.#busy = false;
    this.app.refresh();
  }

  async start() {
    const last = this.#runs?.[0];
    const accepted = await askStart(this.name, this.#view?.source ?? last?.source, null, null);
    if (accepted) {
      this.#started.begin(accepted);
    }
  }

  view() {
    if (!this.#runs) {
      return this.#problem ? trouble(this.#problem, () => this.load()) : loading('runs');
    }
    return [
      this.name === null ? h('div', { class: 'page-head' }, h('h1', {}, 'Runs')) : this.#head(),
      this.#started.view(),
      this.#problem ? trouble(this.#problem, () => this.load()) : null,
      this.#runs.length === 0
        ? empty('No runs yet', h('p', {}, 'Push a commit', this.name === null ? '.' : ', or start one by hand.'))
        : h('ul', { class: 'lines' }, this.#runs.map((run) => runLine(run, this.name === null))),
      this.#next
        ? h('button', { type: 'button', class: 'more', disabled: this.#busy, onclick: () => this.more() }, this.#busy ? 'Loading…' : 'Older runs')
        : null,
    ];
  }

  #head() {
    const view = this.#view;
    const look = outcomeLook(view.outcome);
    return [
      h('nav', { class: 'crumbs', 'aria-label': 'Where you are' }, link('/', {}, 'Pipelines')),
      h(
        'div',
        { class: 'page-head' },
        h('h1', {}, this.name),
        h('p', { class: 'summary' }, badge(look), view.current ? badge(lookOf(view.current.state)) : null),
        isPipelineCode(this.name)
          ? h('span', { class: 'quiet' }, 'Runs by itself when the pipeline code changes.')
          : h('button', { type: 'button', class: 'primary', onclick: () => this.start() }, 'Start'),
      ),
      h(
        'dl',
        { class: 'facts' },
        fact('Source', link(`/deliveries?source=${encodeURIComponent(view.source)}`, {}, view.source)),
        isBroken(view.outcome) && view.since ? fact('Broken for', h('pw-elapsed', { from: view.since })) : null,
        isBroken(view.outcome) && view.brokenBy ? fact('Broken by', view.brokenBy) : null,
        view.typicalSeconds ? fact('Typically takes', whole(view.typicalSeconds)) : null,
        view.lastFinished ? fact('Last ref', shortRef(view.lastFinished.ref)) : null,
        view.recent?.length ? fact('Last runs', columns(view.recent, Math.min(24, view.recent.length))) : null,
      ),
    ];
  }
}
