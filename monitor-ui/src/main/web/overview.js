// The first page: every pipeline, broken ones first.

import { h, link } from './dom.js';
import * as api from './api.js';
import * as live from './live.js';
import { isBroken, lookOf, needRank, outcomeLook, stateIcon } from './states.js';
import { awaited, badge, columns, command, empty, loading, numberOf, origin, pipelinePage, ran, runPage, subject, trouble, whole } from './parts.js';
import { secondsBetween } from './time.js';
import { tellingWait, waitWords } from './waits.js';

/**
 * Broken first, pipeline code that is well last, then by name. Running does not move a pipeline, so
 * the page stays calm.
 */
function byNeed(a, b) {
  return needRank(a) - needRank(b) || a.name.localeCompare(b.name);
}

/** True if every word of `query` is found in what a pipeline shows. */
function matches(view, query) {
  const run = view.current ?? view.lastFinished;
  const text = [
    view.name, view.source, outcomeLook(view.outcome).word, view.current ? lookOf(view.current.state).word : '',
    run && tellingWait(run) ? waitWords(tellingWait(run).what) : '', run?.ref, run?.cause?.by, run?.cause?.message, run?.commit,
  ].join(' ').toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

export class Overview {
  title = 'Pipelines';
  #views = null;
  #problem = null;
  #stops = [];

  constructor(app) {
    this.app = app;
  }

  enter() {
    this.#stops = [
      live.on('pipeline', (view) => {
        this.#views?.set(view.name, view);
        this.app.refresh();
      }),
      live.on('up', () => this.load()),
    ];
    this.load();
  }

  leave() {
    this.#stops.forEach((stop) => stop());
  }

  async load() {
    try {
      this.#views = new Map((await api.pipelines()).map((view) => [view.name, view]));
      this.#problem = null;
    } catch (e) {
      this.#problem = e;
    }
    this.app.refresh();
  }

  get query() {
    return new URLSearchParams(location.search).get('q') ?? '';
  }

  search(text) {
    const address = text.trim() === '' ? '/' : `/?q=${encodeURIComponent(text)}`;
    history.replaceState(null, '', address);
    this.app.refresh();
  }

  view() {
    if (!this.#views) {
      return this.#problem ? trouble(this.#problem, () => this.load()) : loading('pipelines');
    }
    if (this.#views.size === 0) {
      return [h('h1', {}, 'Pipelines'), nothingYet()];
    }
    const all = [...this.#views.values()].sort(byNeed);
    const shown = all.filter((view) => matches(view, this.query));
    return [
      h(
        'div',
        { class: 'page-head' },
        h('h1', {}, 'Pipelines'),
        summary(all),
        h('input', {
          class: 'filter', type: 'search', placeholder: 'Filter by name, state, person…',
          'aria-label': 'Filter pipelines', value: this.query, oninput: (event) => this.search(event.target.value),
        }),
      ),
      this.#problem ? trouble(this.#problem, () => this.load()) : null,
      shown.length === 0
        ? empty('Nothing matches', h('p', {}, `None of ${all.length} pipelines matches “${this.query}”.`),
            h('button', { type: 'button', onclick: () => this.clear() }, 'Show all'))
        : h('ul', { class: 'rows' }, shown.map(row)),
    ];
  }

  clear() {
    document.querySelector('.filter').value = '';
    this.search('');
  }
}

function summary(all) {
  const broken = all.filter((view) => isBroken(view.outcome)).length;
  const waiting = all.filter((view) => view.current?.state === 'WAITING').length;
  const active = all.filter((view) => view.current).length - waiting;
  const fine = all.filter((view) => view.outcome === 'SUCCEEDED').length;
  const part = (count, key, word) =>
    count === 0 ? null : h('span', { class: `badge s-${key}` }, stateIcon(key), `${count} ${word}`);
  return h(
    'p',
    { class: 'summary' },
    part(broken, 'failed', 'broken'),
    part(waiting, 'waiting', 'waiting'),
    part(active, 'running', 'active'),
    part(fine, 'succeeded', fine === all.length ? 'all green' : 'green'),
  );
}

function row(view) {
  const look = outcomeLook(view.outcome);
  const run = view.current ?? view.lastFinished;
  return h(
    'li',
    { class: `row s-${look.key}${isBroken(view.outcome) ? ' sick' : ''}`, key: view.name },
    h(
      'div',
      { class: 'row-name' },
      stateIcon(look.key),
      h(
        'div',
        {},
        link(pipelinePage(view.name), { class: 'stretched name' }, view.name),
        h('div', { class: 'row-state' }, standing(view, look)),
      ),
    ),
    h('div', { class: 'row-run' }, run ? lastRun(run) : h('span', { class: 'quiet' }, 'Waits for its first run.')),
    h('div', { class: 'row-columns' }, columns(view.recent ?? [])),
    h('div', { class: 'row-time' }, timing(view)),
  );
}

function standing(view, look) {
  const broken = isBroken(view.outcome);
  return [
    h('span', { class: 'state-word' }, look.word),
    broken && view.since ? h('span', {}, 'for ', h('pw-elapsed', { from: view.since, rough: true })) : null,
    broken && view.brokenBy ? h('span', {}, 'by ', view.brokenBy) : null,
  ];
}

function lastRun(run) {
  const number = link(runPage(run.id), { class: 'number' }, `#${numberOf(run)}`);
  const text = subject(run);
  const more = h('div', { class: 'row-origin' }, text ? null : number, origin(run), awaited(run, false));
  return text
    ? [h('div', { class: 'subject-line' }, number, h('span', { class: 'subject' }, text)), more]
    : more;
}

function timing(view) {
  const typical = view.typicalSeconds;
  if (!view.current) {
    const last = view.lastFinished;
    return [
      last ? h('span', {}, h('pw-ago', { at: last.finishedAt }), ', took ', h('span', { class: 'took' }, ran(last))) : null,
      typical ? h('span', { class: 'typical' }, `typically ${whole(typical)}`) : null,
    ];
  }
  const look = lookOf(view.current.state);
  if (view.current.state === 'WAITING') {
    const since = tellingWait(view.current)?.since;
    return badge(look, since ? h('pw-elapsed', { from: since, rough: true }) : null);
  }
  const waited = secondsBetween(view.current.queuedAt);
  return [
    badge(look, view.current.startedAt ? h('pw-elapsed', { from: view.current.startedAt }) : null),
    view.current.startedAt ? h('pw-progress', { from: view.current.startedAt, typical }) : null,
    view.current.startedAt
      ? h('span', { class: 'quiet' }, typical ? `of about ${whole(typical)}` : 'first estimate after this run')
      : h('span', { class: 'quiet' }, waited === null ? '' : h('pw-elapsed', { from: view.current.queuedAt })),
  ];
}

function nothingYet() {
  return empty(
    'No pipelines yet',
    h('p', {}, 'Pipelines are Java classes in the ', h('code', {}, '.pipewright'), ' folder of a Git repository.'),
    h('ol', {},
      h('li', {}, 'In your repository, make a first pipeline and its test:', command('pipewright init')),
      h('li', {}, 'Tell this server where the repository is:', command('pipewright sources add NAME --git URL')),
      h('li', {}, 'Push a commit. Its run appears here by itself.')),
  );
}
