// The locks: who holds each one, and who waits for it.

import { h, link } from './dom.js';
import * as api from './api.js';
import * as live from './live.js';
import { askRelease } from './dialogs.js';
import { counted, empty, loading, runPage, trouble } from './parts.js';
import { Soon } from './soon.js';
import { stateIcon } from './states.js';
import { needs } from './session.js';

// The page of one run hears of no other, which may give back a lock or take a place in its queue.
const EVERY = 5_000;
const SETTLE = 500;

/** Keeps the locks up to date for who shows them: at once, at changes of runs, and now and then. */
export class LockWatch {
  locks = null;
  problem = null;
  #changed;
  #stops = [];
  #soon = new Soon(SETTLE, () => this.load());

  constructor(changed) {
    this.#changed = changed;
  }

  get running() {
    return this.#stops.length > 0;
  }

  start() {
    if (this.running) {
      return;
    }
    const timer = setInterval(() => !document.hidden && this.load(), EVERY);
    this.#stops = [
      () => clearInterval(timer),
      live.on('up', () => this.load()),
      live.on('run', () => this.#soon.ask()),
    ];
    this.load();
  }

  stop() {
    this.#soon.stop();
    this.#stops.forEach((stop) => stop());
    this.#stops = [];
  }

  async load() {
    try {
      this.locks = await api.locks();
      this.problem = null;
    } catch (e) {
      this.problem = e;
    }
    if (this.running) {
      this.#changed();
    }
  }
}

export class LocksPage {
  title = 'Locks';
  #watch;

  constructor(app) {
    this.#watch = new LockWatch(() => app.refresh());
  }

  enter() {
    this.#watch.start();
  }

  leave() {
    this.#watch.stop();
  }

  view() {
    const { locks, problem } = this.#watch;
    if (!locks) {
      return problem ? trouble(problem, () => this.#watch.load()) : loading('locks');
    }
    const shown = [...locks].sort((a, b) => b.waiting.length - a.waiting.length || a.name.localeCompare(b.name));
    return [
      h('div', { class: 'page-head' }, h('h1', {}, 'Locks'), h('p', { class: 'summary quiet' }, 'What only one run may use at a time')),
      problem ? trouble(problem, () => this.#watch.load()) : null,
      shown.length === 0
        ? empty('No lock is held', h('p', {}, 'A step that says ', h('code', {}, '.locks("production")'), ' takes that lock while it runs, and other runs wait for it here.'))
        : h('ul', { class: 'lines locks' }, shown.map((lock) => this.#lock(lock))),
    ];
  }

  async #release(lock) {
    if (await askRelease(lock.name, lock.owner.run)) {
      this.#watch.load();
    }
  }

  #lock(lock) {
    const { name, owner, waiting } = lock;
    return h('li', { class: `line ${waiting.length ? 's-waiting' : 's-running'}`, key: name },
      h('div', { class: 'line-main' },
        h('div', { class: 'lock-name' }, stateIcon('lock'), h('h2', {}, name)),
        h('p', { class: 'lock-owner' }, owner
          ? ['held by ', link(runPage(owner.run), {}, owner.run), h('span', { class: 'quiet' }, ' for ', h('pw-elapsed', { from: owner.since, rough: true }))]
          : h('span', { class: 'quiet' }, 'free in a moment')),
        waiting.length === 0 ? null
          : h('ol', { class: 'queue', 'aria-label': `Waiting for ${name}` }, waiting.map((claim) =>
              h('li', { key: `${claim.run} ${claim.key}` }, link(runPage(claim.run), {}, claim.run),
                h('span', { class: 'quiet' }, ' for ', h('pw-elapsed', { from: claim.since, rough: true })))))),
      h('div', { class: 'line-end' },
        h('span', { class: waiting.length ? 'badge' : 'quiet' }, waiting.length ? [stateIcon('waiting'), counted(waiting.length, 'run waits', 'runs wait')] : 'nobody waits'),
        owner ? h('button', { type: 'button', class: 'small', onclick: () => this.#release(lock), ...needs('OPERATOR') }, 'Take it away…') : null));
  }
}
