// "I am on it": who looks after a broken pipeline.

import { h, patch } from './dom.js';
import * as api from './api.js';
import * as session from './session.js';
import { isBroken } from './states.js';
import { roughly, secondsBetween } from './time.js';

/** `ann is on it · 5 min`, null if nobody is. */
export function mendingWords(mending) {
  return mending ? `${mending.by} is on it · ${roughly(secondsBetween(mending.since))}` : null;
}

/** Says who is on broken pipelines, with a button that takes one or lets it go. */
export class OnIt {
  #app;
  #problem = null;

  constructor(app) {
    this.#app = app;
  }

  /** Of the pipeline `view`; null if it is not broken. */
  view(view) {
    if (!isBroken(view?.outcome)) {
      return null;
    }
    const { name, mending } = view;
    const problem = this.#problem?.name === name ? this.#problem : null;
    return h('span', { class: 'on-it' },
      mending ? h('span', {}, `${mending.by} is on it · `, h('pw-elapsed', { from: mending.since, rough: true })) : null,
      h('button', {
        type: 'button', class: 'small', 'aria-label': `${mending ? 'Let go of' : 'I am on it:'} ${name}`,
        title: mending ? 'Nobody is on it any more' : 'Tells everybody that you look after it', onclick: () => this.#say(name, !mending),
        ...session.needs('OPERATOR'),
      }, mending ? 'Let go' : 'I am on it'),
      problem ? h('span', { class: 'problem', role: 'alert' }, problem.words) : null);
  }

  async #say(name, on) {
    try {
      if (await session.signedIn()) {
        await api.mend(name, on);
      }
      this.#problem = null;
    } catch (e) {
      this.#problem = { name, words: [e.message, e.detail].filter(Boolean).join(' ') };
    }
    this.#app.refresh();
  }
}

/** Shows the broken pipelines, which `broken()` gives anew, and lets a person take and leave them. */
export function askMending(broken) {
  const dialog = h('dialog', { class: 'mending', 'aria-labelledby': 'mending-title' });
  let problem = null;

  const say = async (name, on) => {
    try {
      if (await session.signedIn()) {
        await api.mend(name, on);
      }
      problem = null;
    } catch (e) {
      problem = e;
    }
    show();
  };

  const line = (view) =>
    h('li', { key: view.name },
      h('span', {}, h('strong', {}, view.name), ' ', mendingWords(view.mending) ?? 'nobody is on it'),
      h('button', { type: 'button', onclick: () => say(view.name, true), ...session.needs('OPERATOR') }, 'I am on it'),
      view.mending ? h('button', { type: 'button', onclick: () => say(view.name, false), ...session.needs('OPERATOR') }, 'Nobody is') : null);

  const show = () => {
    const found = broken();
    patch(dialog,
      h('h2', { id: 'mending-title' }, 'Who is on it?'),
      found.length === 0 ? h('p', {}, 'Nothing is broken here.') : h('ul', {}, found.map(line)),
      problem ? h('p', { class: 'problem', role: 'alert' }, problem.message, problem.detail ? ` ${problem.detail}` : '') : null,
      h('button', { type: 'button', onclick: () => dialog.close() }, 'Done'));
  };

  const timer = setInterval(show, 1000);
  dialog.addEventListener('close', () => {
    clearInterval(timer);
    dialog.remove();
  });
  document.body.append(dialog);
  show();
  dialog.showModal();
}
