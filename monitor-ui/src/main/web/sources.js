// The registered repositories.

import { h, link } from './dom.js';
import * as api from './api.js';
import * as live from './live.js';
import { command, empty, fact, loading, trouble } from './parts.js';

export class SourcesPage {
  title = 'Sources';
  #items = null;
  #problem = null;
  #stop = null;

  constructor(app) {
    this.app = app;
  }

  enter() {
    this.#stop = live.on('up', () => this.load());
    this.load();
  }

  leave() {
    this.#stop();
  }

  async load() {
    try {
      this.#items = await api.sources();
      this.#problem = null;
    } catch (e) {
      this.#problem = e;
    }
    this.app.refresh();
  }

  view() {
    if (!this.#items) {
      return this.#problem ? trouble(this.#problem, () => this.load()) : loading('sources');
    }
    return [
      h('div', { class: 'page-head' }, h('h1', {}, 'Sources'), h('p', { class: 'summary quiet' }, 'Git repositories whose pipelines run here')),
      this.#problem ? trouble(this.#problem, () => this.load()) : null,
      this.#items.length === 0
        ? empty('No sources yet', h('p', {}, 'A source is a Git repository with pipeline code. Its address is all that is needed:'),
            command('pipewright sources add NAME --git URL'))
        : h('ul', { class: 'lines sources' }, this.#items.map(source)),
    ];
  }
}

function source(item) {
  return h(
    'li',
    { class: 'line', key: item.name },
    h('div', { class: 'line-main' },
      h('strong', {}, item.name),
      h('div', { class: 'line-more' }, /^https?:/.test(item.url) ? link(item.url, { class: 'cut' }, item.url) : h('code', { class: 'cut' }, item.url))),
    h('dl', { class: 'facts' },
      fact('Forge', item.forge),
      fact('Pipeline code', h('code', {}, item.folder)),
      fact('Default branch', item.defaultBranch ?? 'the repository’s'),
      fact('Webhook', h('code', { class: 'cut' }, `${location.origin}/hooks/${encodeURIComponent(item.name)}`)),
      fact('Signed', item.signed ? 'yes' : 'no, anyone can post'),
      fact('Added', h('pw-ago', { at: item.createdAt }))),
    h('div', { class: 'line-end' }, link(`/deliveries?source=${encodeURIComponent(item.name)}`, {}, 'Deliveries')),
  );
}
