// What this server tells others: statuses to forges, notifications to people, and what came of it.

import { h, link } from './dom.js';
import * as api from './api.js';
import { ask } from './dialogs.js';
import { ListPage, settingsHead } from './lists.js';
import { command, empty, runPage } from './parts.js';
import { stateIcon } from './states.js';
import { needs } from './session.js';

const EVERY = 15_000;
const STATES = {
  PENDING: ['queued', 'to be sent'],
  AGAIN: ['waiting', 'tried again'],
  SENT: ['succeeded', 'sent'],
  REFUSED: ['failed', 'not sent'],
};

export class MessagesPage extends ListPage {
  constructor(app) {
    super(app, { title: 'Messages', what: 'messages', read: api.outbox, every: EVERY });
  }

  async retry(item) {
    const again = await ask({
      title: 'Try this message again?',
      text: 'It is sent at once. Do this once what kept it from being taken is mended.',
      label: 'Try again',
      act: () => api.retryMessage(item.id),
    });
    return again && this.load();
  }

  view() {
    return this.page(
      settingsHead('/messages', 'Messages', 'Statuses for forges and notifications for people, newest first'),
      (items) => (items.length === 0 ? nothing() : h('ul', { class: 'lines' }, items.map((item) => message(item, () => this.retry(item))))));
  }
}

function message(item, retry) {
  const [icon, word] = STATES[item.state === 'PENDING' && item.tries > 0 ? 'AGAIN' : item.state] ?? ['none', item.state];
  return h('li', { class: `line s-${icon}`, key: item.id },
    h('span', { class: `badge s-${icon}` }, stateIcon(icon), h('span', {}, word)),
    h('div', { class: 'line-main' },
      h('div', { class: 'subject-line' },
        h('strong', {}, item.kind === 'status' ? `status to the forge of ${item.target}` : `notification of “${item.kind}” to ${item.target}`)),
      h('div', { class: 'line-more' }, h('span', { class: 'cut' }, item.text), link(runPage(item.run), {}, item.run)),
      item.state !== 'SENT' && item.reason ? h('div', { class: `reason lines-kept s-${icon}` }, item.reason) : null,
      item.state === 'PENDING' && item.tries > 0
        ? h('div', { class: 'line-more' }, h('span', {}, `tried ${item.tries === 1 ? 'once' : `${item.tries} times`}`),
            item.next ? h('span', {}, 'next ', h('pw-until', { at: item.next })) : null)
        : null),
    h('div', { class: 'line-end' },
      h('pw-ago', { at: item.since }),
      item.state === 'REFUSED' || (item.state === 'PENDING' && item.tries > 0)
        ? h('button', { type: 'button', class: 'small', 'aria-label': `Try again: ${item.text}`, onclick: retry, ...needs('ADMIN') }, 'Try again…')
        : null));
}

function nothing() {
  return empty('No messages yet',
    h('p', {}, 'Once a source has a token for its forge, every commit there shows what its runs came to:'),
    command('pipewright sources add NAME --git URL --forge FORGE --status-token-file FILE'),
    h('p', {}, 'Notifications to chats and mailboxes are set in a file of the server.'));
}
