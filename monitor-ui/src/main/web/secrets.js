// Values that runs may ask for. They are set and removed here; nothing ever shows them.

import { h, link } from './dom.js';
import * as api from './api.js';
import { ask } from './dialogs.js';
import { ListPage, settingsHead } from './lists.js';
import { command, empty, runPage } from './parts.js';
import { stateIcon } from './states.js';
import { needs } from './session.js';

export class SecretsPage extends ListPage {
  constructor(app) {
    super(app, { title: 'Secrets', what: 'secrets', read: api.secrets });
  }

  async set(old) {
    const done = await ask({
      title: old ? `Replace ${old.name}?` : 'Set a secret',
      text: old
        ? `Runs that begin from now on get the new value. For ${whose(old)}.`
        : 'A name that is set already for the same source gets the new value.',
      label: old ? 'Replace' : 'Set',
      fields: [
        ...(old ? [] : [
          { name: 'name', label: 'Name', value: '', required: true, hint: 'As the pipeline code says it, such as DEPLOY_KEY.' },
          { name: 'source', label: 'Source', value: '', hint: 'Empty means every source.' },
        ]),
        { name: 'value', label: 'Value', rows: 4, required: true, hint: 'Kept sealed; it can be replaced, never read.' },
      ],
      act: async (values) => (await api.setSecret({
        name: old?.name ?? values.name.trim(), source: old ? old.source : values.source.trim() || null, value: values.value,
      })) ?? {},
    });
    return done && this.load();
  }

  async remove(secret) {
    const done = await ask({
      title: `Remove ${secret.name}?`,
      text: `Runs that need it cannot begin any more. For ${whose(secret)}.`,
      label: 'Remove',
      danger: true,
      act: async () => (await api.removeSecret(secret.name, secret.source)) && {},
    });
    return done && this.load();
  }

  view() {
    return this.page(
      settingsHead('/secrets', 'Secrets', 'Values that runs may ask for, sealed on this server',
        h('button', { type: 'button', class: 'primary', onclick: () => this.set(null), ...needs('ADMIN') }, 'Set a secret…')),
      (items) => (items.length === 0 ? nothing() : h('ul', { class: 'lines settings' }, items.map((item) => this.#line(item)))));
  }

  #line(secret) {
    return h('li', { class: 'line', key: `${secret.name} ${secret.source ?? ''}` },
      h('div', { class: 'line-main' },
        h('strong', { class: 'with-icon' }, stateIcon('lock'), h('span', {}, secret.name)),
        h('div', { class: 'line-more' },
          h('span', {}, `for ${whose(secret)}`),
          h('span', {}, 'set ', h('pw-ago', { at: secret.setAt }), ` by ${secret.setBy}`),
          secret.usedAt
            ? h('span', {}, 'used ', h('pw-ago', { at: secret.usedAt }), secret.usedBy ? [' by ', link(runPage(secret.usedBy), {}, secret.usedBy)] : null)
            : h('span', {}, 'never used'))),
      h('div', { class: 'line-acts' },
        h('button', { type: 'button', class: 'small', 'aria-label': `Replace ${secret.name}`, onclick: () => this.set(secret), ...needs('ADMIN') }, 'Replace…'),
        h('button', { type: 'button', class: 'small danger', 'aria-label': `Remove ${secret.name}`, onclick: () => this.remove(secret), ...needs('ADMIN') }, 'Remove…')));
  }
}

const whose = (secret) => (secret.source ? `the source ${secret.source}` : 'every source');

function nothing() {
  return empty('No secrets yet',
    h('p', {}, 'A step that says ', h('code', {}, '.needs(secret("DEPLOY_KEY"))'), ' gets the value of that name, and its output shows *** instead of it. Set one here, or from a file:'),
    command('pipewright secrets set DEPLOY_KEY --help'));
}
