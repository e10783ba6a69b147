// Tests of the modules that need no server. `window.results` is read by the test that opens this.

import { paletteColour, piecesOf } from '/assets/ansi.js';
import { logAddress, runPage } from '/assets/api.js';
import { artifactsOf, bytesInWords } from '/assets/artifacts.js';
import { pairsOf } from '/assets/compare.js';
import { h, link, patch, safeAddress, shown } from '/assets/dom.js';
import { fit, inTwo, minimumFont, rowsOf, shortened } from '/assets/fit.js';
import { isError } from '/assets/errors.js';
import { filtered, refsOf, wants } from '/assets/filters.js';
import { blockEnd, canFold, Folds } from '/assets/folds.js';
import { fieldsOf, missing, sorted, valuesOf } from '/assets/form.js';
import { globMatches } from '/assets/glob.js';
import { LogStore } from '/assets/logstore.js';
import { LogTimes, wordsOf } from '/assets/logtimes.js';
import { firstLine, nameOf, trustWords } from '/assets/parts.js';
import { differences, planLines } from '/assets/planlines.js';
import { versionsOf } from '/assets/versions.js';
import { mostTelling, treeOf } from '/assets/plan.js';
import { withRun } from '/assets/runlist.js';
import { commitsOf } from '/assets/since.js';
import { fold, lookOf, needRank } from '/assets/states.js';
import { casesOf, countsOf } from '/assets/tests.js';
import { duration, inFull, moment, roughly, stopwatch, until } from '/assets/time.js';
import { usedWords, usualUse } from '/assets/used.js';
import { placeAt } from '/assets/wallshift.js';
import { changeOf, outcomesOf } from '/assets/wallsound.js';
import { isSure, stripped, tilesOf } from '/assets/wallviews.js';
import { standingInQueue, tellingWait, waitingBeside, waitWords } from '/assets/waits.js';

const tests = {};
const bytes = (text) => new TextEncoder().encode(text);
const measure = (text) => Array.from(text).length * 0.6;

function same(found, wanted) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) {
    throw new Error(`found ${a}, wanted ${b}`);
  }
}

const wall = (more) => ({ show: [], hide: [], strip: [], groups: [], feeds: [], own: true, ...more });
const ownView = (name, outcome) => ({ key: name, name, address: `/pipelines/${name}`, outcome, since: '2026-01-01T00:00:00Z', current: null, lastFinished: null });
const foreign = (name, outcome) => ({ name, outcome, since: '2026-01-02T00:00:00Z', finishedAt: null, buildingSince: null, url: 'https://ci.example/', breakers: null });

tests['shows the pipelines a wall asks for, under short names'] = () => {
  const own = [ownView('acme-a', 'SUCCEEDED'), ownView('acme-b', 'FAILED'), ownView('acme-a-nightly', 'FAILED')];
  const settings = wall({ show: ['acme-*'], hide: ['*-nightly'], strip: ['acme-'] });
  same(tilesOf({ own, feeds: [], settings }).map((tile) => [tile.name, tile.key]), [['a', 'acme-a'], ['b', 'acme-b']]);
  same(stripped('acme-', ['acme-']), 'acme-');
};
tests['folds a group into one tile with the worst result'] = () => {
  const own = [ownView('pay-a', 'SUCCEEDED'), ownView('pay-b', 'FAILED'), ownView('shop', 'SUCCEEDED')];
  const settings = wall({ groups: [{ name: 'Payments', match: ['pay-*'] }] });
  same(tilesOf({ own, feeds: [], settings }).map((tile) => [tile.name, tile.outcome, tile.said ?? '']),
    [['shop', 'SUCCEEDED', ''], ['Payments', 'FAILED', '1 of 2: pay-b']]);
};
tests['shows what goes on in a group and how many runs of it wait'] = () => {
  const view = (name, state, waiting) => ({ ...ownView(name, 'SUCCEEDED'), current: state && { state }, waiting });
  const settings = wall({ groups: [{ name: 'G', match: ['*'] }] });
  const group = (...own) => tilesOf({ own, feeds: [], settings }).map((tile) => [tile.current?.state ?? null, tile.waiting]);
  same([group(view('a', 'WAITING', 1), view('b', 'QUEUED', 2)), group(view('a', null, 0), view('b', 'WAITING', 3))],
    [[['QUEUED', 3]], [['WAITING', 3]]]);
};
tests['counts waiting runs where the shown one does not tell of all'] = () => {
  const counts = (state, waiting) => waitingBeside({ current: state && { state }, waiting });
  same([counts('RUNNING', 0), counts('RUNNING', 2), counts('WAITING', 1), counts('WAITING', 2), counts(null, 0)], [0, 2, 0, 2, 0]);
};
tests['shouts about a feed that cannot be read and keeps what it said'] = () => {
  const feeds = [{ feed: 'old', tiles: [foreign('x', 'SUCCEEDED')], problem: 'It did not answer.', since: '2026-01-03T00:00:00Z' }];
  const tiles = tilesOf({ own: [ownView('a', 'SUCCEEDED')], feeds, settings: wall({ own: false, hide: ['old*'] }) });
  same(tiles.map((tile) => [tile.name, tile.outcome, Boolean(tile.old), Boolean(tile.loud)]),
    [['x', 'SUCCEEDED', true, false], ['old: feed cannot be read', 'ERRORED', false, true]]);
};

