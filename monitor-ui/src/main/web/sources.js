// The registered repositories, how to add one, and what its forge must be told.

import { h, link } from './dom.js';
import * as api from './api.js';
import { ask } from './dialogs.js';
import { FORGES, hookAddress, howTo } from './hooks.js';
import { ListPage, settingsHead } from './lists.js';
import { command, empty, fact } from './parts.js';
import { needs } from './session.js';
import { setStatuses, statusFields, Statuses } from './statuses.js';

const FOREIGN = [['hold', 'wait for an approval'], ['run', 'run apart, with trusted pipeline code'], ['ignore', 'are only recorded']];

export class SourcesPage extends ListPage {
  #added = null;
  #statuses;

  constructor(app) {
    super(app, { title: 'Sources', what: 'sources', read: async () => ({ items: await api.sources(), next: null }) });
    this.#statuses = new Statuses(app);
  }

  async add() {
    const added = await ask({
      title: 'Add a source',
      text: 'A Git repository with pipeline code. The same name and URL again change its settings.',
      label: 'Add',
      fields: [
        { name: 'name', label: 'Name', value: '', required: true, hint: 'Small letters, digits and dashes.' },
        { name: 'url', label: 'URL of the repository', value: '', required: true, hint: 'As git clone takes it.' },
        { name: 'forge', label: 'Forge', value: 'plain-git', choices: FORGES },
        { name: 'secret', label: 'Secret of its webhook', value: freshSecret(), hint: 'Chosen at random. You are shown where to put it.' },
        { name: 'defaultBranch', label: 'Default branch', value: '', hint: 'Empty means the one of the repository.' },
        { name: 'folder', label: 'Folder of the pipeline code', value: '.pipewright' },
        { name: 'foreign', label: 'Runs of commits from outside', value: 'hold', choices: FOREIGN },
        ...statusFields(({ forge }) => forge, false),
      ],
      act: (values) => addSource(values),
    });
    if (added?.statuses) {
      this.#statuses.set(added.view.name, added.statuses);
    }
    this.#added = added ?? this.#added;
    // A source whose statuses were refused is there, too.
    this.load();
  }

  view() {
    return this.page(
      settingsHead('/sources', 'Sources', 'Git repositories whose pipelines run here',
        h('button', { type: 'button', class: 'primary', onclick: () => this.add(), ...needs('ADMIN') }, 'Add a source…')),
      (items) => [
        this.#added ? this.#next(this.#added) : null,
        items.length === 0
          ? empty('No sources yet', h('p', {}, 'A source is a Git repository with pipeline code. Add it here, or at a terminal:'),
              command('pipewright sources add NAME --git URL'))
          : h('ul', { class: 'lines sources' }, items.map((item) => source(item, this.#statuses))),
      ]);
  }

  #next({ view, secret }) {
    return h('div', { class: 'note', role: 'status', key: 'added' },
      h('h2', {}, `${view.name} is added. One thing is left to do:`),
      h('ol', { class: 'howto-steps' }, howTo(view, secret).map((step) => h('li', {}, step))),
      secret ? h('p', { class: 'quiet' }, 'The secret is shown this once.') : null,
      h('button', { type: 'button', class: 'small', onclick: () => this.#hide() }, 'Done'));
  }

  #hide() {
    this.#added = null;
    this.app.refresh();
  }
}

async function addSource(values) {
  const given = (name) => values[name].trim() || null;
  const spec = Object.fromEntries(['name', 'url', 'forge', 'secret', 'folder', 'defaultBranch', 'foreign'].map((name) => [name, given(name)]));
  const view = await api.addSource(spec);
  return { view, secret: spec.secret, statuses: values.statusToken?.trim() ? await firstStatuses(view.name, values) : null };
}

async function firstStatuses(name, values) {
  try {
    return await setStatuses(name, values);
  } catch (e) {
    e.message = `${name} is added, but sends no statuses: ${e.message}`;
    throw e;
  }
}

/** 160 random bits, as letters and digits that every forge takes. */
function freshSecret() {
  return [...crypto.getRandomValues(new Uint8Array(20))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function source(item, statuses) {
  return h(
    'li',
    { class: 'line', key: item.name },
    h('div', { class: 'line-main' },
      h('strong', {}, item.name),
      h('div', { class: 'line-more' }, /^https?:/.test(item.url) ? link(item.url, { class: 'cut' }, item.url) : h('code', { class: 'cut' }, item.url))),
    h('div', { class: 'line-end' }, link(`/deliveries?source=${encodeURIComponent(item.name)}`, {}, 'Deliveries'), link(`/?source=${encodeURIComponent(item.name)}`, {}, 'Pipelines')),
    h('dl', { class: 'facts' },
      fact('Forge', item.forge),
      fact('Pipeline code', h('code', {}, item.folder)),
      fact('Default branch', item.defaultBranch ?? 'the repository’s'),
      fact('Webhook', h('code', { class: 'cut' }, hookAddress(item))),
      fact('Signed', item.signed ? 'yes' : 'no, anyone can post'),
      fact('Added', h('pw-ago', { at: item.createdAt }))),
    h('details', { class: 'howto' },
      h('summary', {}, 'What the forge must be told'),
      h('ol', {}, howTo(item, null).map((step) => h('li', {}, step)))),
    statuses.view(item),
  );
}
