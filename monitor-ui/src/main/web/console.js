// The console: chooses the page by the address, keeps it up to date, and says when it is offline.

import { patch, h, shown } from './dom.js';
import { AuditPage } from './audit.js';
import * as live from './live.js';
import { Overview } from './overview.js';
import { PipelinePage } from './pipeline.js';
import { RunPage } from './run.js';
import { DeliveriesPage } from './deliveries.js';
import { listenToKeys } from './shortcuts.js';
import { SourcesPage } from './sources.js';
import { LocksPage } from './locks.js';
import { SETTINGS } from './lists.js';
import { MessagesPage } from './messages.js';
import { SecretsPage } from './secrets.js';
import * as session from './session.js';
import { moment } from './time.js';
import { TokensPage } from './tokens.js';
import { whoView } from './whobar.js';
import './elements.js';

const main = document.querySelector('main');
const status = document.querySelector('.connection');
const banner = document.querySelector('.offline');
const corner = document.querySelector('.who');

let page = null;
let pageKey = null;
let asked = false;
// When the last drawing ended and how long it took, in milliseconds.
let drawn = 0;
let cost = 0;

const REST = 3;

const app = {
  /**
   * Shows the page as it is now; many calls within one frame are one. A page that takes long to draw,
   * such as that of a thousand pipelines, is drawn less often, so that it leaves time to read it.
   */
  refresh() {
    if (!asked) {
      asked = true;
      const wait = drawn + REST * cost - performance.now();
      const soon = () => requestAnimationFrame(() => {
        asked = false;
        draw();
      });
      if (cost > 16 && wait > 0) {
        setTimeout(soon, wait);
      } else {
        soon();
      }
    }
  },

  /** Goes to another address of the console. */
  visit(address) {
    if (new URL(address, location.href).href !== location.href) {
      history.pushState(null, '', address);
      show();
    }
  },
};

function draw() {
  const begun = performance.now();
  patch(main, page.view());
  document.title = shown(`${page.title} – Pipewright`);
  drawn = performance.now();
  cost = drawn - begun;
}

function segments() {
  try {
    return location.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return ['?'];
  }
}

class Unknown {
  title = 'Not found';

  enter() {}

  leave() {}

  view() {
    return h('div', { class: 'note empty' }, h('h1', {}, 'There is no such page'), h('a', { href: '/' }, 'All pipelines'));
  }
}

function make(parts) {
  const [first, second, ...rest] = parts;
  const step = rest.length ? rest.join('/') : null;
  if (first === undefined) {
    return ['overview', () => new Overview(app)];
  }
  if (first === 'pipelines' && second) {
    return [`pipeline ${second}`, () => new PipelinePage(app, second)];
  }
  if (first === 'runs') {
    return second ? [`run ${second}`, () => new RunPage(app, second, step), step] : ['runs', () => new PipelinePage(app, null)];
  }
  if (first === 'deliveries') {
    return [`deliveries ${location.search}`, () => new DeliveriesPage(app)];
  }
  if (first === 'locks' && second === undefined) {
    return ['locks', () => new LocksPage(app)];
  }
  const plain = { sources: SourcesPage, secrets: SecretsPage, messages: MessagesPage, tokens: TokensPage, audit: AuditPage };
  return second === undefined && Object.hasOwn(plain, first)
    ? [first, () => new plain[first](app)]
    : ['unknown', () => new Unknown()];
}

/** The entry of the main menu that a page belongs to. */
function areaOf(first) {
  if (first === undefined || first === 'pipelines') {
    return '/';
  }
  return SETTINGS.includes(`/${first}`) ? SETTINGS[0] : `/${first}`;
}

function show() {
  const parts = segments();
  const [key, create, step] = make(parts);
  if (key === pageKey && page.go) {
    page.go(step);
  } else if (key !== pageKey) {
    page?.leave();
    page = create();
    pageKey = key;
    page.enter();
    live.hear(page.hears ?? null);
    draw();
  } else {
    app.refresh();
  }
  const area = areaOf(parts[0]);
  for (const entry of document.querySelectorAll('.top nav a')) {
    if (entry.getAttribute('href') === area) {
      entry.setAttribute('aria-current', 'page');
    } else {
      entry.removeAttribute('aria-current');
    }
  }
}

function follow(event) {
  const anchor = event.target.closest?.('a[href^="/"]');
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!anchor || !plain || anchor.target || anchor.hasAttribute('download') || /^\/(api|wall|assets|login)/.test(anchor.pathname)) {
    return;
  }
  event.preventDefault();
  if (anchor.href !== location.href) {
    history.pushState(null, '', anchor.href);
    show();
    if (!anchor.dataset.stay) {
      scrollTo(0, 0);
      main.focus({ preventScroll: true });
    } else if (anchor.dataset.stay === 'log' && innerWidth < 1000) {
      document.querySelector('section.log')?.scrollIntoView();
    }
  }
}

function connection() {
  status.dataset.state = live.state.up === null ? 'connecting' : live.state.up ? 'live' : 'offline';
  status.textContent = { connecting: 'connecting', live: 'live', offline: 'offline' }[status.dataset.state];
  banner.hidden = live.state.up !== false;
  patch(banner, live.state.up === false
    ? [
        h('span', {}, `Offline since ${moment(live.state.lastBeat)}. What you see may be old; it is updated as soon as the server is back.`),
        h('button', { type: 'button', class: 'small', onclick: live.retry }, 'Try now'),
      ]
    : null);
}

session.onChange((signedIn) => {
  patch(corner, whoView());
  app.refresh();
  if (signedIn) {
    live.renew();
  }
});
document.addEventListener('click', follow);
addEventListener('popstate', show);
listenToKeys(app.visit);
live.on('up', connection);
live.on('down', connection);
show();
connection();
live.listen({ rests: true });
