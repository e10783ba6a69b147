// The webhooks this server received, and what came of them.

import { h, link } from './dom.js';
import * as api from './api.js';
import * as live from './live.js';
import { askReplay } from './dialogs.js';
import { command, empty, loading, runPage, shortRef, trouble } from './parts.js';
import { Soon } from './soon.js';
import { stateIcon } from './states.js';
import { needs } from './session.js';

const SETTLE = 1000;
const VERDICTS = {
  BUILD: ['succeeded', 'build'],
  BUILD_UNTRUSTED: ['waiting', 'build, untrusted'],
  SKIPPED: ['skipped', 'skipped'],
  IGNORED: ['none', 'ignored'],
  PING: ['none', 'ping'],
  REJECTED: ['failed', 'rejected'],
};

export class DeliveriesPage {
  title = 'Deliveries';
  #items = null;
  #next = null;
  #problem = null;
  #stops = [];
  #again = new Soon(SETTLE, () => this.load());

  constructor(app) {
    this.app = app;
    const asked = new URLSearchParams(location.search);
    this.source = asked.get('source');
    this.id = asked.get('id');
  }

  enter() {
    const timer = setInterval(() => !document.hidden && this.load(), 15_000);
    this.#stops = [
      () => clearInterval(timer),
      live.on('up', () => this.load()),
      live.on('run', (run) => run.state === 'QUEUED' && this.#again.ask()),
    ];
    this.load();
  }

  leave() {
    this.#stops.forEach((stop) => stop());
    this.#again.stop();
  }

  async load(after) {
    try {
      const page = this.id
        ? { items: [await api.delivery(this.id)], next: null }
        : await api.deliveries(this.source, after);
      const fresh = new Set(page.items.map((item) => item.id));
      const known = (this.#items ?? []).filter((item) => !fresh.has(item.id));
      // A look at the newest ones must not take away the older ones that were asked for.
      const older = after || known.some((item) => item.receivedAt < page.items.at(-1)?.receivedAt);
      this.#items = after ? [...known, ...page.items] : [...page.items, ...known];
      this.#next = after || !older ? page.next : this.#next;
      this.#problem = null;
    } catch (e) {
      this.#problem = e;
    }
    this.app.refresh();
  }

  async replay(item) {
    const again = await askReplay(item.id);
    if (again) {
      this.#items = this.#items.map((known) => (known.id === again.id ? again : known));
      this.app.refresh();
    }
  }

  view() {
    if (!this.#items) {
      return this.#problem ? trouble(this.#problem, () => this.load()) : loading('deliveries');
    }
    return [
      h('div', { class: 'page-head' }, h('h1', {}, 'Deliveries'),
        this.id
          ? h('p', { class: 'summary' }, 'one webhook ', link('/deliveries', {}, 'show all'))
          : this.source ? h('p', { class: 'summary' }, `of ${this.source} `, link('/deliveries', {}, 'show all'))
          : h('p', { class: 'summary quiet' }, 'webhooks, newest first')),
      this.#problem ? trouble(this.#problem, () => this.load()) : null,
      this.#items.length === 0
        ? empty('No webhooks yet', h('p', {}, 'Point the webhook of your repository at this address, or install the served hook of plain git:'),
            command(`${location.origin}/hooks/NAME`))
        : h('ul', { class: 'lines deliveries' }, this.#items.map((item) => delivery(item, () => this.replay(item)))),
      this.#next
        ? h('button', { type: 'button', class: 'more', onclick: () => this.load(this.#next) }, 'Older deliveries')
        : null,
    ];
  }
}

const WITHOUT_RUNS = {
  RECEIVED: 'waits for its turn',
  BUILDING: 'being planned',
  PLANNED: 'planned',
  DONE: 'no runs',
  FAILED: 'no runs',
};

/** The verdict as icon and word; a build that came to nothing is not shown as one. */
function verdict(item) {
  if (item.state === 'FAILED') {
    return ['failed', 'failed'];
  }
  if (item.nextAttemptAt) {
    return ['waiting', 'tried again'];
  }
  if (item.problem && item.runs.length === 0) {
    return ['skipped', 'no run'];
  }
  return VERDICTS[item.verdict] ?? ['none', String(item.verdict).toLowerCase()];
}

/** True for a delivery that asks for runs and that nobody works on. */
function canBeReplayed(item) {
  return (item.verdict === 'BUILD' || item.verdict === 'BUILD_UNTRUSTED') && (item.state === 'DONE' || item.state === 'FAILED');
}

function delivery(item, replay) {
  const [icon, word] = verdict(item);
  return h(
    'li',
    { class: `line s-${icon}`, key: item.id },
    h('span', { class: `badge s-${icon}` }, stateIcon(icon), h('span', {}, word)),
    h('div', { class: 'line-main' },
      h('div', { class: 'subject-line' }, h('strong', {}, item.source), h('span', {}, item.event), h('span', { class: 'subject' }, item.reason)),
      item.problem ? h('div', { class: 'reason lines-kept s-failed' }, item.problem) : null,
      h('div', { class: 'line-more' },
        item.changes.map((change) =>
          h('span', { class: 'origin' }, h('span', { class: 'ref', title: change.ref }, shortRef(change.ref)),
            h('code', { title: change.commit }, String(change.commit).slice(0, 8)), change.by ? h('span', {}, change.by) : null)),
        h('code', { class: 'cut' }, item.id))),
    h('div', { class: 'line-end' },
      h('span', { class: 'runs' }, item.runs.length === 0
        ? h('span', { class: 'quiet' }, item.nextAttemptAt ? `attempt ${item.attempts} failed` : WITHOUT_RUNS[item.state] ?? '')
        : item.runs.map((id) => link(runPage(id), {}, id))),
      h('pw-ago', { at: item.receivedAt }),
      canBeReplayed(item) ? h('button', { type: 'button', class: 'small', 'aria-label': `Replay ${item.id}`, onclick: replay, ...needs('OPERATOR') }, 'Replay…') : null),
  );
}
