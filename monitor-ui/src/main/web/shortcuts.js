// What the keyboard does beyond the keys of the browser.

import { h } from './dom.js';

const KEYS = [
  ['/', 'go to the search of this page'],
  ['j or ↓', 'next pipeline, run or step'],
  ['k or ↑', 'the one before'],
  ['Enter', 'open it'],
  ['t', 'show or hide when lines of output were printed'],
  ['g then p', 'pipelines'],
  ['g then r', 'runs'],
  ['g then d', 'deliveries'],
  ['g then l', 'locks'],
  ['g then s', 'settings'],
  ['?', 'this list'],
];
const PLACES = { p: '/', r: '/runs', d: '/deliveries', l: '/locks', s: '/sources' };
const LATEST = 1500;

/** Listens to the keyboard; `visit(address)` goes to another page. */
export function listenToKeys(visit) {
  let gone = -LATEST;
  addEventListener('keydown', (event) => {
    const { target, key } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || target.closest?.('input, textarea, select, dialog, .log-view')) {
      return;
    }
    const toPlace = event.timeStamp - gone < LATEST && Object.hasOwn(PLACES, key);
    gone = key === 'g' ? event.timeStamp : -LATEST;
    if (toPlace) {
      visit(PLACES[key]);
    } else if (!act(key)) {
      return;
    }
    event.preventDefault();
  });
}

/** Does what a key means; false if it means nothing here. */
function act(key) {
  switch (key) {
    case '/':
      return focus(document.querySelector('main input[type="search"]'));
    case 'j':
    case 'ArrowDown':
      return move(1, key);
    case 'k':
    case 'ArrowUp':
      return move(-1, key);
    case '?':
      return show();
    default:
      return false;
  }
}

function focus(element) {
  element?.focus();
  return Boolean(element);
}

/** Moves among the entries of the page; arrows only once one of them has the focus, for they also scroll. */
function move(by, key) {
  const entries = [...document.querySelectorAll('main .stretched, main .step')];
  const at = entries.indexOf(document.activeElement);
  if (entries.length === 0 || (key.startsWith('Arrow') && at < 0)) {
    return false;
  }
  const next = entries[Math.min(entries.length - 1, Math.max(0, at + by))];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
  return true;
}

function show() {
  const dialog = h('dialog', { 'aria-labelledby': 'keys-title' },
    h('h2', { id: 'keys-title' }, 'Keys'),
    h('dl', { class: 'keys' }, KEYS.map(([key, meaning]) => h('div', {}, h('dt', {}, h('kbd', {}, key)), h('dd', {}, meaning)))),
    h('div', { class: 'dialog-end' }, h('button', { type: 'button', class: 'primary', onclick: () => dialog.close() }, 'Close')));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return true;
}
