// What a run waits for: a card with a form for each question to people, a line for all else.

import { h, link } from './dom.js';
import * as api from './api.js';
import { fieldsOf, missing, sorted, valuesOf } from './form.js';
import { pipelinePage, runPage } from './parts.js';
import * as session from './session.js';
import { stateIcon } from './states.js';
import { isForPeople, standingInQueue } from './waits.js';

const ENDS = [
  { end: 'happened', label: 'It happened', hint: 'The step counts as done.' },
  { end: 'failed', label: 'It failed', hint: 'The step counts as failed.' },
  { end: 'again', label: 'Run it again', hint: 'Right if nothing came of it.' },
];

/** The questions of one run and what the reader is about to answer. */
export class Questions {
  #app;
  #run;
  #taken;
  #lost;
  #open = new Map();

  /** `taken(run, words)` hears of an accepted answer, `lost()` that a question is no longer asked. */
  constructor(app, run, taken, lost) {
    this.#app = app;
    this.#run = run;
    this.#taken = taken;
    this.#lost = lost;
  }

  /** Everything that `run` waits for; `locks` maps names to locks. */
  view(run, locks) {
    if (run.state === 'FINISHED' || run.waits.length === 0) {
      return null;
    }
    const asked = run.waits.filter(({ what }) => isForPeople(what));
    const others = run.waits.filter(({ what }) => !isForPeople(what));
    return h('section', { class: 'waits', key: 'waits', 'aria-label': 'What this run waits for' },
      asked.map((wait, i) => this.#card(wait, i)),
      others.length === 0 ? null
        : h('ul', { class: 'wait-lines', key: 'lines' }, others.map((wait) => line(wait, run.id, locks.get(wait.what.forWhat) ?? null))));
  }

  #state(wait) {
    const key = `${wait.key} ${wait.since}`;
    if (!this.#open.has(key)) {
      this.#open.set(key, { busy: false, fields: new Map(), rest: [], status: null });
    }
    return this.#open.get(key);
  }

  #card(wait, i) {
    const state = this.#state(wait);
    const { what, path } = wait;
    const unknown = what.kind === 'UNKNOWN_END';
    const { question, more } = unknown ? endOf(wait) : questionOf(what);
    const specs = what.parameters.filter((spec) => !unknown || spec.name !== 'end');
    return h(
      'article',
      { class: 'card s-waiting', key: `${wait.key} ${wait.since}`, 'aria-labelledby': `question-${i}` },
      h('div', { class: 'card-head' },
        stateIcon(unknown ? 'ask' : 'waiting'),
        h('div', {},
          h('h2', { id: `question-${i}` }, question),
          h('p', { class: 'card-facts' }, facts(wait)))),
      more ? h('p', { class: 'lines-kept' }, more) : null,
      unknown ? h('p', {}, 'It may run only once: look where it has its effect, then say how it ended.') : null,
      path === null && what.kind !== 'APPROVAL'
        ? h('p', { class: 'quiet' }, 'It has no address of its own, so it cannot be answered here.')
        : h('form', { class: 'answer', onsubmit: (event) => event.preventDefault() },
            fieldsOf(specs, state.fields, `answer-${i}`),
            h('div', { class: 'field', key: 'note' },
              h('label', { for: `note-${i}` }, 'Note'),
              h('textarea', { id: `note-${i}`, name: 'note', rows: '2', maxlength: '2000', placeholder: 'Shown with the run' })),
            trouble(state, () => this.#another(state)),
            unknown ? this.#ends(wait, state, specs) : this.#verdicts(wait, state, specs)),
    );
  }

  // No button submits the form: the key Enter in a field must not ship to production.
  #verdicts(wait, state, specs) {
    const act = (approved) => (event) => this.#decide(wait, event.target.form, specs, { approved });
    return h('div', { class: 'card-acts' },
      h('button', { type: 'button', class: 'primary', disabled: state.busy, onclick: act(true), ...session.needs('OPERATOR') }, state.busy ? 'One moment…' : 'Approve'),
      h('button', { type: 'button', class: 'danger', disabled: state.busy, onclick: act(false), ...session.needs('OPERATOR') }, 'Reject'));
  }

