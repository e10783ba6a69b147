// A small menu behind a button: closed by the key Escape, by a choice, and by a click elsewhere.

import { h } from './dom.js';

/** A menu of `items` ({label, act} or {label, href, download, stay}); null if there are none. */
export function menu(name, items) {
  return items.length === 0 ? null
    : h('details', { class: 'menu' },
        h('summary', { 'aria-label': name, title: name }, '⋯'),
        h('div', { class: 'menu-items' }, items.map(({ label, act, href, download, stay }) =>
          href
            ? h('a', { href, download: download ?? null, 'data-stay': stay ?? null }, label)
            : h('button', { type: 'button', onclick: act }, label))));
}

function closeAll(but) {
  for (const open of document.querySelectorAll('details.menu[open]')) {
    if (open !== but) {
      open.open = false;
    }
  }
}

document.addEventListener('click', (event) => {
  const inside = event.target.closest?.('details.menu');
  closeAll(event.target.closest?.('.menu-items > *') ? null : inside);
});
addEventListener('keydown', (event) => {
  const open = event.key === 'Escape' ? document.querySelector('details.menu[open]') : null;
  if (open) {
    open.open = false;
    open.querySelector('summary').focus();
  }
});
