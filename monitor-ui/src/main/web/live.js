// The one live connection of a page. Who listens hears `run`, `log` and `pipeline` with the parsed
// data, `beat`, `up` (also the first time) and `down`. Without a beat for 15 seconds it is down.

import { setServerTime } from './time.js';

const SILENCE = 15_000;
const RETRY = 4_000;

const listeners = new Map();
let source = null;
let opened = 0;

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
  source = new EventSource('/api/v1/stream');
  for (const name of ['run', 'log', 'pipeline']) {
    source.addEventListener(name, (event) => heard(name, event));
  }
  source.addEventListener('beat', (event) => heard('beat', event));
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
  if (state.up !== true) {
    state.up = true;
    tell('up');
  }
  tell(name, data);
}

function look() {
  const quiet = Date.now() - state.lastBeat;
  if (quiet > SILENCE && state.up !== false) {
    state.up = false;
    tell('down');
  }
  const sinceOpened = Date.now() - opened;
  const dead = source.readyState === EventSource.CLOSED && sinceOpened > RETRY;
  if (dead || (quiet > SILENCE && sinceOpened > SILENCE)) {
    connect();
  }
}

/** Begins to listen. */
export function listen() {
  connect();
  setInterval(look, 1000);
  addEventListener('online', connect);
  addEventListener('pagehide', () => source.close());
  addEventListener('pageshow', (event) => event.persisted && connect());
}
