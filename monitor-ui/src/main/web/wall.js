// The wall: every pipeline on one screen. The fill of a tile is its last result; its border and bar
// are what goes on. Keys: f full screen, h hide or show the green ones, m who is on it, s sound.

import { h, patch, safeAddress, shown } from './dom.js';
import * as api from './api.js';
import * as live from './live.js';
import { fit, inTwo, minimumFont, rowsOf, shortened } from './fit.js';
import { askMending, mendingWords } from './mending.js';
import { isBroken, lookOf, needRank, outcomeLook, stateIcon } from './states.js';
import { ago, clock, moment, now, roughly, secondsBetween, stopwatch } from './time.js';
import { tellingWait, waitingBeside, waitingRuns, waitWords } from './waits.js';
import * as shift from './wallshift.js';
import * as sound from './wallsound.js';
import { isSure, tilesOf } from './wallviews.js';

const SETTINGS_EVERY = 15_000;
const ALL_EVERY = 300_000;
const FEEDS_EVERY = 5_000;
const RETRY = 5_000;
/** So many failures in a row are told of; fewer may be a hiccup. */
const FAILURES = 3;
const CLOCK_ROOM = 5;
/** An icon and the gap beside it. */
const ICON_ROOM = 1.4;

const head = document.querySelector('.wall-head');
const strip = document.querySelector('.wall-problem');
const grid = document.querySelector('.wall-grid');
const stale = document.querySelector('.wall-stale');

/** The name of the view in `/wall/NAME`, null for the wall itself. */
const view = location.pathname.split('/')[2] || null;
const views = new Map();
let loaded = false;
let settled = false;
let trouble = null;
let settings = { title: 'Pipelines', show: [], hide: [], strip: [], groups: [], feeds: [], own: true, order: 'sick-first' };
let feeds = [];
let problem = null;
const settingsFailed = { count: 0, since: null, problem: null };
const feedsFailed = { count: 0, since: null, problem: null };
let lock = null;
let heard = null;

const widths = new Map();
const canvas = document.createElement('canvas').getContext('2d');

/** The width of a text in units of the font size, in the weight of the names. */
function measure(text) {
  let width = widths.get(text);
  if (width === undefined) {
    canvas.font = `650 100px ${getComputedStyle(document.body).fontFamily}`;
    width = canvas.measureText(text).width / 100;
    if (widths.size > 20_000) {
      widths.clear();
    }
    widths.set(text, width);
  }
  return width;
}

const asked = (name) => new URLSearchParams(location.search).get(name);
const hidesGreens = () => asked('greens') === 'hide';
const hasSound = () => asked('sound') === 'on';

function order(a, b) {
  const loud = Number(b.loud ?? false) - Number(a.loud ?? false);
  const sick = settings.order === 'name' ? 0 : needRank(a) - needRank(b);
  return loud || sick || a.name.localeCompare(b.name);
}

function shownViews() {
  const own = [...views.values()].map((view) => ({ ...view, key: view.name, address: api.pipelinePage(view.name) }));
  const known = tilesOf({ own, feeds, settings, now: now(), silence: isTold(feedsFailed) ? feedsFailed : null });
  const shown = hidesGreens() ? known.filter((view) => view.outcome !== 'SUCCEEDED' || !isSure(view)) : known;
  return { known, shown: shown.sort(order) };
}

function draw() {
  const { known, shown } = shownViews();
  listenTo(known);
  patch(head, ...heading(known));
  strip.textContent = faultOfSettings() ?? '';
  strip.hidden = !strip.textContent;
  drawStale();
  if (shown.length === 0) {
    grid.className = 'wall-grid message';
    grid.style.cssText = '';
    patch(grid, nothing(known));
    return;
  }
  const area = { width: grid.clientWidth, height: grid.clientHeight };
  const lineWidth = measure('timed out · 59 min') + 1.6;
  const minimum = minimumFont(innerWidth, innerHeight);
  const plan = fit({ ...area, names: shown.map((view) => view.name), measure, lineWidth, minimum });
  grid.className = `wall-grid layout-${plan.layout}`;
  grid.style.fontSize = `${plan.font}px`;
  grid.style.gap = `${plan.gap}px`;
  patch(grid, rowsOf(shown, plan.rows).map((row) => {
    const element = h('div', { class: 'wall-row' }, row.map((view) => tile(view, plan)));
    element.style.gap = `${plan.gap}px`;
    return element;
  }));
}

