// The corner of the page that says who is signed in.

import { h } from './dom.js';
import * as session from './session.js';

/** A button to sign in, or a menu with name, role and the way out; null until it is known which. */
export function whoView() {
  const self = session.who();
  if (self === undefined) {
    return null;
  }
  if (self === null) {
    return h('button', { type: 'button', class: 'small', onclick: session.signIn }, 'Sign in');
  }
  return h('details', { class: 'menu' },
    h('summary', { 'aria-label': `You are ${self.name}, ${session.roleWord()}` }, h('span', { class: 'cut' }, self.name)),
    h('div', { class: 'menu-items' },
      h('p', {}, h('strong', { class: 'cut' }, self.name), h('span', { class: 'quiet' }, session.roleWord())),
      h('button', { type: 'button', onclick: session.signOut }, 'Sign out')));
}