  #ends(wait, state, specs) {
    return h('div', { class: 'card-acts ends' }, ENDS.map(({ end, label, hint }) =>
      h('button', {
        type: 'button', disabled: state.busy, onclick: (event) =>
          this.#decide(wait, event.target.closest('button').form, specs, { approved: true, end }),
        ...session.needs('OPERATOR'),
      }, h('span', {}, label), h('small', {}, hint))));
  }

  async #decide(wait, form, specs, { approved, end }) {
    const state = this.#state(wait);
    const values = approved ? valuesOf(form, specs) : new Map();
    Object.assign(state, { fields: approved ? missing(specs, values) : new Map(), rest: [], status: null });
    if (state.fields.size > 0) {
      this.#app.refresh();
      form.querySelector(`[name="${CSS.escape(`value ${state.fields.keys().next().value}`)}"]`)?.focus();
      return;
    }
    if (end) {
      values.set('end', end);
    }
    const note = String(new FormData(form).get('note') ?? '').trim() || null;
    state.busy = true;
    this.#app.refresh();
    try {
      const decision = { path: wait.path, approved, note, values: Object.fromEntries(values) };
      if (await session.signedIn()) {
        this.#taken(await api.decide(this.#run, decision), said(wait, approved, end));
      }
    } catch (e) {
      Object.assign(state, sorted(specs, e), { status: e.status });
      if (e.status === 404 || e.status === 409) {
        this.#lost();
      }
    }
    state.busy = false;
    this.#app.refresh();
  }

  async #another(state) {
    if (await session.signIn()) {
      Object.assign(state, { rest: [], status: null });
      this.#app.refresh();
    }
  }
}

/** The first line asks, the others explain. */
function questionOf(what) {
  const [question, ...more] = String(what.forWhat).split('\n');
  return { question, more: more.join('\n').trim() };
}

function endOf({ what, path, key }) {
  const [, asked, told] = /^([^?\n]+\?)?\s*([^]*)$/.exec(what.forWhat);
  return { question: asked ?? `Did '${path ?? key}' happen?`, more: told.trim() };
}

function said(wait, approved, end) {
  const chosen = ENDS.find((known) => known.end === end)?.label.toLowerCase();
  return `Your answer on ${wait.path ?? 'the commit'} is recorded: ${chosen ?? (approved ? 'approved' : 'rejected')}.`;
}

function trouble(state, another) {
  return state.rest.length === 0 ? null
    : h('div', { class: 'wrong', role: 'alert' }, state.rest.map((text) => h('p', {}, text)),
        state.status === 403 ? h('button', { type: 'button', class: 'small', onclick: another }, 'Sign in as somebody else') : null);
}

function facts({ what, path, since }) {
  return [
    path && what.kind !== 'UNKNOWN_END' ? h('span', {}, 'step ', h('strong', {}, path)) : null,
    h('span', {}, 'waits for ', h('pw-elapsed', { from: since, rough: true })),
    what.until ? h('span', {}, 'ends by itself ', h('pw-until', { at: what.until })) : null,
    h('span', {}, what.approvers.length ? ['may be answered by ', h('strong', {}, what.approvers.join(', '))] : 'anybody who may write can answer'),
  ];
}

/** A wait that no person ends: what for, held by whom, since and until when. */
function line(wait, run, lock) {
  const { what, path, since } = wait;
  return h('li', { class: 'wait-line s-waiting', key: `${wait.key} ${since}` },
    stateIcon(what.kind === 'LOCK' ? 'lock' : 'away'),
    h('span', {}, path ? [h('strong', {}, path), ' '] : null, what.kind === 'LOCK' ? forLock(what, run, lock) : forRun(what),
      h('span', { class: 'quiet' }, ', for ', h('pw-elapsed', { from: since, rough: true }),
        what.until ? [', ends by itself ', h('pw-until', { at: what.until })] : null)));
}

function forLock(what, run, lock) {
  const queue = standingInQueue(lock, run);
  return [
    'waits for lock ', link('/locks', {}, what.forWhat),
    queue?.held ? [', held by ', link(runPage(queue.held), {}, queue.held)] : null,
    queue && queue.before > 0 ? `, ${queue.before} more before it` : null,
  ];
}

function forRun(what) {
  const target = /^.+#\d+$/.test(what.forWhat) ? runPage(what.forWhat) : pipelinePage(what.forWhat);
  return ['waits for ', link(target, {}, what.forWhat)];
}
