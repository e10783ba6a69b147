// When the lines of one log were printed. Times are kept per second, as pairs of the first byte and its
// time, and asked for only while the reader wants to see them.

import { call, logAddress } from './api.js';
import { clock, duration } from './time.js';

const WANTED = 'pipewright-log-times';

/** Whether the reader wants to see times; kept for every log of this browser. */
export function areWanted() {
  return localStorage.getItem(WANTED) === 'on';
}

export function want(on) {
  localStorage.setItem(WANTED, on ? 'on' : 'off');
}

/** They lie beside the output; the id of a run has no slash in an address. */
function timesAddress(run, step, more) {
  return logAddress(run, step, more).replace('/logs/', '/times/');
}

export class LogTimes {
  #offsets = [];
  #millis = [];

  /** True if no time is known. */
  get empty() {
    return this.#offsets.length === 0;
  }

  /** Reads what is new of the output of `step` in `run`; `attempt` null means the last one. */
  async load({ run, step, attempt }, signal) {
    let from = String(this.#offsets.at(-1) ?? 0);
    while (from !== null) {
      const page = await (await call(timesAddress(run, step, { attempt, from }), { signal })).json();
      this.add(page.items);
      from = page.next;
    }
  }

  /** Takes times in order; those that are known are passed over. */
  add(items) {
    for (const { offset, at } of items) {
      if (offset > (this.#offsets.at(-1) ?? -1)) {
        this.#offsets.push(offset);
        this.#millis.push(Date.parse(at));
      }
    }
  }

  /** When the byte at `offset` was printed, in milliseconds; null if that is not known. */
  at(offset) {
    let low = 0;
    let high = this.#offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#offsets[middle] <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low === 0 ? null : this.#millis[low - 1];
  }
}

/** The text of a time and its title: UTC, and how long after the begin of the step. */
export function wordsOf(millis, started) {
  const begun = Date.parse(started);
  const utc = `${new Date(millis).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const after = Number.isFinite(begun) ? `, ${duration(Math.max(0, Math.floor((millis - begun) / 1000)), true)} after the begin of the step` : '';
  return { text: clock(millis), title: utc + after };
}
