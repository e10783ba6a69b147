// The tokens of people and programs: made here, told once, taken away.

import { h } from './dom.js';
import * as api from './api.js';
import { ask } from './dialogs.js';
import { ListPage, settingsHead } from './lists.js';
import { empty } from './parts.js';
import { stateIcon } from './states.js';
import { now } from './time.js';
import { needs } from './session.js';

const ROLES = [['VIEWER', 'viewer: reads'], ['OPERATOR', 'operator: also runs things'], ['ADMIN', 'admin: everything']];
const DAYS = [['30', '30 days'], ['90', '90 days'], ['365', 'a year'], ['', 'until it is removed']];

export class TokensPage extends ListPage {
  #made = null;

  constructor(app) {
    super(app, { title: 'Tokens', what: 'tokens', read: api.tokens });
  }

  async make() {
    const made = await ask({
      title: 'Make a token',
      text: 'For one person or one program. The name is shown wherever something is done with it.',
      label: 'Make',
      fields: [
        { name: 'name', label: 'Name', value: '', required: true, hint: 'Letters, digits and . _ @ + -' },
        { name: 'role', label: 'Role', value: 'VIEWER', choices: ROLES },
        { name: 'days', label: 'Good for', value: '90', choices: DAYS },
      ],
      act: ({ name, role, days }) =>
        api.makeToken({ name: name.trim(), role, expires: days === '' ? null : new Date(now() + Number(days) * 86_400_000).toISOString() }),
    });
    if (made) {
      this.#made = made;
      this.load();
    }
  }

  async remove({ name }) {
    const done = await ask({
      title: `Remove the token of ${name}?`,
      text: 'It is refused from now on, and sessions that were opened with it end.',
      label: 'Remove',
      danger: true,
      act: async () => (await api.removeToken(name)) && {},
    });
    return done && this.load();
  }

  view() {
    return this.page(
      settingsHead('/tokens', 'Tokens', 'Who may do what on this server',
        h('button', { type: 'button', class: 'primary', onclick: () => this.make(), ...needs('ADMIN') }, 'Make a token…')),
      (items) => [
        this.#made ? this.#told(this.#made) : null,
        items.length === 0
          ? empty('No tokens yet', h('p', {}, 'Until there are some, everybody shares the admin token of the server, and nobody can tell who did what.'))
          : h('ul', { class: 'lines settings' }, items.map((item) => this.#line(item))),
      ]);
  }

  #told({ view, token }) {
    return h('div', { class: 'note', role: 'status', key: 'made' },
      h('h2', {}, `The token of ${view.name}`),
      h('p', {}, h('code', { class: 'cut' }, token)),
      h('p', { class: 'quiet' }, 'It is shown this once. Keep it where passwords are kept.'),
      h('button', { type: 'button', class: 'small', onclick: () => this.#hide() }, 'Done'));
  }

  #hide() {
    this.#made = null;
    this.app.refresh();
  }

  #line(token) {
    return h('li', { class: 'line', key: token.name },
      h('div', { class: 'line-main' },
        h('strong', { class: 'with-icon' }, stateIcon('lock'), h('span', {}, token.name), h('span', { class: 'tag' }, token.role.toLowerCase())),
        h('div', { class: 'line-more' },
          h('span', {}, 'made ', h('pw-ago', { at: token.madeAt }), ` by ${token.madeBy}`),
          h('span', {}, token.used ? ['used ', h('pw-ago', { at: token.used })] : 'never used'),
          h('span', {}, expiry(token)))),
      h('div', { class: 'line-acts' },
        h('button', { type: 'button', class: 'small danger', 'aria-label': `Remove ${token.name}`, onclick: () => this.remove(token), ...needs('ADMIN') }, 'Remove…')));
  }
}

function expiry({ expires }) {
  if (!expires) {
    return 'good until it is removed';
  }
  return Date.parse(expires) > now() ? ['ends ', h('pw-until', { at: expires })] : 'over';
}
