// The webhooks this server received, and what came of them.

import { h, link } from './dom.js';
import * as api from './api.js';
import * as live from './live.js';
import { command, empty, loading, runPage, shortRef, trouble } from './parts.js';
import { stateIcon } from './states.js';

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

  constructor(app) {
    this.app = app;
    const asked = new URLSearchParams(location.search);
    this.source = asked.get('source');
    this.id = asked.get('id');
  }

  enter() {
    const timer = setInterval(() => !document.hidden && this.load(), 15_000);
    this.#stops = [() => clearInterval(timer), live.on('up', () => this.load())];
    this.load();
  }

  leave() {
    this.#stops.forEach((stop) => stop());
  }

  async load(after) {
    try {
      const page = await api.deliveries(this.source, after);
      const old = after ? this.#items : [];
      const fresh = new Set(page.items.map((item) => item.id));
      this.#items = [...old.filter((item) => !fresh.has(item.id)), ...page.items];
      this.#next = page.next;
      this.#problem = null;
    } catch (e) {
      this.#problem = e;
    }
    this.app.refresh();
  }

  view() {
    if (!this.#items) {
      return this.#problem ? trouble(this.#problem, () => this.load()) : loading('deliveries');
    }
    return [
      h('div', { class: 'page-head' }, h('h1', {}, 'Deliveries'),
        this.source
          ? h('p', { class: 'summary' }, `of ${this.source} `, link('/deliveries', {}, 'show all'))
          : h('p', { class: 'summary quiet' }, 'webhooks, newest first')),
      this.#problem ? trouble(this.#problem, () => this.load()) : null,
      this.#items.length === 0
        ? empty('No webhooks yet', h('p', {}, 'Point the webhook of your repository at this address, or install the served hook of plain git:'),
            command(`${location.origin}/hooks/NAME`))
        : h('ul', { class: 'lines deliveries' }, this.#items.map((item) => delivery(item, item.id === this.id))),
      this.#next
        ? h('button', { type: 'button', class: 'more', onclick: () => this.load(this.#next) }, 'Older deliveries')
        : null,
    ];
  }
}

function delivery(item, chosen) {
  const [icon, word] = VERDICTS[item.verdict] ?? ['none', String(item.verdict).toLowerCase()];
  return h(
    'li',
    { class: `line s-${icon}${chosen ? ' chosen' : ''}`, key: item.id },
    h('span', { class: `badge s-${icon}` }, stateIcon(icon), h('span', {}, word)),
    h('div', { class: 'line-main' },
      h('div', { class: 'subject-line' }, h('strong', {}, item.source), h('span', {}, item.event), h('span', { class: 'subject' }, item.reason)),
      item.problem ? h('div', { class: 'reason s-failed' }, item.problem) : null,
      h('div', { class: 'line-more' },
        item.changes.map((change) =>
          h('span', { class: 'origin' }, h('span', { class: 'ref', title: change.ref }, shortRef(change.ref)),
            h('code', { title: change.commit }, String(change.commit).slice(0, 8)), change.by ? h('span', {}, change.by) : null)),
        h('code', { class: 'cut' }, item.id))),
    h('div', { class: 'line-end' },
      h('span', { class: 'runs' }, item.runs.length === 0
        ? h('span', { class: 'quiet' }, item.state === 'DONE' ? 'no runs' : item.state === 'RECEIVED' ? 'being planned' : 'planned')
        : item.runs.map((id) => link(runPage(id), {}, id))),
      h('pw-ago', { at: item.receivedAt })),
  );
}