tests['greys what a feed said when it was not read for three times'] = () => {
  const feed = { feed: 'old', tiles: [foreign('x', 'SUCCEEDED')], problem: null, since: null, readAt: '2026-01-03T10:00:00Z', everySeconds: 5 };
  const sure = (after, ...feeds) => tilesOf({ own: [], feeds, settings: wall(), now: Date.parse('2026-01-03T10:00:00Z') + after * 1000 }).map(isSure);
  same([sure(25, feed), sure(26, feed), sure(40, { ...feed, everySeconds: 10 }), sure(41, { ...feed, everySeconds: 10 }), sure(0, { ...feed, problem: 'x' })],
    [[true], [false], [true], [false], [false, true]]);
  const group = { settings: wall({ groups: [{ name: 'G', match: ['*'] }] }), now: Date.parse('2026-01-03T10:01:00Z'), feeds: [feed] };
  const [tile] = tilesOf({ ...group, own: [ownView('a', 'SUCCEEDED')] });
  same([tile.old, isSure(tile)], [false, false]);
};
tests['has a tile for every feed that was not read yet, and for a server that tells of none'] = () => {
  const unread = { feed: 'late', tiles: [], problem: null, since: null, readAt: null, everySeconds: 10 };
  const silence = { since: '2026-01-03T00:00:00Z', problem: 'The server answered 500.' };
  const tiles = tilesOf({ own: [], feeds: [unread], settings: wall({ feeds: ['late', 'new'] }), now: 0, silence });
  same(tiles.map((tile) => [tile.name, tile.outcome, tile.said ?? '']), [
    ['late: not read yet', null, ''], ['new: not read yet', null, ''],
    ['Feeds of other servers', 'ERRORED', 'The server answered 500.'],
  ]);
};

const step = (path, state, outcome = null, more = {}) => ({ path, state, outcome, logBytes: 0, startedAt: null, finishedAt: null, ...more });

