// What a wall shows, from the pipelines of this server, the feeds of others and the settings. Pure.

import { globMatches } from './glob.js';
import { isBroken, lookOf } from './states.js';
import { waitingRuns } from './waits.js';

const ORDER = ['RUNNING', 'QUEUED', 'WAITING'];

const matches = (patterns, name) => patterns.some((pattern) => globMatches(pattern, name));

/** A reading may take so long. */
const READING = 10;

/** True if what a feed said last must not be taken for news: it cannot be read, or was not for three times. */
function isOld(feed, now) {
  return Boolean(feed.problem) || !(now - Date.parse(feed.readAt) <= (3 * feed.everySeconds + READING) * 1000);
}

/** True if what a tile shows is known to be so now. */
export function isSure(view) {
  return !view.old && !view.unsure;
}

/** A project of a feed in the shape of a pipeline; `old` if its feed was not read lately. */
function ofProject(feed, tile, now) {
  return {
    key: `feed ${feed.feed} ${tile.name}`,
    name: tile.name,
    address: tile.url,
    outcome: tile.outcome,
    since: tile.since,
    brokenBy: tile.breakers,
    typicalSeconds: null,
    lastFinished: tile.finishedAt ? { finishedAt: tile.finishedAt } : null,
    current: tile.buildingSince ? { state: 'RUNNING', startedAt: tile.buildingSince, queuedAt: tile.buildingSince, waits: [] } : null,
    waiting: 0,
    old: isOld(feed, now),
    readAt: feed.readAt,
  };
}

/** A tile that speaks of feeds and not of a pipeline; never hidden. */
function notice(key, name, more) {
  return {
    key, name, address: null, outcome: null, since: null, brokenBy: null, typicalSeconds: null,
    lastFinished: null, current: null, waiting: 0, ...more,
  };
}

/** The tile that says that a feed cannot be read. */
function ofProblem(feed) {
  return notice(`feed ${feed.feed}`, `${feed.feed}: feed cannot be read`,
    { outcome: 'ERRORED', since: feed.since, said: feed.problem, loud: true });
}

/** The tile of a feed of which nothing is known yet. */
function unread(name) {
  return notice(`feed ${name}`, `${name}: not read yet`, {});
}

/** The tile that says that this server does not tell of any feed. */
function ofSilence(silence) {
  return notice('feeds', 'Feeds of other servers', { outcome: 'ERRORED', since: silence.since, said: silence.problem, loud: true });
}

/** The name without the pieces of text that the settings take out, unless nothing would be left. */
export function stripped(name, pieces) {
  const short = pieces.reduce((rest, piece) => rest.replaceAll(piece, ''), name).trim();
  return short || name;
}

/** Several pipelines as one tile: the worst result, and what is going on in any of them. */
function ofGroup(group, members) {
  const broken = members.filter((view) => isBroken(view.outcome));
  const worst = members.reduce((a, b) => (lookOf('FINISHED', b.outcome).rank < lookOf('FINISHED', a.outcome).rank ? b : a));
  const oldest = broken.map((view) => view.since).filter(Boolean).sort()[0];
  const newest = members.map((view) => view.since).filter(Boolean).sort().at(-1);
  const ended = members.map((view) => view.lastFinished?.finishedAt).filter(Boolean).sort().at(-1);
  return {
    key: `group ${group.name}`,
    name: group.name,
    address: broken.length === 1 ? broken[0].address : null,
    outcome: worst.outcome,
    since: broken.length > 0 ? oldest ?? null : newest ?? null,
    brokenBy: null,
    said: broken.length > 0
      ? `${broken.length} of ${members.length}: ${broken.map((view) => view.name).join(', ')}`
      : `${members.length} pipelines`,
    typicalSeconds: null,
    lastFinished: ended ? { finishedAt: ended } : null,
    current: members.map((view) => view.current).filter(Boolean).sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))[0] ?? null,
    waiting: members.reduce((sum, view) => sum + waitingRuns(view), 0),
    old: members.every((view) => view.old),
    unsure: members.some((view) => view.old),
  };
}

/**
 * The tiles of a wall, in no order.
 *
 * @param own the pipelines of this server, with `key` and `address`
 * @param feeds the feeds of other servers as the server tells them
 * @param now the server's time in milliseconds
 * @param silence {since, problem} if the server does not tell of feeds, else null
 */
export function tilesOf({ own, feeds, settings, now, silence }) {
  const all = [...(settings.own ? own : []), ...feeds.flatMap((feed) => feed.tiles.map((tile) => ofProject(feed, tile, now)))];
  const wanted = all.filter((view) =>
    (settings.show.length === 0 || matches(settings.show, view.name)) && !matches(settings.hide, view.name));
  const members = new Map();
  const tiles = [];
  for (const view of wanted) {
    const group = settings.groups.find((candidate) => matches(candidate.match, view.name));
    const named = { ...view, name: stripped(view.name, settings.strip) };
    if (!group) {
      tiles.push(named);
    } else if (members.has(group)) {
      members.get(group).push(named);
    } else {
      members.set(group, [named]);
    }
  }
  members.forEach((views, group) => tiles.push(ofGroup(group, views)));
  const known = new Set(feeds.filter((feed) => feed.problem || feed.readAt).map((feed) => feed.feed));
  return [...tiles, ...feeds.filter((feed) => feed.problem).map(ofProblem),
    ...settings.feeds.filter((name) => !known.has(name)).map(unread), ...(silence ? [ofSilence(silence)] : [])];
}
