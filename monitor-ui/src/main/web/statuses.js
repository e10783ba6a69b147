// Where the commit statuses of a source go, and the token that sends them: it can be set, replaced and
// removed, never read.

import { h } from './dom.js';
import { call } from './api.js';
import { ask } from './dialogs.js';
import { trouble } from './parts.js';
import { needs } from './session.js';

/** The tokens that forges want; those without an interface for statuses are left out. */
const TOKENS = {
  github: 'A fine-grained token with “Commit statuses: write”, or a classic one with repo:status.',
  gitlab: 'A project access token with api and the role Developer, or Maintainer for protected branches.',
  gitea: 'A token with write:repository.',
  forgejo: 'A token with write:repository.',
  'bitbucket-cloud': 'A repository access token with repository:write, or USER:APP_PASSWORD.',
  'bitbucket-datacenter': 'An HTTP access token that may read the repository.',
  gerrit: 'USER:HTTP_PASSWORD of somebody who may vote on Verified.',
};

const address = (source) => `/api/v1/sources/${encodeURIComponent(source)}/statuses`;

/** True if a forge takes commit statuses. */
export const takesStatuses = (forge) => Object.hasOwn(TOKENS, forge);

/** What a form asks for them; `forgeOf` tells the forge from the values of the form. */
export function statusFields(forgeOf, required) {
  const when = (values) => takesStatuses(forgeOf(values));
  return [
    {
      name: 'statusToken', label: 'Token for commit statuses', type: 'password', value: '', required, when,
      hint: (values) => `${TOKENS[forgeOf(values)]} ${required ? 'Kept sealed; it can be replaced, never read.' : 'Empty means that none are sent.'}`,
    },
    { name: 'statusApi', label: 'Address of the forge’s API', value: '', when, hint: 'Empty means the one that the URL of the repository tells.' },
  ];
}

/** Sends what was entered into those fields; resolves to where the statuses go. */
export async function setStatuses(source, { statusToken, statusApi }) {
  const body = JSON.stringify({ token: statusToken.trim(), api: statusApi.trim() || null });
  return (await call(address(source), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).json();
}

/** The part of each source that tells of its statuses; it is asked for when it is opened. */
export class Statuses {
  #app;
  #known = new Map();

  constructor(app) {
    this.#app = app;
  }

  /** Takes what was just set. */
  set(source, view) {
    this.#known.set(source, { view });
    this.#app.refresh();
  }

  view({ name, forge }) {
    if (!takesStatuses(forge)) {
      return null;
    }
    const open = (event) => event.target.open && !this.#known.has(name) && this.#load(name);
    return h('details', { class: 'howto statuses', ontoggle: open },
      h('summary', {}, 'Commit statuses'), this.#body(name, forge, this.#known.get(name)));
  }

  #body(name, forge, known) {
    if (!known) {
      return h('p', { class: 'quiet' }, 'Loading…');
    }
    if (known.problem) {
      return trouble(known.problem, () => this.#load(name));
    }
    const { view } = known;
    return [
      h('p', {}, view ? ['A token is set: statuses go to ', h('code', {}, view.api), ' for ', h('code', {}, view.repository), '.'] : 'No token is set: no statuses are sent.'),
      h('div', { class: 'line-acts' },
        h('button', { type: 'button', class: 'small', onclick: () => this.#ask(name, forge, view), ...needs('ADMIN') }, view ? 'Replace the token…' : 'Send commit statuses…'),
        view ? h('button', { type: 'button', class: 'small danger', onclick: () => this.#remove(name), ...needs('ADMIN') }, 'Remove the token…') : null),
    ];
  }

  async #load(name) {
    try {
      this.set(name, await (await call(address(name))).json());
    } catch (e) {
      this.#known.set(name, e.status === 404 ? { view: null } : { problem: e });
      this.#app.refresh();
    }
  }

  async #ask(name, forge, old) {
    const view = await ask({
      title: old ? `Replace the token of ${name}?` : `Send commit statuses of ${name}`,
      text: 'The forge then shows at each commit how its runs stand.',
      label: old ? 'Replace' : 'Send them',
      fields: statusFields(() => forge, true),
      act: (values) => setStatuses(name, values),
    });
    if (view) {
      this.set(name, view);
    }
  }

  async #remove(name) {
    const done = await ask({
      title: `Remove the token of ${name}?`,
      text: 'No commit statuses are sent any more.',
      label: 'Remove',
      danger: true,
      act: () => call(address(name), { method: 'DELETE' }),
    });
    if (done) {
      this.set(name, null);
    }
  }
}