tests['keeps colours and drops every other escape'] = () => {
  const { pieces } = piecesOf('\x1b[2J\x1b]0;title\x07a\x1b[1;31mred\x1b[0m\x1b[10;5Hb\x1b(B');
  same(pieces.map((p) => [p.text, p.style.fg, p.style.bold]), [['a', null, false], ['red', 1, true], ['b', null, false]]);
};
tests['understands the palette of 256 colours'] = () => {
  same(piecesOf('\x1b[38;5;208mx').pieces[0].style.fg, 208);
  same(paletteColour(208), 'rgb(255 135 0)');
  same(piecesOf('\x1b[38;2;255;0;0mx').pieces[0].style.fg, 196);
  same(piecesOf('\x1b[38;5;999mx').pieces[0].style.fg, null);
};
tests['carries a colour into the next line'] = () => same(piecesOf('b', piecesOf('\x1b[32ma').end).pieces[0].style.fg, 2);
tests['survives cut and hostile escapes'] = () => {
  same(piecesOf('a\x1b[').pieces.map((p) => p.text).join(''), 'a[');
  same(piecesOf('\x1b]8;;javascript:alert(1)\x1b\\click\x1b]8;;\x1b\\').pieces.map((p) => p.text), ['click']);
  same(piecesOf(`\x1b[${'9'.repeat(400)}mx`).pieces[0].text, 'x');
};
tests['links only to this server and to http addresses'] = () => {
  same(['/a', 'https://x.example/', 'javascript:alert(1)', '//evil.example', '/\\evil.example', 'data:text/html,x', 7].map(safeAddress),
    ['/a', 'https://x.example/', null, null, null, null, null]);
  same(link('javascript:alert(1)', {}, 'x').nodeName, 'SPAN');
};
tests['writes text, never markup'] = () => {
  same(h('p', {}, '<img src=x onerror=alert(1)>').children.length, 0);
};
tests['keeps nodes that stay when the page is drawn again'] = () => {
  const box = h('div', {});
  patch(box, h('p', { key: 'a' }, 'one'), h('p', { key: 'b' }, 'two'));
  const b = box.lastChild;
  patch(box, h('p', { key: 'b' }, 'deux'), h('p', { key: 'c' }, 'trois'));
  same([box.firstChild === b, b.textContent, box.children.length], [true, 'deux', 2]);
};
tests['moves nodes by key in any order'] = () => {
  const box = h('div', {});
  const draw = (keys) => patch(box, Array.from(keys, (key) => h('i', { key }, key)));
  for (const keys of ['abcd', 'dcba', 'bd', 'xbyda', '', 'ab']) {
    draw(keys);
    same(box.textContent, keys);
  }
};
tests['folds children by the one rule'] = () => {
  const child = (phase, outcome, allowFailure = false) => ({ phase, outcome, allowFailure });
  same(fold([]), { phase: 'FINISHED', outcome: 'SUCCEEDED' });
  same(fold([child('FINISHED', 'FAILED'), child('RUNNING')]).phase, 'RUNNING');
  same(fold([child('FINISHED', 'FAILED'), child('FINISHED', 'ERRORED'), child('FINISHED', 'TIMED_OUT')]).outcome, 'ERRORED');
  same(fold([child('FINISHED', 'FAILED', true), child('FINISHED', 'SKIPPED')]).outcome, 'SUCCEEDED');
  same(fold([child('FINISHED', 'SUCCEEDED'), child('PENDING')]).phase, 'RUNNING');
  same(fold([child('PENDING'), child('WAITING')]).phase, 'WAITING');
};
tests['gives every state its own look'] = () => {
  const looks = ['SUCCEEDED', 'FAILED', 'ERRORED', 'TIMED_OUT', 'CANCELLED', 'SKIPPED'].map((o) => lookOf('FINISHED', o).word)
    .concat(['RUNNING', 'QUEUED', 'WAITING', 'PENDING'].map((p) => lookOf(p).word));
  same(new Set(looks).size, 10);
  same(lookOf('FINISHED', 'CONSTRUCTOR').key, 'none');
  same(lookOf('FINISHED', '__proto__').key, 'none');
};
tests['makes a tree of plan and states'] = () => {
  const plan = { steps: [{ kind: 'stage', path: 'v', steps: [{ kind: 'inParallel', path: null, steps: [{ kind: 'sh', path: 'v/a' }, { kind: 'sh', path: 'v/b' }] }] }] };
  const tree = treeOf({ plan, steps: [step('v', 'RUNNING'), step('v/a', 'FINISHED', 'FAILED'), step('v/b', 'RUNNING'), step('v/late', 'RUNNING')] });
  same(tree[0].children.map((n) => [n.name, n.phase]), [['in parallel', 'RUNNING'], ['late', 'RUNNING']]);
  same(mostTelling(tree).path, 'v/a');
};
tests['shows the running step that prints before the one that is silent'] = () => {
  const running = (path, logBytes) => ({ ...step(path, 'RUNNING'), startedAt: '2026-03-01T10:00:00Z', logBytes });
  same(mostTelling(treeOf({ plan: null, steps: [running('loud', 9), running('silent', 0)] })).path, 'loud');
};
tests['lists what is broken first and pipeline code that is well last'] = () => {
  const views = [['shop :: pipeline code', 'SUCCEEDED'], ['shop', 'SUCCEEDED'], ['a :: pipeline code', 'FAILED']];
  same(views.map(([name, outcome]) => needRank({ name, outcome })), [2, 1, 0]);
};
tests['says where a commit comes from unless somebody pushed it'] = () => {
  const foreign = { trust: 'foreign', pull: 7, codeRef: 'refs/heads/main', approval: null };
  same([undefined, { trust: 'trusted' }, { trust: 'internal', pull: 8 }, foreign, { ...foreign, approval: { by: 'ann' } }].map(trustWords), [
    null, null, 'pull request 8 of the repository',
    'pull request 7 from outside, not approved, with the pipeline code of main',
    'pull request 7 from outside, approved by ann, with the pipeline code of main',
  ]);
};
tests['shows text in the direction it is written in'] = () => {
  const turned = h('b', { title: 'a\u202Egpj.exe', 'aria-label': '\u2067b', 'data-name': 'a\u202Eb' }, 'a\u202Egpj.exe');
  same(turned.textContent, 'a\uFFFDgpj.exe');
  same([turned.title, turned.getAttribute('aria-label')], ['a\uFFFDgpj.exe', '\uFFFDb']);
  same(turned.dataset.name, 'a\u202Eb');
  same(shown('x\u2069'), 'x\uFFFD');
};
tests['shortens a reason of many lines'] = () => {
  same([firstLine(null), firstLine('one'), firstLine('a\nb'), firstLine('a\n\nb\nc\n')], ['', 'one', 'a (and 1 more line)', 'a (and 2 more lines)']);
};
tests['shows steps of a run whose plan is unknown'] = () => same(treeOf({ plan: null, steps: [step('a', 'RUNNING')] })[0].name, 'a');
tests['joins the end of a log with its beginning'] = () => {
  const text = Array.from({ length: 500 }, (_, i) => `line ${i + 1}`).join('\n') + '\n';
  const all = bytes(text);
  const store = new LogStore();
  store.startAt(3000);
  store.append(3000, all.subarray(3000));
  const seen = store.count;
  same([store.complete, store.firstNumber, store.line(seen - 1)], [false, null, 'line 500']);
  store.fillGap(0, all.subarray(0, 1000));
  store.fillGap(1000, all.subarray(1000, 3100));
  same([store.complete, store.count, store.line(0), store.line(499)], [true, 500, 'line 1', 'line 500']);
};
tests['passes over bytes that are here already'] = () => {
  const store = new LogStore();
  store.append(0, bytes('ab\ncd'));
  store.append(3, bytes('cdef\n'));
  store.append(0, bytes('ab'));
  same([store.count, store.line(1), store.end], [2, 'cdef', 8]);
};
tests['reads lines with returns and characters cut between pieces'] = () => {
  const all = bytes('10%\r20%\r\nü€\r\nend');
  const store = new LogStore();
  for (let i = 0; i < all.length; i++) {
    store.append(i, all.subarray(i, i + 1));
  }
  same([0, 1, 2].map((i) => store.line(i)), ['20%', 'ü€', 'end']);
};
tests['holds a hundred thousand lines and finds one'] = () => {
  const store = new LogStore();
  store.append(0, bytes(Array.from({ length: 100_000 }, (_, i) => `this is line number ${i + 1}\n`).join('')));
  const begin = performance.now();
  same([store.count, store.line(99_999), store.find((line) => line.includes('number 77777'), 0, Infinity)], [100_000, 'this is line number 100000', 77_776]);
  if (performance.now() - begin > 1000) {
    throw new Error('too slow');
  }
};
tests['matches patterns as the server does'] = () => {
  same([['*-nightly', 'shop-nightly'], ['*', 'a/b'], ['**', 'a/b'], ['a?c', 'abc'], ['a', 'ab'], ['*a*a*a*a*b', 'a'.repeat(200)]]
    .map(([p, t]) => globMatches(p, t)), [true, false, true, true, false, false]);
};
tests['shortens in the middle and only when it must'] = () => {
  same(shortened('short', 10, measure), 'short');
  const cut = shortened('customer-notification-service', 9, measure);
  same([cut.startsWith('cust'), cut.endsWith('vice'), cut.includes('…'), measure(cut) <= 9], [true, true, true, true]);
  same(shortened('👩‍💻👩‍💻👩‍💻', 1, measure).length > 0, true);
};
tests['cuts a long name between words'] = () => same(inTwo('customer-notifications', measure), ['customer-', 'notifications']);
tests['fits any number of tiles on any screen'] = () => {
  for (const [width, height] of [[378, 800], [1268, 680], [1908, 1030], [3828, 2080], [1068, 1860]]) {
    for (const count of [1, 2, 5, 7, 24, 100, 299, 300]) {
      const names = Array.from({ length: count }, (_, i) => `pipeline-${'x'.repeat(i % 30)}-${i}`);
      const plan = fit({ width, height, names, measure, lineWidth: 11, minimum: minimumFont(width, height) });
      const used = plan.rows * plan.font * 1.3 + plan.gap * (plan.rows - 1);
      if (plan.columns * plan.rows < count || used > height + 1) {
        throw new Error(`${count} on ${width}x${height}: ${JSON.stringify(plan)}`);
      }
      const shortens = names.some((name) => plan.nameLines === 1 && measure(name) > plan.room);
      if (plan.font < minimumFont(width, height) || (shortens && plan.font > minimumFont(width, height))) {
        throw new Error(`${count} on ${width}x${height} shortens at ${plan.font}`);
      }
    }
  }
};
tests['leaves no row short'] = () => {
  same(rowsOf([1, 2, 3, 4, 5], 3), [[1], [2, 3], [4, 5]]);
  same(rowsOf([1, 2, 3, 4], 2), [[1, 2], [3, 4]]);
};
tests['says durations in words'] = () => {
  same([0, 0.02, 0.0996, 3.21, 59.4, 187, 7500, 270000].map((s) => duration(s)), ['0 ms', '20 ms', '0.1 s', '3.2 s', '59 s', '3 min 07 s', '2 h 05 min', '3 d 3 h']);
  same([roughly(59), roughly(61), stopwatch(67), stopwatch(7500)], ['59 s', '1 min', '1:07', '2:05:00']);
};

