// The filters of a list: they live in the address of the page, so that they can be sent to others
// and the back button undoes them.

import { h } from './dom.js';
import { isBroken } from './states.js';
import { shortRef } from './parts.js';
import { bareName, who } from './session.js';

/** What `state` in an address may be, with a word for people. */
export const STATES = [
  ['broken', 'broken'], ['open', 'not over'], ['succeeded', 'succeeded'], ['failed', 'failed'], ['errored', 'errored'],
  ['timed_out', 'timed out'], ['cancelled', 'cancelled'], ['skipped', 'skipped'], ['waiting', 'waiting'], ['running', 'running'], ['queued', 'queued'],
];

/** The name that commits and runs of the reader have; null while nobody is signed in. */
export const readerName = () => (who() ? bareName(who().name) : null);

/** The values of `names` in the address; null where there is none. */
export function filtersOf(names) {
  const asked = new URLSearchParams(location.search);
  return Object.fromEntries(names.map((name) => [name, asked.get(name) || null]));
}

/** The address of this page with other values; null takes one away. */
export function filtered(changes) {
  const asked = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') {
      asked.delete(name);
    } else {
      asked.set(name, value);
    }
  }
  return location.pathname + (asked.size === 0 ? '' : `?${asked}`);
}

/** True if a run is what `state`, `ref` and `by` ask for, as the server decides it. */
export function wants({ state, ref, by }, run) {
  const words = [run.state, run.outcome].map((word) => String(word ?? '').toLowerCase());
  return (!state || words.includes(state) || (state === 'broken' && isBroken(run.outcome)) || (state === 'open' && !run.outcome))
    && (!ref || run.ref === ref || run.ref === `refs/heads/${ref}` || run.ref === `refs/tags/${ref}`)
    && (!by || bareName(run.cause?.by).toLowerCase() === bareName(by).toLowerCase());
}

/** The short names of the branches and tags of `runs`, sorted; pull requests have none. */
export function refsOf(runs) {
  return [...new Set(runs.filter(({ ref }) => /^refs\/(heads|tags)\//.test(ref)).map(({ ref }) => shortRef(ref)))].sort();
}

/** A choice of one of `options` [value, word], or of all. */
export function choice(label, all, options, chosen, act) {
  const known = chosen === null || options.some(([value]) => value === chosen) ? options : [...options, [chosen, chosen]];
  return h('select', { class: 'choose', 'aria-label': label, onchange: (event) => act(event.target.value || null), key: label },
    h('option', { value: '', selected: chosen === null }, all),
    known.map(([value, word]) => h('option', { value, selected: value === chosen }, word)));
}

/** A button that is pressed or not. */
export function toggle(label, on, act) {
  return h('button', { type: 'button', class: 'choose', 'aria-pressed': String(on), onclick: () => act(!on), key: label }, label);
}