/** Tells of a change since the last look; what is there at first is no change. */
function listenTo(tiles) {
  const change = sound.changeOf(heard, tiles);
  if (loaded) {
    heard = sound.outcomesOf(tiles);
  }
  if (change) {
    document.body.dataset.change = change;
    if (hasSound()) {
      sound.play(change);
    }
  }
}

function heading(known) {
  const broken = known.filter((view) => isBroken(view.outcome)).length;
  const waiting = known.filter((view) => waitingRuns(view) > 0).length;
  const active = known.filter((view) => view.current && view.current.state !== 'WAITING').length;
  const green = known.filter((view) => view.outcome === 'SUCCEEDED').length;
  const font = Number.parseFloat(getComputedStyle(head).fontSize) || 16;
  const wide = head.clientWidth / font;
  const all = settled && broken === 0 && green > 0 && green === known.length && known.every(isSure);
  const counts = [[broken, 'failed', 'broken'], [waiting, 'waiting', 'waiting'], [active, 'running', 'active'], [green, 'succeeded', all ? 'all green' : 'green']]
    .filter(([number]) => number > 0)
    .map(([number, key, word]) => ({ key, word, said: word === 'all green' ? word : `${number} ${word}`, brief: String(number) }));
  // Each has an icon and a gap beside its words; where not all words fit, the icons speak.
  const needed = counts.reduce((sum, { said }) => sum + measure(said) + 2.5, 0);
  const brief = needed > wide - (wide > 33 ? CLOCK_ROOM : 0);
  const room = wide - needed - CLOCK_ROOM;
  return [
    wide > 40 && room > 4 ? h('h1', {}, shortened(settings.title, room, measure)) : null,
    h('span', { class: 'counts' }, counts.map((count) =>
      h('span', { class: `badge s-${count.key}`, title: count.said }, stateIcon(count.key, brief ? count.word : null), brief ? count.brief : count.said))),
    h('span', { class: 'acts' },
      brokenHere().length > 0 ? h('button', { type: 'button', onclick: whoIsOnIt, title: 'Key m' }, 'I am on it…') : null,
      h('button', { type: 'button', onclick: toggleSound, title: 'Key s' }, hasSound() ? 'Sound off' : 'Sound on'),
      h('button', { type: 'button', onclick: toggleGreens, title: 'Key h' }, hidesGreens() ? 'Show green' : 'Hide green'),
      h('button', { type: 'button', onclick: fullScreen, title: 'Key f' }, 'Full screen')),
    wide > 33 ? h('time', {}, clock(now(), false)) : null,
  ];
}

function nothing(known) {
  if (!loaded || !settled) {
    return h('div', {}, h('p', { class: 'huge' }, trouble ? trouble.message : 'Loading…'),
      trouble?.detail ? h('p', {}, trouble.detail) : null);
  }
  if (known.length === 0) {
    return h('div', {}, h('p', { class: 'huge' }, 'No pipelines yet'), h('p', {}, 'They appear here with their first run.'));
  }
  const since = known.map((view) => view.since).filter(Boolean).sort().at(-1);
  return h('div', { class: 'all-green' }, stateIcon('succeeded'), h('p', { class: 'huge' }, 'All green'),
    h('p', {}, `${known.length} ${known.length === 1 ? 'pipeline' : 'pipelines'}${since ? `, for ${roughly(secondsBetween(since))}` : ''}`));
}

function drawStale() {
  const down = live.state.up === false;
  document.body.classList.toggle('stale', down);
  stale.hidden = !down;
  stale.textContent = down ? `No data since ${moment(live.state.lastBeat)}` : '';
}

function tile(view, plan) {
  const look = outcomeLook(view.outcome);
  const run = view.current;
  const activity = run ? lookOf(run.state) : null;
  const whole = { title: words(view, look, activity), 'aria-label': words(view, look, activity) };
  const body = ['single', 'crowded', 'tiny'].includes(plan.layout)
    ? oneLine(view, look, activity, plan)
    : lines(view, look, activity, plan);
  const states = `f-${look.key}${activity ? ` active a-${activity.key}` : ''}${view.loud ? ' loud' : ''}${view.old ? ' old' : ''}${isMended(view) ? ' mended' : ''}`;
  const href = safeAddress(view.address);
  const place = href ? { href, rel: href.startsWith('/') ? null : 'noreferrer' } : { role: 'group' };
  return h(href ? 'a' : 'div', { class: `tile ${states}`, key: view.key, ...place, ...whole },
    body, run && run.state !== 'WAITING' ? bar(view) : null);
}