const spec = (name, kind, defaultValue = null, choices = []) => ({ name, kind, defaultValue, choices, description: '' });
const formOf = (specs) => h('form', {}, fieldsOf(specs, new Map(), 'x'));
tests['fills a form with the defaults and reads it back as text'] = () => {
  const specs = [spec('text', 'TEXT', 'a'), spec('few', 'CHOICE', 'y', ['x', 'y']), spec('many', 'CHOICE', 'e', [...'abcdef']),
    spec('on', 'BOOL', 'true'), spec('off', 'BOOL', 'false'), spec('__proto__', 'TEXT', 'b')];
  same([...valuesOf(formOf(specs), specs)], [['text', 'a'], ['few', 'y'], ['many', 'e'], ['on', 'true'], ['off', 'false'], ['__proto__', 'b']]);
};
tests['asks for what has no default and sends nothing that was not chosen'] = () => {
  const specs = [spec('text', 'TEXT'), spec('few', 'CHOICE', null, ['x', 'y']), spec('many', 'CHOICE', null, [...'abcdef']), spec('sure', 'BOOL'), spec('note', 'TEXT', '')];
  const form = formOf(specs);
  same([...valuesOf(form, specs)], [['note', '']]);
  same([...missing(specs, valuesOf(form, specs)).keys()], ['text', 'few', 'many', 'sure']);
  form.elements['value text'].value = 'one';
  form.querySelector('[name="value sure"][value="false"]').checked = true;
  same([...valuesOf(form, specs)], [['text', 'one'], ['sure', 'false'], ['note', '']]);
};
tests['shows a refusal at the fields it names'] = () => {
  const specs = [spec('version', 'TEXT'), spec('region', 'CHOICE')];
  const refusal = (message, detail) => {
    const { fields, rest } = sorted(specs, { message, detail });
    return [[...fields], rest];
  };
  same(refusal('2 values are wrong.', "'version' is needed. 'region' is one of eu. west, us."),
    [[['version', 'Is needed.'], ['region', 'Is one of eu. west, us.']], ['2 values are wrong.']]);
  same(refusal("'region' is one of a, b.", null), [[['region', 'Is one of a, b.']], []]);
  same(refusal('Wrong.', "'other' is unknown.\n'version' is needed."), [[['version', 'Is needed.']], ['Wrong.', "'other' is unknown."]]);
  same(refusal("'version' is missing. 'region' is one of a, b.", 'It takes: version, region.'),
    [[['version', 'Is missing.'], ['region', 'Is one of a, b.']], []]);
  same(refusal('It was decided already.', null), [[], ['It was decided already.']]);
};
tests['says what a run waits for, questions to people first'] = () => {
  const wait = (kind, forWhat) => ({ what: { kind, forWhat } });
  const waits = [wait('LOCK', 'production'), wait('APPROVAL', 'Ship?\nMore.')];
  same(waitWords(tellingWait({ state: 'RUNNING', waits }).what), 'asks: Ship?');
  same(waitWords(tellingWait({ state: 'WAITING', waits: [waits[0]] }).what), 'waits for lock production');
  same([tellingWait({ state: 'RUNNING', waits: [waits[0]] }), tellingWait({ state: 'FINISHED', waits }), tellingWait({ state: 'QUEUED' })], [null, null, null]);
};
tests['counts who is before a run in the queue of a lock'] = () => {
  const lock = { owner: { run: 'a#1' }, waiting: [{ run: 'b#1' }, { run: 'c#1' }] };
  same(['b#1', 'c#1', 'd#1'].map((run) => standingInQueue(lock, run).before), [0, 1, 2]);
  same([standingInQueue(null, 'a#1'), standingInQueue({ owner: null, waiting: [] }, 'a#1').held], [null, null]);
};
tests['compares two attempts step by step'] = () => {
  const at = (second) => `2026-03-01T10:00:${String(second).padStart(2, '0')}Z`;
  const took = (path, outcome, seconds) => step(path, 'FINISHED', outcome, { startedAt: at(0), finishedAt: at(seconds) });
  const left = { steps: [took('a', 'SUCCEEDED', 10), took('b', 'FAILED', 1), took('c', 'SUCCEEDED', 10), took('gone', 'SUCCEEDED', 1), took('d', 'SUCCEEDED', 20)] };
  const right = { steps: [took('a', 'SUCCEEDED', 11), took('b', 'SUCCEEDED', 1), took('c', 'SUCCEEDED', 30), took('new', 'SUCCEEDED', 1), took('d', 'SUCCEEDED', 15)] };
  same(pairsOf(left, right).map((pair) => [pair.path, pair.change]),
    [['a', null], ['b', 'outcome'], ['c', 'slower'], ['new', 'right only'], ['d', 'faster'], ['gone', 'left only']]);
};
tests['lists broken tests first and passed ones only when asked'] = () => {
  const test = (name, result) => ({ suite: 'S', name, result });
  const report = { cases: [test('a', 'PASSED'), test('b', 'FAILED'), test('c', 'SKIPPED'), test('d', 'ERRORED')] };
  const names = (...how) => casesOf(report, ...how).map((found) => found.name).join('');
  same([names('', false), names('', true), names('S C', false), names('passed', false), names('zzz', true)], ['bd', 'bdac', 'c', 'a', '']);
  same(countsOf([step('a', 'RUNNING')]), null);
  const counts = { passed: 1, failed: 2, errored: 3, skipped: 4, seconds: 0.5 };
  same(countsOf([{ tests: counts }, { tests: null }, { tests: counts }]), { passed: 2, failed: 4, errored: 6, skipped: 8, seconds: 1 });
};
tests['names attempts in addresses and labels'] = () => {
  same([runPage('shop#42'), runPage('shop#42', 'a b/c', { attempt: 2 }), runPage('shop#42', null, { view: 'tests', attempt: null })],
    ['/runs/shop%2342', '/runs/shop%2342/a%20b/c?attempt=2', '/runs/shop%2342?view=tests']);
  same(logAddress('shop#42', 'a', { attempt: 1, offset: 0 }), '/api/v1/runs/shop%2342/logs/a?attempt=1&offset=0');
  same([1, 2].map((attempt) => nameOf({ pipeline: 'shop', number: 42, attempt })), ['shop#42', 'shop#42.2']);
};
tests['finds the time of a line by its first byte'] = () => {
  const times = new LogTimes();
  same([times.empty, times.at(0)], [true, null]);
  times.add([{ offset: 0, at: '2026-03-01T10:00:00.100Z' }, { offset: 10, at: '2026-03-01T10:00:09Z' }]);
  times.add([{ offset: 10, at: '2026-03-01T10:00:09Z' }, { offset: 12, at: '2026-03-01T10:01:00Z' }]);
  same([0, 9, 10, 11, 12, 99].map((offset) => new Date(times.at(offset)).toISOString().slice(14, 19)),
    ['00:00', '00:00', '00:09', '00:09', '01:00', '01:00']);
  same(wordsOf(Date.parse('2026-03-01T10:01:05.900Z'), '2026-03-01T10:00:00Z').title, '2026-03-01 10:01:05 UTC, 1 min 05 s after the begin of the step');
  same(wordsOf(Date.parse('2026-03-01T10:01:05Z'), null).title, '2026-03-01 10:01:05 UTC');
  const store = new LogStore();
  store.startAt(100);
  store.append(100, bytes('cut\nfirst\nsecond\n'));
  same([store.offset(0), store.offset(1)], [104, 110]);
  store.fillGap(0, bytes('x'.repeat(100)));
  same([store.offset(0), store.offset(1)], [0, 104]);
};
tests['says sizes in words'] = () => {
  same([0, 999, 1500, 48_213_004, 2e9].map(bytesInWords), ['0 B', '999 B', '1.5 kB', '48.2 MB', '2.0 GB']);
  same(artifactsOf([{ path: 's', artifacts: [{ path: 'f', size: 1 }] }]), [{ step: 's', path: 'f', size: 1 }]);
};
tests['says what a run took up beside what is usual'] = () => {
  const took = (number, outcome, cpuMillis, disk) => ({ number, outcome, used: { cpuMillis, memoryPeak: null, disk } });
  same([usedWords(null), usedWords({ cpuMillis: null, memoryPeak: null, disk: null }), usedWords({ cpuMillis: 12_400, memoryPeak: 310e6, disk: 0 })],
    ['', '', 'CPU 12 s · memory peak 310.0 MB · disk 0 B']);
  const runs = [took(9, 'SUCCEEDED', 9, 9), took(7, 'SUCCEEDED', 5, 1), took(6, 'FAILED', 99, 99), took(5, 'SUCCEEDED', 3, 2), took(4, 'SUCCEEDED', 4, null), { number: 3, outcome: 'SUCCEEDED', used: null }];
  same(usualUse(runs, 9), { cpuMillis: 4, memoryPeak: null, disk: 2, count: 3 });
  same(usualUse(runs, 4), null);
};
tests['tells what has changed on a wall'] = () => {
  const tiles = (...outcomes) => outcomes.map((outcome, i) => ({ key: `p${i}`, outcome }));
  const change = (before, ...after) => changeOf(before && outcomesOf(tiles(...before)), tiles(...after));
  same([
    change(null, 'FAILED'), change([], 'FAILED'), change(['SUCCEEDED'], 'SUCCEEDED'), change(['FAILED'], 'ERRORED'),
    change(['SUCCEEDED'], 'TIMED_OUT'), change(['FAILED'], 'SUCCEEDED'), change(['FAILED', 'SUCCEEDED'], 'SUCCEEDED', 'FAILED'), change(['FAILED'], null),
  ], [null, null, null, null, 'broke', 'mended', 'broke', null]);
};
tests['moves the wall about its place'] = () => {
  const places = Array.from({ length: 9 }, (_, step) => placeAt(step));
  same([new Set(places.map(String)).size, placeAt(9), places.flat().every((pixels) => Math.abs(pixels) <= 2)], [9, [0, 0], true]);
  same(places.reduce((sum, [x, y]) => [sum[0] + x, sum[1] + y], [0, 0]), [0, 0]);
};
tests['says when something will be'] = () => {
  same([until('nonsense'), until(new Date(Date.now() - 5000).toISOString()), until(new Date(Date.now() + 3.1 * 3600e3).toISOString())], ['', 'any moment', 'in 3 h']);
};

