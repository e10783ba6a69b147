// What pages that show one list of the server have in common, and the tabs of the settings.

import { h, link } from './dom.js';
import * as live from './live.js';
import { loading, trouble } from './parts.js';

const TABS = [['/sources', 'Sources'], ['/secrets', 'Secrets'], ['/messages', 'Messages'], ['/tokens', 'Tokens'], ['/audit', 'Audit']];

/** A list that is asked for on entry and whenever the server is back; what is shown survives a failure. */
export class ListPage {
  items = null;
  problem = null;
  #next = null;
  #busy = false;
  #read;
  #stops = [];

  /** `read(after)` gives `{items, next}`; `what` is its plural, `every` how often it is asked for anew in milliseconds. */
  constructor(app, { title, what, read, every = null }) {
    this.app = app;
    this.title = title;
    this.what = what;
    this.every = every;
    this.#read = read;
  }

  enter() {
    const timer = this.every ? setInterval(() => !document.hidden && this.load(), this.every) : null;
    this.#stops = [() => clearInterval(timer), live.on('up', () => this.load())];
    this.load();
  }

  leave() {
    this.#stops.forEach((stop) => stop());
  }

  /** Asks for the first page; older ones that were loaded are let go. */
  load() {
    return this.#ask(null);
  }

  async #ask(after) {
    if (this.#busy) {
      return;
    }
    this.#busy = true;
    try {
      const { items, next } = await this.#read(after);
      this.items = after ? [...this.items, ...items] : items;
      this.#next = next;
      this.problem = null;
    } catch (e) {
      this.problem = e;
    }
    this.#busy = false;
    this.app.refresh();
  }

  /** The page: its `head`, and `body(items)` once there are some. */
  page(head, body) {
    const again = () => this.load();
    return [
      head,
      this.problem ? trouble(this.problem, again) : null,
      this.items ? body(this.items) : this.problem ? null : loading(this.what),
      this.items && this.#next
        ? h('button', { type: 'button', class: 'more', onclick: () => this.#ask(this.#next) }, `Older ${this.what}`)
        : null,
    ];
  }
}

/** The head of a page of the settings: the tabs, a title, what it is about, and buttons. */
export function settingsHead(path, title, about, ...buttons) {
  return [
    h('nav', { class: 'part-tabs settings-tabs', 'aria-label': 'Settings', key: 'tabs' },
      TABS.map(([href, name]) => link(href, { class: 'part-tab', 'aria-current': href === path ? 'page' : null }, name))),
    h('div', { class: 'page-head' }, h('h1', {}, title), h('p', { class: 'summary quiet' }, about), ...buttons),
  ];
}

/** The paths of the settings. */
export const SETTINGS = TABS.map(([path]) => path);
