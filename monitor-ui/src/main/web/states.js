// The one place that says what a state is called, drawn as and how bad it is.

import { svg } from './dom.js';

// Icons are strokes on a grid of 16 units, so that they take size and colour from the text.
const ICONS = {
  succeeded: ['M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13', 'M5 8.3l2.1 2.1L11 6.2'],
  failed: ['M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13', 'M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8'],
  errored: ['M8 1.8l6.7 12H1.3z', 'M8 6.2v3.6M8 11.6v.2'],
  timed_out: ['M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13', 'M8 4.3V8l2.6 1.8'],
  cancelled: ['M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13', 'M3.6 3.6l8.8 8.8'],
  skipped: ['M3 4l4 4-4 4M8.5 4l4 4-4 4'],
  running: ['M8 1.5a6.5 6.5 0 1 1-6.5 6.5'],
  queued: ['M4 2h8M4 14h8M5 2c0 4 6 4 6 6s-6 2-6 6M11 2c0 4-6 4-6 6s6 2 6 6'],
  // A raised hand: somebody or something outside is waited for.
  waiting: ['M5.2 8V3.4a.95.95 0 0 1 1.9 0V7M7.1 7V2.3a.95.95 0 0 1 1.9 0V7M9 7V3.1a.95.95 0 0 1 1.9 0v4.4M10.9 7.5V5.2a.95.95 0 0 1 1.9 0v4.6c0 2.9-1.7 4.7-4.3 4.7-2 0-3.1-.8-4-2.6L2.9 8.7c-.5-1.1.9-1.9 1.6-.9l.7 1'],
  pending: ['M8 4.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 0 1 0-7'],
  none: ['M4 8h8'],
  // No states, but drawn in the same way.
  lock: ['M3.5 7.2h9v7h-9z', 'M5.3 7V4.7a2.7 2.7 0 0 1 5.4 0V7'],
  ask: ['M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13', 'M6.1 6.2c.2-2.6 3.9-2.4 3.8 0c-.1 1.4-1.8 1.5-1.9 3M8 11.4v.2'],
  away: ['M6.5 3H3v10h10V9.5', 'M9 2.5h4.5V7M13.2 2.8L7.5 8.5'],
};

const LOOKS = {
  succeeded: { word: 'succeeded', rank: 4 },
  failed: { word: 'failed', rank: 1 },
  errored: { word: 'errored', rank: 0 },
  timed_out: { word: 'timed out', rank: 2 },
  cancelled: { word: 'cancelled', rank: 3 },
  skipped: { word: 'skipped', rank: 5 },
  running: { word: 'running', rank: 4 },
  queued: { word: 'queued', rank: 4 },
  waiting: { word: 'waiting', rank: 4 },
  pending: { word: 'not begun', rank: 6 },
  none: { word: 'no result yet', rank: 6 },
};

/** The look of a phase and an outcome as they are on the wire. */
export function lookOf(phase, outcome) {
  const key = String((phase === 'FINISHED' ? outcome : phase) ?? 'none').toLowerCase();
  const known = Object.hasOwn(LOOKS, key) ? key : 'none';
  return { key: known, ...LOOKS[known] };
}

/** The look of an outcome alone; of a pipeline that never finished a run if null. */
export function outcomeLook(outcome) {
  return lookOf('FINISHED', outcome ?? 'none');
}

/** True for the outcomes that make a run red. */
export function isBroken(outcome) {
  return outcome === 'FAILED' || outcome === 'ERRORED' || outcome === 'TIMED_OUT';
}

/** True for the pipelines that turn pipeline code into pipelines; nobody starts them by hand. */
export function isPipelineCode(name) {
  return name.endsWith(' :: pipeline code');
}

/** Where a pipeline stands in a list: broken ones first, pipeline code that is well last. */
export function needRank(view) {
  return isBroken(view.outcome) ? 0 : isPipelineCode(view.name) ? 2 : 1;
}

/** The drawing of a state. It is never alone: a word stands beside it or in `title`. */
export function stateIcon(key, title) {
  const paths = ICONS[key] ?? ICONS.none;
  return svg(
    'svg',
    {
      class: `icon icon-${key}`,
      viewBox: '0 0 16 16',
      role: title ? 'img' : null,
      'aria-label': title,
      'aria-hidden': title ? null : 'true',
    },
    ...paths.map((d) => svg('path', { d })),
  );
}

/**
 * Children's states as the state of what contains them: the folding rule of the server, for
 * containers that have no state of their own. Each child: {phase, outcome, allowFailure}.
 */
export function fold(children) {
  let begun = false;
  let open = false;
  let waiting = false;
  let worst = 'SUCCEEDED';
  const order = ['ERRORED', 'TIMED_OUT', 'FAILED', 'CANCELLED'];
  for (const { phase, outcome, allowFailure } of children) {
    if (phase === 'RUNNING') {
      return { phase: 'RUNNING', outcome: null };
    }
    if (phase === 'WAITING') {
      waiting = true;
    } else if (phase === 'FINISHED') {
      begun = true;
      const counted = allowFailure || !order.includes(outcome) ? 'SUCCEEDED' : outcome;
      if (counted !== 'SUCCEEDED') {
        worst = worst === 'SUCCEEDED' || order.indexOf(counted) < order.indexOf(worst) ? counted : worst;
      }
    } else {
      open = true;
    }
  }
  if (waiting) {
    return { phase: 'WAITING', outcome: null };
  }
  if (open) {
    return { phase: begun ? 'RUNNING' : 'PENDING', outcome: null };
  }
  return { phase: 'FINISHED', outcome: worst };
}
