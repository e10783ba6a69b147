// The first page: every pipeline, broken ones first.

import { h, link } from './dom.js';
import * as api from './api.js';
import { choice, filtered, filtersOf, readerName, refsOf, toggle } from './filters.js';
import * as live from './live.js';
import { OnIt } from './mending.js';
import { isBroken, lookOf, needRank, outcomeLook, stateIcon } from './states.js';
import { awaited, badge, columns, command, empty, loading, numberOf, origin, pipelinePage, ran, runPage, subject, trouble, waitingLink, whole } from './parts.js';
import { secondsBetween } from './time.js';
import { tellingWait, waitingRuns, waitWords } from './waits.js';

/**
 * Broken first, pipeline code that is well last, then by name. Running does not move a pipeline, so
 * the page stays calm.
 */
function byNeed(a, b) {
  return needRank(a) - needRank(b) || a.name.localeCompare(b.name);
}

const NAMES = ['q', 'state', 'branch', 'source', 'by'];
const STANDS = [['broken', 'broken'], ['waiting', 'waiting'], ['active', 'active'], ['green', 'green'], ['none', 'no result yet']];

/** True for a pipeline that stands as `state` says, which may be true of several. */
const STANDING = {
  broken: (view) => isBroken(view.outcome),
  waiting: (view) => waitingRuns(view) > 0,
  active: (view) => view.current !== null && view.current?.state !== 'WAITING',
  green: (view) => view.outcome === 'SUCCEEDED',
  none: (view) => view.outcome === null,
};

const runsOf = (view) => [view.current, view.lastFinished].filter(Boolean);

/** True for a pipeline that is what the filters ask for. */
function isWanted(view, { q, state, branch, source, by }) {
  const mine = (run) => String(run.cause?.by ?? '').toLowerCase() === by.toLowerCase();
  return (!q || matches(view, q))
    && (!Object.hasOwn(STANDING, state ?? '') || STANDING[state](view))
    && (!source || view.source === source)
    && (!branch || refsOf(runsOf(view)).includes(branch))
    && (!by || runsOf(view).some(mine) || view.brokenBy?.toLowerCase() === by.toLowerCase());
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
  #onIt;

  constructor(app) {
    this.app = app;
    this.#onIt = new OnIt(app);
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

  /** Shows what the address asks for now. */
  go() {
    const search = document.querySelector('.filter');
    if (search) {
      search.value = filtersOf(NAMES).q ?? '';
    }
    this.app.refresh();
  }

  search(text) {
    history.replaceState(null, '', filtered({ q: text.trim() }));
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
    const filters = filtersOf(NAMES);
    const shown = all.filter((view) => isWanted(view, filters));
    return [
      h(
        'div',
        { class: 'page-head' },
        h('h1', {}, 'Pipelines'),
        summary(all, filters.state),
        h('input', {
          class: 'filter', type: 'search', placeholder: 'Filter by name, state, person…', key: 'search',
          'aria-label': 'Filter pipelines', value: filters.q ?? '', oninput: (event) => this.search(event.target.value),
        }),
      ),
      this.#choices(all, filters),
      this.#problem ? trouble(this.#problem, () => this.load()) : null,
      shown.length === 0
        ? empty('Nothing matches', h('p', {}, `None of ${all.length} pipelines is what is asked for.`), link('/', { class: 'button' }, 'Show all'))
        : h('ul', { class: 'rows', key: 'rows' }, shown.map((view) => row(view, this.#onIt))),
    ];
  }

  #choices(all, filters) {
    const as = (name) => (value) => this.app.visit(filtered({ [name]: value }));
    const pairs = (values) => values.map((value) => [value, value]);
    const sources = [...new Set(all.map((view) => view.source))].sort();
    const branches = refsOf(all.flatMap(runsOf));
    const me = readerName();
    const choices = [
      choice('State', 'any state', STANDS, filters.state, as('state')),
      sources.length > 1 || filters.source ? choice('Source', 'every source', pairs(sources), filters.source, as('source')) : null,
      branches.length > 1 || filters.branch ? choice('Branch', 'any branch', pairs(branches), filters.branch, as('branch')) : null,
      me ? toggle('Only mine', filters.by === me, (on) => as('by')(on ? me : null)) : null,
      NAMES.some((name) => filters[name]) ? link('/', { class: 'button small' }, 'Show all') : null,
    ].filter(Boolean);
    return all.length > 1 || choices.length > 1 ? h('div', { class: 'filters', role: 'group', 'aria-label': 'Filters', key: 'filters' }, choices) : null;
  }
}

function summary(all, chosen) {
  const count = (state) => all.filter(STANDING[state]).length;
  const part = (state, key, word) =>
    count(state) === 0 ? null
      : link(filtered({ state: state === chosen ? null : state }), { class: `badge s-${key}`, 'aria-current': state === chosen ? 'true' : null },
          stateIcon(key), `${count(state)} ${word}`);
  return h(
    'p',
    { class: 'summary' },
    part('broken', 'failed', 'broken'),
    part('waiting', 'waiting', 'waiting'),
    part('active', 'running', 'active'),
    part('green', 'succeeded', count('green') === all.length ? 'all green' : 'green'),
  );
}

function row(view, onIt) {
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
        h('div', { class: 'row-state' }, standing(view, look), onIt.view(view)),
      ),
    ),
    h('div', { class: 'row-run' }, run ? lastRun(run) : h('span', { class: 'quiet' }, 'Waits for its first run.')),
    h('div', { class: 'row-columns' }, columns(view.recent ?? [])),
    h('div', { class: 'row-time' }, timing(view), waitingLink(view)),
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
      typical ? h('span', { class: 'typical' }, `typically ${whole(typical)}`, trend(view.recent ?? [])) : null,
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

const NOTICED = 0.2;

/** How much longer or shorter the last three runs took than those before, if that is worth a word. */
function trend(recent) {
  const well = recent.filter((run) => run.outcome === 'SUCCEEDED').map((run) => run.seconds);
  const [late, early] = [well.slice(-3), well.slice(0, -3)];
  if (late.length < 3 || early.length < 3 || middle(early) === 0) {
    return null;
  }
  const more = middle(late) / middle(early) - 1;
  return Math.abs(more) < NOTICED ? null : `, lately ${Math.round(Math.abs(more) * 100)} % ${more > 0 ? 'longer' : 'shorter'}`;
}

function middle(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
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