tests['says the date of what was not today'] = () => {
  const yesterday = Date.now() - 24 * 3600e3;
  same([moment(Date.now()).length, moment(yesterday) === inFull(yesterday), moment(yesterday).includes(String(new Date(yesterday).getFullYear()))], [8, true, true]);
};
tests['tells lines of errors from those that count none'] = () => {
  const errors = ['\x1b[31merror\x1b[0m: x', 'Tests run: 3, Failures: 1', 'java.lang.NullPointerException: x', 'FAILED (errors=1)', 'main.c:3: fatal error: y.h', 'panic: boom', 'sh: 1: mvn: command not found'];
  const others = ['0 errors, 0 warnings', 'Tests run: 3, Failures: 0, Errors: 0', 'no errors', 'failover-test passed', 'terror', 'a-failed-name.txt', ''];
  same([errors.filter(isError).length, others.filter(isError)], [errors.length, []]);
};
tests['filters runs as the server does'] = () => {
  const runs = [
    { state: 'FINISHED', outcome: 'TIMED_OUT', ref: 'refs/heads/main', cause: { by: 'Ann' } },
    { state: 'RUNNING', outcome: null, ref: 'refs/heads/as/x', cause: null },
    { state: 'FINISHED', outcome: 'SUCCEEDED', ref: 'refs/pull/7/head', cause: null },
  ];
  const found = (filters) => runs.map((run, i) => (wants(filters, run) ? i : '')).join('');
  same([found({}), found({ state: 'broken' }), found({ state: 'open' }), found({ ref: 'x' }), found({ ref: 'main', by: 'ANN' }), found({ by: 'oidc:ann' }), found({ state: 'running' })], ['012', '0', '1', '', '0', '0', '1']);
  same(refsOf(runs), ['as/x', 'main']);
  same(filtered({ state: 'a b', by: null }), '/test/unit.html?state=a+b');
};
tests['keeps a page of runs in order, as it is asked for, and no longer'] = () => {
  const run = (number, version = 1, more = {}) => ({ id: number, number, version, pipeline: 'p', ...more });
  const page = [run(9), run(7), run(6)];
  const how = { wanted: true, ofAll: false, isNewest: true, isWhole: false };
  const after = (changed, more) => withRun(page, changed, { ...how, ...more }).map(({ number, version }) => `${number}.${version}`).join(' ');
  same([after(run(10)), after(run(8)), after(run(7, 2)), after(run(7, 0))], ['10.1 9.1 7.1 6.1', '9.1 8.1 7.1 6.1', '9.1 7.2 6.1', '9.1 7.1 6.1']);
  same([after(run(3, 5)), after(run(3, 5), { isWhole: true })], ['9.1 7.1 6.1', '9.1 7.1 6.1 3.5']);
  same([after(run(7, 2), { wanted: false }), after(run(10), { wanted: false }), after(run(10), { isNewest: false }), after(run(7, 2), { isNewest: false })],
    ['9.1 6.1', '9.1 7.1 6.1', '9.1 7.1 6.1', '9.1 7.2 6.1']);
  const at = (number, second) => run(number, 1, { queuedAt: `2026-01-01T00:00:0${second}Z` });
  same(withRun([at(2, 9), at(5, 3)], at(1, 5), { ...how, ofAll: true }).map(({ number }) => number), [2, 1, 5]);
};
tests['names each new commit once, with the run that had it first'] = () => {
  const runs = [{ id: 3, commit: 'b' }, { id: 2, commit: 'a' }, { id: 1, commit: 'a' }];
  same(commitsOf(runs).map(({ id }) => id), [3, 1]);
};

