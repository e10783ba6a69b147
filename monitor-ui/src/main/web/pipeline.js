// The history of one pipeline, or of all of them, a page at a time; what is shown is in the address.

import { h, link } from './dom.js';
import * as api from './api.js';
import * as live from './live.js';
import { OnIt } from './mending.js';
import { askStart } from './dialogs.js';
import { choice, filtered, filtersOf, readerName, refsOf, STATES, toggle, wants } from './filters.js';
import { isBroken, isPipelineCode, lookOf, outcomeLook } from './states.js';
import { durationChart } from './durations.js';
import { badge, empty, fact, loading, pipelinePage, runLine, runPage, shortRef, StartNote, trouble, waitingLink, whole } from './parts.js';
import { withRun } from './runlist.js';
import { Soon } from './soon.js';
import { Versions } from './versions.js';
import { needs } from './session.js';

const NAMES = ['state', 'ref', 'by', 'before'];
const PAGE = 30;
/** A page that has grown to so many runs begins anew with the newest. */
const MOST = 2 * PAGE;
const SETTLE = 1000;

export class PipelinePage {
  #view = null;
  #runs = null;
  #next = null;
  #problem = null;
  #refs = new Set();
  #asked = null;
  #started;
  #versions;
  #onIt;
  #again = new Soon(SETTLE, () => this.load());
  #stops = [];

  /** `name` null means the runs of all pipelines. */
  constructor(app, name) {
    this.app = app;
    this.name = name;
    this.title = name ?? 'Runs';
    this.#started = new StartNote(app);
    this.#onIt = new OnIt(app);
    this.#versions = name === null ? null : new Versions(app, name);
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
    this.#again.stop();
    this.#started.stop();
  }

  /** Shows what the address asks for now. */
  go() {
    if (this.#asked !== location.search) {
      this.load();
    }
    this.app.refresh();
  }

  changed(run) {
    if (!this.#runs || (this.name !== null && run.pipeline !== this.name)) {
      return;
    }
    const filters = filtersOf(NAMES);
    const before = this.#runs.length;
    this.#runs = withRun(this.#runs, run, {
      wanted: wants(filters, run), ofAll: this.name === null, isNewest: !filters.before, isWhole: this.#next === null,
    });
    if (this.#runs.length > MOST || (this.#runs.length < before && this.#next !== null)) {
      this.#again.ask();
    }
    this.app.refresh();
  }

  async load() {
    const asked = location.search;
    const { before, ...filters } = filtersOf(NAMES);
    this.#asked = asked;
    try {
      const [view, page] = await Promise.all([
        this.name === null ? null : api.pipeline(this.name),
        api.runs(this.name, before, PAGE, filters),
      ]);
      if (asked !== this.#asked) {
        return;
      }
      this.#view = view;
      this.#runs = page.items;
      this.#next = page.next;
      this.#problem = null;
      if (this.#part() === 'code') {
        this.#versions.load(view.source);
      }
      refsOf([...page.items, view?.lastFinished, view?.current].filter(Boolean)).forEach((ref) => this.#refs.add(ref));
    } catch (e) {
      this.#problem = e;
    }
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
    const parts = [
      this.name === null ? h('div', { class: 'page-head' }, h('h1', {}, 'Runs')) : this.#head(),
      this.#started.view(),
      this.#problem ? trouble(this.#problem, () => this.load()) : null,
    ];
    return this.#part() === 'code' ? [...parts, this.#versions.view(this.#view.source)] : [...parts, this.#history(filtersOf(NAMES))];
  }

  #part() {
    return this.name === null ? null : new URLSearchParams(location.search).get('view');
  }

  #history(filters) {
    return [
      this.name === null ? null : durationChart(this.#runs),
      this.#choices(filters),
      this.#runs.length === 0
        ? this.#nothing(filters)
        : h('ul', { class: 'lines' }, this.#runs.map((run) => runLine(run, this.name === null))),
      h('nav', { class: 'pages', 'aria-label': 'Pages', key: 'pages' },
        filters.before ? link(filtered({ before: null }), { class: 'button' }, '← Newest runs') : null,
        this.#next ? link(filtered({ before: this.#next }), { class: 'button more' }, 'Older runs →') : null),
    ];
  }

  #choices(filters) {
    const as = (name) => (value) => this.app.visit(filtered({ [name]: value, before: null }));
    const me = readerName();
    const refs = [...this.#refs].sort().map((ref) => [ref, ref]);
    return h('div', { class: 'filters', role: 'group', 'aria-label': 'Filters', key: 'filters' },
      choice('State', 'any state', STATES, filters.state, as('state')),
      refs.length > 1 || filters.ref ? choice('Branch or tag', 'any branch', refs, filters.ref, as('ref')) : null,
      me ? toggle('Only mine', filters.by === me, (on) => as('by')(on ? me : null)) : null,
      filters.by && filters.by !== me ? h('span', { class: 'quiet' }, `of ${filters.by}`) : null,
      NAMES.some((name) => filters[name]) ? link(location.pathname, { class: 'button small' }, 'Show all') : null);
  }

  #nothing(filters) {
    if (this.#next) {
      return empty('None so far', h('p', {}, 'The newest runs have nothing of that kind; there are older ones.'));
    }
    return NAMES.some((name) => filters[name])
      ? empty('Nothing matches', h('p', {}, 'No run is what is asked for.'), link(location.pathname, { class: 'button' }, 'Show all'))
      : empty('No runs yet', h('p', {}, 'Push a commit', this.name === null ? '.' : ', or start one by hand.'));
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
        h('p', { class: 'summary' }, badge(look), view.current ? badge(lookOf(view.current.state)) : null, waitingLink(view)),
        isPipelineCode(this.name)
          ? h('span', { class: 'quiet' }, 'Runs by itself when the pipeline code changes.')
          : h('button', { type: 'button', class: 'primary', onclick: () => this.start(), ...needs('OPERATOR') }, 'Start'),
      ),
      h(
        'dl',
        { class: 'facts' },
        fact('Source', link(`/deliveries?source=${encodeURIComponent(view.source)}`, {}, view.source)),
        isBroken(view.outcome) && view.since ? fact('Broken for', h('pw-elapsed', { from: view.since })) : null,
        isBroken(view.outcome) && view.brokenBy ? fact('Broken by', view.brokenBy) : null,
        isBroken(view.outcome) ? fact('Who is on it', this.#onIt.view(view)) : null,
        view.typicalSeconds ? fact('Typically takes', whole(view.typicalSeconds)) : null,
        view.lastFinished ? fact('Last ref', shortRef(view.lastFinished.ref)) : null,
      ),
      this.#tabs(view),
    ];
  }

  #tabs(view) {
    const last = view.lastFinished;
    const tab = (address, word, chosen) => link(address, { class: 'part-tab', 'data-stay': 'page', 'aria-current': chosen ? 'page' : null }, word);
    return h('div', { class: 'run-bar', key: 'tabs' }, h('nav', { class: 'part-tabs', 'aria-label': 'Parts of this pipeline' },
      tab(pipelinePage(this.name), 'Runs', this.#part() !== 'code'),
      isPipelineCode(this.name) ? null : tab(`${pipelinePage(this.name)}?view=code`, 'Pipeline code', this.#part() === 'code'),
      last && !isPipelineCode(this.name) ? tab(runPage(last.id, null, { view: 'tests' }), 'Tests of the last run', false) : null));
  }
}
