// How long runs took, as a chart of columns, oldest first, with a line at the middle one.

import { h, link, svg } from './dom.js';
import { numberOf, runPage, whole } from './parts.js';
import { outcomeLook } from './states.js';
import { secondsBetween } from './time.js';

const FEWEST = 3;

/** The chart of `runs`, newest first; null if too few of them ran to their end. */
export function durationChart(runs) {
  const ran = runs.filter((run) => run.startedAt && run.finishedAt).map((run) => ({ run, seconds: secondsBetween(run.startedAt, run.finishedAt) })).reverse();
  const well = ran.filter(({ run }) => run.outcome === 'SUCCEEDED').map(({ seconds }) => seconds).sort((a, b) => a - b);
  if (well.length < FEWEST) {
    return null;
  }
  const longest = Math.max(1, ...ran.map(({ seconds }) => seconds));
  const middle = well[Math.floor(well.length / 2)];
  const words = `How long the last ${ran.length} runs took: ${whole(Math.round(middle))} in the middle, ${whole(Math.round(longest))} at the most`;
  return h('figure', { class: 'durations', key: 'durations' },
    h('figcaption', { class: 'quiet' }, words),
    h('div', { class: 'duration-columns' },
      ran.map(({ run, seconds }) => {
        const look = outcomeLook(run.outcome);
        const label = `#${numberOf(run)} ${look.word}, ${whole(Math.round(seconds))}`;
        return link(runPage(run.id), { class: `duration-column s-${look.key}`, title: label, 'aria-label': label },
          svg('svg', { 'aria-hidden': 'true', width: '100%', height: '100%' },
            svg('rect', { x: '10%', width: '80%', y: `${100 - (seconds / longest) * 100}%`, height: `${(seconds / longest) * 100}%`, rx: 1 })));
      }),
      svg('svg', { class: 'duration-middle', 'aria-hidden': 'true', width: '100%', height: '100%' },
        svg('line', { x1: '0', x2: '100%', y1: `${100 - (middle / longest) * 100}%`, y2: `${100 - (middle / longest) * 100}%` }))));
}
