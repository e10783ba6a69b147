// Pieces of pages that are used in several places.

import { h, link, svg } from './dom.js';
import { delivery, pipelinePage, runPage } from './api.js';
import { signIn } from './session.js';
import { isBroken, lookOf, outcomeLook, stateIcon } from './states.js';
import { duration } from './time.js';
import { tellingWait, waitingBeside, waitWords } from './waits.js';

/** Icon and word of a state. */
export function badge(look, ...more) {
  return h('span', { class: `badge s-${look.key}` }, stateIcon(look.key), h('span', {}, look.word), more);
}

/** How many runs of a pipeline wait, with a link to them; null if the run it shows tells of all. */
export function waitingLink(view) {
  const count = waitingBeside(view);
  return count === 0 ? null
    : link(`${pipelinePage(view.name)}?state=waiting`, { class: 'badge s-waiting waits-beside' }, stateIcon('waiting'), h('span', {}, `${count} waiting`));
}

/** `main` of `refs/heads/main`, `v1.2` of `refs/tags/v1.2`, `PR 7` of `refs/pull/7/head`. */
export function shortRef(ref) {
  const pull = /^refs\/(?:pull|merge-requests)\/(\d+)\//.exec(ref ?? '');
  return pull ? `PR ${pull[1]}` : String(ref ?? '').replace(/^refs\/(heads|tags)\//, '');
}

/** `42`, or `42.2` for the second attempt. */
export function numberOf(run) {
  return run.attempt > 1 ? `${run.number}.${run.attempt}` : String(run.number);
}

/** `shop#42`, or `shop#42.2` for the second attempt. */
export function nameOf(run) {
  return `${run.pipeline}#${numberOf(run)}`;
}

/** `1 test`, `2 tests`. */
export function counted(count, word, words = `${word}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? word : words}`;
}

/** One entry of a list of facts. */
export function fact(name, ...value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, ...value));
}

/** What started a run, as a word. */
export function causeWord(cause) {
  const words = {
    push: 'push', tag: 'tag', pull_request: 'pull request', merge_group: 'merge queue',
    manual: 'started by hand', pipeline_code: 'pipeline code changed',
  };
  return words[cause?.kind] ?? cause?.kind ?? '';
}

/** Where the commit of a run comes from, and who vouches for it; null for one that somebody pushed. */
export function trustWords(from) {
  if (!from || from.trust === 'trusted') {
    return null;
  }
  const what = from.pull ? `pull request ${from.pull}` : 'a change';
  if (from.trust === 'internal') {
    return `${what} of the repository`;
  }
  const vouched = from.approval ? `approved by ${from.approval.by}` : 'not approved';
  return `${what} from outside, ${vouched}${from.codeRef ? `, with the pipeline code of ${shortRef(from.codeRef)}` : ''}`;
}

/** The first line of a commit message. */
export function subject(run) {
  return String(run.cause?.message ?? '').split('\n', 1)[0];
}

/** Who, where and what of a run in one quiet line. */
export function origin(run) {
  return h(
    'span',
    { class: 'origin' },
    run.cause?.by ? h('span', { class: 'by' }, run.cause.by) : null,
    h('span', { class: 'ref', title: run.ref }, shortRef(run.ref)),
    h('code', { title: run.commit }, String(run.commit).slice(0, 8)),
    run.cause?.kind === 'push' ? null : h('span', {}, causeWord(run.cause)),
  );
}

/** A duration the server knows in whole seconds only. */
export function whole(seconds) {
  return seconds < 1 ? 'under 1 s' : duration(seconds, true);
}

/** The first line of a reason and how many more there are. */
export function firstLine(reason) {
  const lines = String(reason ?? '').split('\n').filter((line) => line.trim() !== '');
  const more = lines.length - 1;
  return more > 0 ? `${lines[0]} (and ${more} more ${more === 1 ? 'line' : 'lines'})` : lines[0] ?? '';
}

/** How long a run took or takes. */
export function ran(run) {
  return run.startedAt
    ? h('pw-elapsed', { from: run.startedAt, to: run.finishedAt })
    : h('span', {}, run.finishedAt ? 'never ran' : '');
}

const SLOTS = 12;

/**
 * The last results, oldest first: a column per run, as high as it took long, with a dot below when
 * it was well and a cross when it was not. They end at the right of `slots` places.
 */
