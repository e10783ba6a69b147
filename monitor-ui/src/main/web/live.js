// The one live connection of a page. Who listens hears `run`, `log` and `pipeline` with the parsed
// data, `beat`, `up` and `down`. Without a beat for 15 seconds it is down. A connection that breaks
// is made anew by the browser, and the server tells what was missed. `up` says that everything has
// to be read anew: at first, after `down`, on a connection of our own making, and when the server
// does not know any more what was missed. A `run` has its steps only on a page that hears of one run.

import { addressToken } from './api.js';
import { setServerTime } from './time.js';

const SILENCE = 15_000;
const RETRY = 4_000;
const HIDDEN = 30_000;

const listeners = new Map();
let source = null;
let opened = 0;
let paused = false;
let refused = false;
let fresh = true;
let only = null;

export const state = {
  /** null until it is known. */
  up: null,
  /** Milliseconds of this machine's clock: the last beat, or when the page began to listen. */
  lastBeat: Date.now(),
};

/** Calls `listener` for every event of that name; returns how to stop it. */
export function on(name, listener) {
  if (!listeners.has(name)) {
    listeners.set(name, new Set());
  }
  listeners.get(name).add(listener);
  return () => listeners.get(name).delete(listener);
}

function tell(name, data) {
  for (const listener of [...(listeners.get(name) ?? [])]) {
    listener(data);
  }
}

function connect() {
  source?.close();
  opened = Date.now();
  fresh = true;
  // A stream cannot send headers. A wall with a token in its own address puts it into this one too,
  // but only after it was refused without.
  const asked = new URLSearchParams();
  if (only) {
    asked.set('run', only);
  }
  if (refused && addressToken) {
    asked.set('access_token', addressToken);
  }
  source = new EventSource(`/api/v1/stream${asked.size > 0 ? `?${asked}` : ''}`);
  for (const name of ['run', 'log', 'pipeline']) {
    source.addEventListener(name, (event) => heard(name, event));
  }
  source.addEventListener('beat', (event) => heard('beat', event));
  source.addEventListener('reset', (event) => {
    fresh = true;
    heard('reset', event);
  });
}

function heard(name, event) {
  let data;
  try {
    data = JSON.parse(event.data);
  } catch {
    return;
  }
  state.lastBeat = Date.now();
  if (name === 'beat') {
    setServerTime(data.at);
  }
  if (state.up !== true || fresh) {
    state.up = true;
    fresh = false;
    tell('up');
  }
  tell(name, data);
}

function look() {
  if (paused) {
    return;
  }
  const quiet = Date.now() - state.lastBeat;
  if (quiet > SILENCE && state.up !== false) {
    state.up = false;
    tell('down');
  }
  const sinceOpened = Date.now() - opened;
  const dead = source.readyState === EventSource.CLOSED && sinceOpened > RETRY;
  refused ||= dead;
  if (dead || (quiet > SILENCE && sinceOpened > SILENCE)) {
    connect();
  }
}

/** Lets go of the stream while the page is out of sight: browsers allow few streams per server. */
function rest() {
  let timer = null;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden) {
      timer = setTimeout(() => {
        paused = true;
        source.close();
      }, HIDDEN);
    } else if (paused) {
      paused = false;
      renew();
    }
  });
}

/** Hears from now on of this run alone, with its steps; of everything, but no steps, if null. */
export function hear(run) {
  if (run !== only) {
    only = run;
    if (source && !paused) {
      connect();
    }
  }
}

/** Looks for the server at once, and not only when it is time again. */
export function retry() {
  connect();
}

/** Listens as whoever is signed in now; who hears of `up` asks for everything anew. */
export function renew() {
  state.up = null;
  state.lastBeat = Date.now();
  connect();
}

/** Begins to listen; a page that `rests` needs no events while nobody sees it. */
export function listen({ rests = false } = {}) {
  if (rests) {
    rest();
  }
  connect();
  setInterval(look, 1000);
  addEventListener('online', connect);
  addEventListener('pagehide', () => source.close());
  addEventListener('pageshow', (event) => event.persisted && connect());
}
