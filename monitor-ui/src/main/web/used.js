// What a run took up beside what the runs before it took. Pure, but for the asking.

import { h } from './dom.js';
import * as api from './api.js';
import { bytesInWords } from './artifacts.js';
import { fact } from './parts.js';
import { duration } from './time.js';

const COMPARED = 20;
const KINDS = [
  { key: 'cpuMillis', name: 'CPU', words: (millis) => duration(millis / 1000) },
  { key: 'memoryPeak', name: 'memory peak', words: bytesInWords },
  { key: 'disk', name: 'disk', words: bytesInWords },
];
const known = (value) => value !== null && value !== undefined;

function median(values) {
  const sorted = values.filter(known).sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)];
}

/** What of `used` is known, in words: `CPU 12 s · memory peak 310 MiB · disk 40 MiB`. */
export function usedWords(used) {
  return KINDS.filter(({ key }) => known(used?.[key]))
    .map(({ key, name, words }) => `${name} ${words(used[key])}`)
    .join(' · ');
}

/** The medians over those of `runs` before number `before` that ended well, null if there is none. */
export function usualUse(runs, before) {
  const earlier = runs.filter((run) => run.number < before && run.outcome === 'SUCCEEDED' && run.used).slice(0, COMPARED);
  const usual = Object.fromEntries(KINDS.map(({ key }) => [key, median(earlier.map((run) => run.used[key]))]));
  return earlier.length === 0 ? null : { ...usual, count: earlier.length };
}

/** Asks for the earlier runs once, when a run is shown that tells what it took up. */
export class UsedLine {
  #usual = null;
  #asked = false;

  constructor(app) {
    this.app = app;
  }

  view(run) {
    const words = usedWords(run.used);
    if (!words) {
      return null;
    }
    this.#ask(run);
    const usual = this.#usual;
    return fact('Used', words,
      usual ? h('span', { class: 'quiet' }, `; median of the ${usual.count === 1 ? 'one' : usual.count} before: ${usedWords(usual)}`) : null);
  }

  #ask(run) {
    if (this.#asked) {
      return;
    }
    this.#asked = true;
    api.runs(run.pipeline, run.number, COMPARED + COMPARED / 2)
      .then(({ items }) => {
        this.#usual = usualUse(items, run.number);
        this.app.refresh();
      })
      .catch(() => {
        // The numbers of this run stand for themselves.
      });
  }
}
