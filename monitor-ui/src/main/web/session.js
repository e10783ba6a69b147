// Who is signed in, what that person may do, and the dialog that asks who somebody is.

import { h, patch } from './dom.js';
import * as api from './api.js';

const OLD_TOKEN = 'pipewright-token';
const RANKS = ['VIEWER', 'OPERATOR', 'ADMIN'];

const listeners = new Set();
let self;
let dialog = null;
let leftAt = null;
let moving = null;
let signedInAt = 0;

/** Who is signed in: {name, kind}, null if nobody is, undefined until it is known. */
export const who = () => self;

/** The role of who is signed in, as a word. */
export const roleWord = () => self.kind.toLowerCase();

/** Calls `listener(signedIn)` whenever it is known anew who is signed in. */
export function onChange(listener) {
  listeners.add(listener);
}

function become(person) {
  const before = self;
  self = person;
  signedInAt = performance.now();
  listeners.forEach((listener) => listener(person !== null && before !== undefined));
}

/** The name somebody has elsewhere, say as an author: names of another provider begin with its kind. */
export const bareName = (name) => String(name ?? '').replace(/^oidc:/, '');

/**
 * What a button for people of this role has beside its other attributes: nothing if the reader may,
 * or may yet sign in; else it is disabled and says what it takes.
 */
export function needs(role) {
  return !self || RANKS.indexOf(self.kind) >= RANKS.indexOf(role)
    ? {}
    : { disabled: true, title: `It takes the role ${role.toLowerCase()}. You are ${self.name}, ${roleWord()}.` };
}

/** True unless it is known that the reader may not do what takes this role. */
export const may = (role) => !needs(role).disabled;

/** Opens the dialog, or the one that is open; resolves to whether somebody is signed in then. */
export function signIn() {
  dialog ??= askWho().finally(() => {
    dialog = null;
  });
  return dialog;
}

/** Resolves to whether somebody is signed in; asks if it is known that nobody is. */
export const signedIn = async () => self !== null || signIn();

/** Ends the session and shows this page as others see it. */
export async function signOut() {
  await api.signOut();
  location.reload();
}

/** Nobody is signed in. What a page reads does not ask again after the reader has left the dialog there. */
async function asked(isWrite, sentAt) {
  if ((moving && (await moving)) || (self && sentAt < signedInAt)) {
    return true;
  }
  if (self) {
    become(null);
  }
  if (!isWrite && leftAt === location.href) {
    return false;
  }
  return signIn();
}

async function askWho() {
  const ways = api.signInWays().catch(() => ({ provider: null }));
  const gone = await new Promise((resolve) => show(ways, resolve));
  leftAt = gone ? null : location.href;
  return gone;
}

function show(ways, resolve) {
  const box = h('dialog', { class: 'sign-in', 'aria-labelledby': 'sign-in-title' });
  let provider = null;
  let problem = null;
  let busy = false;

  const finish = (person) => {
    removeEventListener('focus', look);
    box.close();
    box.remove();
    if (person) {
      become(person);
    }
    resolve(Boolean(person));
  };

  const submit = async (event) => {
    event.preventDefault();
    const token = String(new FormData(event.target).get('token')).trim();
    busy = true;
    problem = null;
    draw();
    try {
      finish(await api.signIn(token));
    } catch (e) {
      busy = false;
      problem = e;
      draw();
    }
  };

  // Whoever has signed in in another tab is signed in here, too.
  const look = async () => {
    const person = await api.whoami().catch(() => null);
    const isAnother = person && (person.name !== self?.name || person.kind !== self?.kind);
    if (isAnother && box.open) {
      finish(person);
    }
  };

  const draw = () => patch(box,
    h('form', { onsubmit: submit },
      h('h2', { id: 'sign-in-title' }, 'Sign in'),
      provider
        ? [h('a', { class: 'button primary', href: `/login/oidc?return=${encodeURIComponent(location.pathname + location.search + location.hash)}${self ? '&another=1' : ''}` }, `Sign in with ${provider}`),
            h('p', { class: 'quiet' }, 'or by a token:')]
        : null,
      h('label', { key: 'token' },
        h('span', {}, 'Token'),
        h('input', { name: 'token', type: 'password', required: true, autocomplete: 'off', spellcheck: 'false' }),
        h('small', {}, 'This browser stays signed in for 12 hours after you last used it, at most for 7 days. The token is not kept.')),
      problem
        ? h('p', { class: 'problem', role: 'alert' }, problem.message, problem.detail ? ` ${problem.detail}` : '')
        : null,
      h('div', { class: 'dialog-end' },
        h('button', { type: 'button', onclick: () => finish(null) }, 'Leave it'),
        h('button', { type: 'submit', class: provider ? '' : 'primary', disabled: busy }, busy ? 'One moment…' : 'Sign in'))));

  box.addEventListener('cancel', (event) => {
    event.preventDefault();
    finish(null);
  });
  addEventListener('focus', look);
  document.body.append(box);
  draw();
  box.showModal();
  look();
  ways.then((known) => {
    provider = known.provider;
    if (provider && box.open) {
      draw();
    }
  });
}

/** Exchanges a token that an earlier version of this page has kept, once; resolves to whose it is, or null. */
async function giveUp(old) {
  sessionStorage.removeItem(OLD_TOKEN);
  return old ? api.signIn(old).catch(() => null) : null;
}

/** Asks the server who this is. */
async function learn() {
  const known = (await moving) ?? (await api.whoami().catch(() => undefined));
  moving = null;
  if (known !== undefined && !self) {
    become(known);
  }
}

moving = giveUp(sessionStorage.getItem(OLD_TOKEN));
api.whenUnknown(asked);
learn();
