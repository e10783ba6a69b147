// The calls to the server. Whoever is signed in is known by a cookie that scripts cannot read.

const API = '/api/v1';
// What tells the server that a page of its own calls: other sites cannot send it.
const PAGE = { 'Pipewright-Page': '1' };

/** An answer that was not a success, in words. */
class Problem extends Error {
  constructor(status, title, detail) {
    super(title);
    this.status = status;
    this.detail = detail;
  }
}

/** A wall that nobody types at has its token in its address; null elsewhere. */
export const addressToken = new URLSearchParams(location.search).get('access_token');

let doorkeeper = async () => false;

/**
 * Asks `ask(isWrite, sentAt)` who calls when the server wants to know; it resolves to whether somebody
 * is signed in now. `sentAt` is when it was called, in milliseconds of this page.
 */
export function whenUnknown(ask) {
  doorkeeper = ask;
}

const runSegment = (id) => encodeURIComponent(id);
const pathSegments = (path) => path.split('/').map(encodeURIComponent).join('/');
/** The page of a run, or of one of its steps; `more` may name `attempt`, `view`, `left`, `right`. */
export const runPage = (id, step, more = {}) =>
  `/runs/${runSegment(id)}${step ? `/${pathSegments(step)}` : ''}${query(more)}`;
export const pipelinePage = (name) => `/pipelines/${encodeURIComponent(name)}`;
/** The output of a step; `more` may name `attempt`, `offset` and `limit`. */
export const logAddress = (run, step, more = {}) => `${API}/runs/${runSegment(run)}/logs/${pathSegments(step)}${query(more)}`;
export const artifactAddress = (run, path) =>
  `${API}/runs/${runSegment(run)}/artifacts/${pathSegments(path)}`;

async function answer(response) {
  if (response.ok) {
    return response;
  }
  let problem = null;
  try {
    problem = await response.json();
  } catch {
    problem = null;
  }
  const title = typeof problem?.title === 'string' ? problem.title : `The server answered ${response.status}.`;
  throw new Problem(response.status, title, typeof problem?.detail === 'string' ? problem.detail : null);
}

async function send(address, options = {}) {
  const headers = { ...options.headers, ...PAGE };
  if (addressToken) {
    headers.Authorization = `Bearer ${addressToken}`;
  }
  try {
    return await fetch(address, { ...options, headers, credentials: 'same-origin' });
  } catch (e) {
    if (e.name === 'AbortError') {
      throw e;
    }
    throw new Problem(0, 'The server does not answer.', 'It is asked again as soon as it is back.');
  }
}

/**
 * A call that may fail as a Problem; status 0 means that there was no answer. If the server asks who
 * calls, the reader is asked, and the call goes on afterwards.
 */
export async function call(address, options = {}) {
  const sentAt = performance.now();
  const first = await send(address, options);
  const again = first.status === 401 && !addressToken && (await doorkeeper((options.method ?? 'GET') !== 'GET', sentAt));
  return answer(again ? await send(address, options) : first);
}

async function json(path, options) {
  return (await call(API + path, options)).json();
}

const post = (path, body) =>
  json(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

function query(values) {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== '') {
      parts.set(name, value);
    }
  }
  return parts.size === 0 ? '' : `?${parts}`;
}

async function everyPage(path) {
  const all = [];
  let after = null;
  do {
    const page = await json(`${path}${query({ after })}`);
    all.push(...page.items);
    after = page.next;
  } while (after);
  return all;
}

export const pipelines = () => everyPage('/pipelines');
export const pipeline = (name) => json(`/pipelines/${encodeURIComponent(name)}`);
export const runs = (name, after, limit = 30, filters = {}) => json(`/runs${query({ pipeline: name, ...filters, after, limit })}`);
export const mend = (name, on) => post(`/pipelines/${encodeURIComponent(name)}/mending`, { on });
export const run = (id) => json(`/runs/${runSegment(id)}`);
export const attempt = (id, number) => json(`/runs/${runSegment(id)}/attempts/${number}`);
export const tests = (id, number) => json(`/runs/${runSegment(id)}/tests${query({ attempt: number })}`);
export const testHistory = (name, suite, test, limit = 30) =>
  json(`/pipelines/${encodeURIComponent(name)}/tests?${new URLSearchParams({ suite, name: test, limit })}`);
export const locks = () => everyPage('/locks');
export const sources = async () => (await json('/sources')).items;
export const deliveries = (source, after, limit = 50) => json(`/deliveries${query({ source, after, limit })}`);
export const delivery = (id) => json(`/deliveries/${encodeURIComponent(id)}`);

/** Who is signed in: {name, kind}, or null. */
export async function whoami() {
  const told = await answer(await send(`${API}/session`));
  return told.status === 204 ? null : told.json();
}
/** Exchanges a token for a session. */
export async function signIn(token) {
  const headers = { 'Content-Type': 'application/json' };
  return (await answer(await send(`${API}/session`, { method: 'POST', headers, body: JSON.stringify({ token }) }))).json();
}
export const signOut = () => call(`${API}/session`, { method: 'DELETE' });
export const signInWays = () => json('/sign-in');

export const start = (body) => post('/starts', body);
export const cancel = (id, reason) => post(`/runs/${runSegment(id)}/cancel`, { reason });
export const rerun = (id, from, reason) => post(`/runs/${runSegment(id)}/rerun`, { from, reason });
export const decide = (id, decision) => post(`/runs/${runSegment(id)}/decisions`, decision);
export const release = (lock) =>
  call(`${API}/locks/${encodeURIComponent(lock)}/release`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });

export const wallSettings = async (view) => (await call(`/wall.json${query({ view })}`)).json();
export const wallFeeds = async (view) => (await call(`/wall/feeds.json${query({ view })}`)).json();

export const secrets = async () => ({ items: (await json('/secrets')).items ?? [], next: null });
export const setSecret = (spec) => post('/secrets', spec);
export const removeSecret = (name, source) =>
  call(`${API}/secrets/${encodeURIComponent(name)}${query({ source })}`, { method: 'DELETE' });
export const outbox = (after, limit = 50) => json(`/outbox${query({ after, limit })}`);
export const retryMessage = (id) => json(`/outbox/${encodeURIComponent(id)}/retry`, { method: 'POST' });
export const addSource = (spec) => post('/sources', spec);
export const replay = (id) => json(`/deliveries/${encodeURIComponent(id)}/replay`, { method: 'POST' });
export const tokens = async () => ({ items: (await json('/tokens')).items, next: null });
export const makeToken = (spec) => post('/tokens', spec);
export const removeToken = (name) => call(`${API}/tokens/${encodeURIComponent(name)}`, { method: 'DELETE' });
export const audit = (after, limit = 50) => json(`/audit${query({ after, limit })}`);