const isMended = (view) => Boolean(view.mending) && isBroken(view.outcome);

function words(view, look, activity) {
  const parts = [view.name, view.said ?? look.word, view.old ? `read ${ago(view.readAt)}` : ''];
  if (isBroken(view.outcome)) {
    parts.push(`for ${roughly(secondsBetween(view.since))}`, view.brokenBy ? `by ${view.brokenBy}` : '', mendingWords(view.mending) ?? '');
  }
  const wait = view.current ? tellingWait(view.current) : null;
  const beside = waitingBeside(view);
  return [...parts, activity?.word ?? '', wait ? waitWords(wait.what) : '', beside ? `${beside} waiting` : ''].filter(Boolean).join(', ');
}

function oneLine(view, look, activity, plan) {
  const shown = activity && !isBroken(view.outcome) ? activity : look;
  return h('span', { class: 'tile-line' }, stateIcon(shown.key),
    h('span', { class: 'tile-name' }, shortened(view.name, plan.room, measure)),
    measure(view.name) + countRoom(view) <= plan.room ? waitingCount(view) : null,
    plan.layout === 'tiny' ? null : h('span', { class: 'tile-word' }, shortWord(shown)));
}

/** How many runs wait beside the one that is shown; null if none does. */
function waitingCount(view) {
  const beside = waitingBeside(view);
  return beside ? h('span', { class: 'tile-waits' }, stateIcon('waiting'), String(beside)) : null;
}

const countRoom = (view) => measure(String(waitingBeside(view))) + 2 * ICON_ROOM;

/** Puts the count of waiting runs on the first line that has room for it. */
function countOn(elements, view, room) {
  const count = waitingCount(view);
  const width = (element) => measure(element.textContent) + (element.querySelector('.icon') ? ICON_ROOM : 0);
  if (count) {
    elements.find((element) => width(element) + countRoom(view) <= room)?.append(count);
  }
}

function shortWord(look) {
  return { succeeded: 'ok', none: 'no result' }[look.key] ?? look.word;
}

function lines(view, look, activity, plan) {
  const names = plan.nameLines === 1 || measure(view.name) <= plan.room ? [view.name] : inTwo(view.name, measure);
  const below = [status(view, look)];
  const broken = isBroken(view.outcome);
  const more = view.said ?? mendingWords(view.mending) ?? (view.brokenBy ? `by ${view.brokenBy}` : null);
  const who = broken && more ? text('by', more, plan.room) : null;
  const doing = activity ? line('doing', activity, elapsed(view, activity), plan.room) : null;
  const idle = text('idle', idleText(view), plan.room);
  if (plan.layout === 'rich') {
    below.push(broken ? who ?? idle : activity ? null : idle, doing);
  } else if (plan.layout === 'full') {
    below.push(doing ?? who ?? idle);
  } else if (activity && !broken) {
    below[0] = doing;
  }
  const named = names.map((part) => h('span', { class: 'tile-line' }, shortened(part, plan.room, measure)));
  const told = below.filter(Boolean);
  countOn([...told, ...named], view, plan.room);
  return [h('span', { class: 'tile-name' }, named), h('span', { class: 'tile-below' }, told)];
}

function status(view, look) {
  const since = isBroken(view.outcome) && view.since ? ` · ${roughly(secondsBetween(view.since))}` : '';
  return h('span', { class: 'tile-line status' }, stateIcon(look.key), h('span', {}, look.word + since));
}

function line(kind, look, said, room) {
  return h('span', { class: `tile-line ${kind}` }, stateIcon(look.key), h('span', {}, shortened(said, room - 1.5, measure)));
}

function text(kind, said, room) {
  return said ? h('span', { class: `tile-line ${kind}` }, h('span', {}, shortened(said, room, measure))) : null;
}

function idleText(view) {
  if (view.said) {
    return view.said;
  }
  if (view.old) {
    return `read ${ago(view.readAt)}`;
  }
  const last = view.lastFinished?.finishedAt;
  return last ? `${roughly(secondsBetween(last))} ago` : '';
}