tests['shows what changed between two plans'] = () => {
  const node = (kind, path, detail, more) => ({ kind, path, detail, allowFailure: false, timeoutSeconds: null, attempts: 1, steps: [], onFailure: [], ensure: [], ...more });
  const plan = (command, more) => ({
    triggers: [{ on: 'push', branches: ['main'], paths: { only: [], ignored: ['docs/**'] } }], image: null, concurrency: { atMost: null, superseded: 'KEPT' },
    steps: [node('stage', 'verify', '', { steps: [node('sh', 'verify/lint', command, more)] })],
  });
  same(planLines(plan('make', { timeoutSeconds: 60, needs: { secrets: ['A', 'B'], locks: [], atMostOnce: true } })),
    ['on push main !docs/**', 'stage verify', '  sh lint  make  [at most 60 s]  [secrets A, B]  [once at the most]']);
  same(differences(planLines(plan('a')), planLines(plan('b'))).map(({ mark, text }) => mark + text.trim()),
    [' on push main !docs/**', ' stage verify', '-sh lint  a', '+sh lint  b']);
  same(differences([], ['x']), [{ mark: '+', text: 'x' }]);
};
tests['finds the versions of pipeline code in the runs that had them'] = () => {
  const runs = [{ id: 4, bundle: 'b' }, { id: 3, bundle: 'a' }, { id: 2, bundle: 'a' }];
  same(versionsOf(runs).map(({ bundle, first, last, count }) => [bundle, first.id, last.id, count]), [['b', 4, 4, 1], ['a', 2, 3, 2]]);
};

tests['folds what is indented below a line, and groups'] = () => {
  const text = ['java.lang.X: y', '\tat a', '', '\tat b', 'next', '::group::Tests', 'one', '::endgroup::', 'end', ''];
  const line = (i) => text[i];
  same(text.map((unused, i) => (canFold(i, text.length, line) ? blockEnd(i, text.length, line) : 0)), [4, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  const folds = new Folds();
  folds.fold(5, 8);
  folds.fold(0, 4);
  const shown = () => Array.from({ length: folds.rows(10) }, (unused, row) => folds.lineAt(row));
  same([shown(), folds.hiddenBy(0), [2, 4, 6, 9].map((i) => folds.rowOf(i))], [[0, 4, 5, 8, 9], 3, [0, 1, 2, 4]]);
  folds.open(6);
  same(shown(), [0, 4, 5, 6, 7, 8, 9]);
  folds.shift(2);
  same([folds.hiddenBy(2), folds.rows(12)], [3, 9]);
};

window.results = Object.entries(tests).map(([name, test]) => {
  try {
    test();
    return { name, problem: null };
  } catch (e) {
    return { name, problem: String(e.stack ?? e) };
  }
});
