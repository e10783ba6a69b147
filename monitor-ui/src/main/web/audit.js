// The audit log: every write that a person made or tried, newest first.

import { h } from './dom.js';
import * as api from './api.js';
import { ListPage, settingsHead } from './lists.js';
import { empty } from './parts.js';
import { stateIcon } from './states.js';

export class AuditPage extends ListPage {
  constructor(app) {
    super(app, { title: 'Audit', what: 'entries', read: api.audit });
  }

  view() {
    return this.page(
      settingsHead('/audit', 'Audit', 'What people did, and what they were refused, newest first'),
      (items) => (items.length === 0
        ? empty('Nothing yet', h('p', {}, 'Every start, decision and change of a setting is entered here with who did it.'))
        : h('ul', { class: 'lines' }, items.map(entry))));
  }
}

function entry(item) {
  const [icon, word] = item.status < 400 ? ['succeeded', 'done'] : item.status < 500 ? ['cancelled', 'refused'] : ['failed', 'failed'];
  return h('li', { class: `line s-${icon}`, key: String(item.id) },
    h('span', { class: `badge s-${icon}` }, stateIcon(icon), h('span', {}, word)),
    h('div', { class: 'line-main' },
      h('div', { class: 'subject-line' }, h('strong', {}, item.who), h('span', { class: 'tag' }, item.as.toLowerCase()), h('span', { class: 'subject' }, item.what)),
      h('div', { class: 'line-more' }, h('code', { class: 'cut' }, item.target), h('span', {}, `from ${item.from}`), h('span', {}, `answer ${item.status}`))),
    h('div', { class: 'line-end' }, h('pw-ago', { at: item.at })));
}