function elapsed(view, activity) {
  if (view.current.state === 'WAITING') {
    const since = tellingWait(view.current)?.since;
    return since ? `${activity.word} ${roughly(secondsBetween(since))}` : activity.word;
  }
  if (!view.current.startedAt) {
    return `${activity.word} ${roughly(secondsBetween(view.current.queuedAt))}`;
  }
  const ran = stopwatch(secondsBetween(view.current.startedAt));
  return view.typicalSeconds ? `${ran} of ${stopwatch(view.typicalSeconds)}` : `${activity.word} ${ran}`;
}

function bar(view) {
  const started = view.current.startedAt;
  const share = started && view.typicalSeconds ? secondsBetween(started) / view.typicalSeconds : 0;
  const filled = h('span', {});
  filled.style.width = `${(Math.min(1, share) * 100).toFixed(1)}%`;
  return h('span', { class: `tile-bar${share > 1 ? ' over' : ''}${started && !view.typicalSeconds ? ' unknown' : ''}` }, filled);
}

async function loadAll() {
  try {
    const all = await api.pipelines();
    views.clear();
    all.forEach((view) => views.set(view.name, view));
    loaded = true;
    trouble = null;
  } catch (e) {
    trouble = e;
    setTimeout(loadAll, RETRY);
  }
  draw();
}

async function loadSettings() {
  try {
    const answer = await api.wallSettings(view);
    settings = answer.settings;
    problem = answer.problem;
    settled = true;
    went(settingsFailed);
    document.title = shown(`${settings.title} – Pipewright wall`);
  } catch (e) {
    // The settings in use stay. Beats may go on although this fails, so it is told of.
    failed(settingsFailed, e);
  }
  draw();
}

function went(failures) {
  Object.assign(failures, { count: 0, since: null, problem: null });
}

function failed(failures, e) {
  const since = failures.since ?? new Date(now()).toISOString();
  Object.assign(failures, { count: failures.count + 1, since, problem: e.message });
}

const isTold = (failures) => failures.count >= FAILURES;

function faultOfSettings() {
  return isTold(settingsFailed)
    ? `The settings of this wall cannot be read for ${roughly(secondsBetween(settingsFailed.since))}: ${settingsFailed.problem}`
    : problem;
}

async function loadFeeds() {
  if (settings.feeds.length === 0 && feeds.length === 0) {
    return;
  }
  try {
    feeds = await api.wallFeeds(view);
    went(feedsFailed);
  } catch (e) {
    // The tiles stay and turn grey. Beats may go on although this fails, so it is told of.
    failed(feedsFailed, e);
  }
  draw();
}

function toggle(name, value) {
  const query = new URLSearchParams(location.search);
  if (query.get(name) === value) {
    query.delete(name);
  } else {
    query.set(name, value);
  }
  history.replaceState(null, '', location.pathname + (query.size > 0 ? `?${query}` : ''));
  draw();
}

const toggleGreens = () => toggle('greens', 'hide');

function toggleSound() {
  sound.ready();
  toggle('sound', 'on');
}

const brokenHere = () => (settings.own ? [...views.values()].filter((view) => isBroken(view.outcome)) : []);

function whoIsOnIt() {
  if (!document.querySelector('dialog')) {
    askMending(brokenHere);
  }
}

function fullScreen() {
  const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  change?.catch(() => {});
}

/** Keeps the screen on while the wall is in sight, where the browser can. */
async function stayAwake() {
  if (!document.hidden && 'wakeLock' in navigator && (!lock || lock.released)) {
    lock = await navigator.wakeLock.request('screen').catch(() => null);
  }
}

let restless;
function moved() {
  document.body.classList.remove('idle');
  clearTimeout(restless);
  restless = setTimeout(() => document.body.classList.add('idle'), 4000);
}

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog')) {
    return;
  }
  if (event.key === 'f') {
    fullScreen();
  } else if (event.key === 'h') {
    toggleGreens();
  } else if (event.key === 's') {
    toggleSound();
  } else if (event.key === 'm') {
    whoIsOnIt();
  }
});
addEventListener('mousemove', moved);
document.addEventListener('visibilitychange', stayAwake);
new ResizeObserver(draw).observe(grid);
live.on('pipeline', (changed) => {
  views.set(changed.name, changed);
  draw();
});
live.on('up', () => {
  draw();
  loadAll();
});
live.on('down', draw);
setInterval(draw, 1000);
setInterval(loadSettings, SETTINGS_EVERY);
setInterval(loadAll, ALL_EVERY);
setInterval(loadFeeds, FEEDS_EVERY);
loadSettings().then(loadFeeds);
loadAll();
live.listen();
stayAwake();
shift.begin();
moved();