export function columns(recent, slots = SLOTS) {
  const shown = recent.slice(-slots);
  // Seconds are whole, so half a second more: runs of no time at all are still seen.
  const longest = Math.max(0, ...shown.map((run) => run.seconds)) + 0.5;
  const broken = shown.filter((run) => isBroken(run.outcome)).length;
  const words = shown.length === 0
    ? 'no finished runs yet'
    : `last ${shown.length} runs: ${shown.length - broken} fine, ${broken} broken`;
  return svg(
    'svg',
    { class: 'columns', viewBox: `0 0 ${slots * 9} 32`, role: 'img', 'aria-label': words },
    svg('title', {}, words),
    shown.map((run, i) => {
      const look = outcomeLook(run.outcome);
      const x = (slots - shown.length + i) * 9;
      const height = Math.max(2, ((run.seconds + 0.5) / longest) * 20);
      return svg(
        'g',
        { class: `s-${look.key}` },
        svg('title', {}, `#${run.number} ${look.word}, ${whole(run.seconds)}`),
        svg('rect', { x: x + 1, y: 21 - height, width: 6, height, rx: 1 }),
        isBroken(run.outcome)
          ? svg('path', { class: 'mark', d: `M${x + 1.5} 24.5l5 5m0-5l-5 5` })
          : svg('circle', { cx: x + 4, cy: 27, r: look.key === 'succeeded' ? 2 : 1 }),
      );
    }),
  );
}

/** One run as a line of a list. */
export function runLine(run, withPipeline) {
  const look = lookOf(run.state, run.outcome);
  const text = subject(run);
  return h(
    'li',
    { class: `line s-${look.key}`, key: run.id },
    badge(look),
    h(
      'div',
      { class: 'line-main' },
      link(runPage(run.id), { class: 'stretched' }, withPipeline ? nameOf(run) : `#${numberOf(run)}`),
      text ? h('span', { class: 'subject' }, text) : null,
      h('div', { class: 'line-more' }, origin(run), awaited(run, true), run.reason ? h('span', { class: 'reason' }, firstLine(run.reason)) : null),
    ),
    h(
      'div',
      { class: 'line-end' },
      h('span', { class: 'took' }, ran(run)),
      h('pw-ago', { at: run.finishedAt ?? run.startedAt ?? run.queuedAt }),
    ),
  );
}

/** What an unfinished run waits for, in a few words, `timed` with how long; null if for nothing. */
export function awaited(run, timed) {
  const wait = tellingWait(run);
  return wait
    ? h('span', { class: 'awaited s-waiting' }, stateIcon('waiting'), h('span', {}, waitWords(wait.what)), timed ? h('pw-elapsed', { from: wait.since, rough: true }) : null)
    : null;
}

/** Shown while the first answer is awaited. */
export function loading(what) {
  return h('p', { class: 'note', role: 'status' }, `Loading ${what}…`);
}

/** An error with a way to try again. */
export function trouble(problem, again) {
  return h(
    'div',
    { class: 'note problem', role: 'alert' },
    h('strong', {}, problem.message),
    problem.detail ? h('p', {}, problem.detail) : null,
    problem.status === 401 || problem.status === 403
      ? h('button', { type: 'button', class: 'primary', onclick: async () => (await signIn()) && again?.() },
          problem.status === 401 ? 'Sign in' : 'Sign in as somebody else')
      : problem.status === 404 ? link('/', { class: 'button' }, 'All pipelines')
        : again ? h('button', { type: 'button', onclick: again }, 'Try again') : null,
  );
}

/** What became of a start by hand: followed from its acceptance until its runs are known. */
export class StartNote {
  #app;
  #accepted = null;
  #planned = null;
  #timer = null;

  constructor(app) {
    this.#app = app;
  }

  begin(accepted) {
    this.stop();
    this.#accepted = accepted;
    this.#planned = null;
    this.#app.refresh();
    this.#look();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#accepted = null;
  }

  async #look() {
    const { id } = this.#accepted;
    const view = await delivery(id).catch(() => null);
    if (this.#accepted?.id !== id) {
      return;
    }
    if (view?.state === 'DONE' || view?.state === 'FAILED') {
      this.#planned = view;
      this.#app.refresh();
    } else {
      this.#timer = setTimeout(() => this.#look(), 1000);
    }
  }

  view() {
    if (!this.#accepted) {
      return null;
    }
    const planned = this.#planned;
    if (!planned) {
      return h('p', { class: 'note', role: 'status' }, `Accepted as ${this.#accepted.id}. The run appears here as soon as it is planned.`);
    }
    return planned.runs.length === 0
      ? h('div', { class: 'note problem', role: 'alert' }, h('strong', {}, 'No run was started.'),
          h('p', { class: 'lines-kept' }, planned.problem ?? planned.reason))
      : h('p', { class: 'note', role: 'status' }, 'Started ', planned.runs.map((id) => [link(runPage(id), {}, id), ' ']));
  }
}

/** An empty list that says what to do next. */
export function empty(title, ...children) {
  return h('div', { class: 'note empty' }, h('h2', {}, title), ...children);
}

/** A command to type. */
export function command(text) {
  return h('pre', { class: 'command', tabindex: '0' }, h('code', {}, text));
}

export { pipelinePage, runPage };
