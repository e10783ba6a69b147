// `<pw-log run="shop#42" step="verify/lint" phase="RUNNING" bytes="1234">`: the output of one step;
// with `attempt`, that of an earlier attempt, which does not grow; `started` is when the step began.
// Only the lines in sight are elements, so a log of any length scrolls smoothly.

import { h, patch } from './dom.js';
import { call, logAddress } from './api.js';
import { bytesInWords } from './artifacts.js';
import { isError } from './errors.js';
import { blockEnd, canFold, Folds } from './folds.js';
import * as live from './live.js';
import { LogStore } from './logstore.js';
import { LogTimes, areWanted, want, wordsOf } from './logtimes.js';
import { PLAIN, paletteColour, piecesOf } from './ansi.js';

const LINE = 20;
const TALLEST = 12_000_000;
const TAIL = 256 * 1024;
const PIECE = 4 * 1024 * 1024;
const UNASKED = 48 * 1024 * 1024;
const LOOK_BACK = 40;
const LONGEST = 4000;
const SOUGHT = 20_000;

class LogView extends HTMLElement {
  static observedAttributes = ['phase', 'bytes'];

  #store = new LogStore();
  #folds = new Folds();
  #times = new LogTimes();
  #timed = areWanted();
  #timesKnown = false;
  #follow = true;
  #busy = false;
  #again = false;
  #problem = null;
  #asked = false;
  #drawing = false;
  #marked = null;
  #found = null;
  #stops = [];
  #abort = new AbortController();
  #loaded = false;
  #filling = false;
  #unfilled = false;
  #lastTop = 0;
  #seeks = 0;

  connectedCallback() {
    this.run = this.getAttribute('run');
    this.step = this.getAttribute('step');
    this.attempt = this.getAttribute('attempt');
    this.#build();
    this.#readMark();
    this.#stops = [
      live.on('log', (event) => {
        if (!this.attempt && event.run === this.run && event.path === this.step && event.length > this.#store.end) {
          this.#pull();
        }
      }),
      live.on('up', () => this.#pull().then(() => this.#unfilled && this.#fill())),
    ];
    this.#onHash = () => {
      this.#readMark();
      this.#showMark();
    };
    addEventListener('hashchange', this.#onHash);
    this.#onKey = (event) => this.#key(event);
    addEventListener('keydown', this.#onKey);
    this.#resized = new ResizeObserver(() => this.#draw());
    this.#resized.observe(this.view);
    this.#begin();
  }

  #onHash = null;
  #onKey = null;
  #resized = null;

  disconnectedCallback() {
    this.#stops.forEach((stop) => stop());
    removeEventListener('hashchange', this.#onHash);
    removeEventListener('keydown', this.#onKey);
    this.#resized.disconnect();
    this.#abort.abort();
  }

  attributeChangedCallback(name, old, value) {
    if (this.#loaded && old !== value) {
      if (Number(this.getAttribute('bytes')) > this.#store.end || name === 'phase') {
        this.#pull();
      }
      this.#draw();
    }
  }

  #address(more) {
    return logAddress(this.run, this.step, { attempt: this.attempt, ...more });
  }

  #build() {
    this.status = h('span', { class: 'log-status' });
    this.followButton = h('button', { type: 'button', class: 'small', onclick: () => this.#toggleFollow() });
    this.search = h('input', {
      type: 'search', placeholder: 'Find in output', 'aria-label': 'Find in output',
      oninput: () => this.search.classList.remove('nothing'),
      onkeydown: (event) => {
        if (event.key === 'Enter') {
          event.preventDefault();
          this.#find();
        }
      },
    });
    this.space = h('div', { class: 'log-space' });
    this.window = h('div', { class: 'log-window' });
    this.space.append(this.window);
    this.view = h('div', {
      class: 'log-view', tabindex: '0', role: 'log', 'aria-label': `Output of ${this.step}`, 'aria-live': 'off',
      onscroll: () => this.#scrolled(),
    });
    this.view.append(this.space);
    this.note = h('p', { class: 'log-note' });
    this.errorButton = h('button', { type: 'button', class: 'small', title: 'Again for the next one', onclick: () => this.#toError() }, 'First error');
    this.timesButton = h('button', { type: 'button', class: 'small', title: 'When each line was printed (key t)', onclick: () => this.#toggleTimes() }, 'Times');
    this.earlier = h('button', { type: 'button', class: 'small', hidden: true, onclick: () => this.#askForAll() });
    this.replaceChildren(
      h('div', { class: 'log-tools' }, this.followButton,
        h('button', { type: 'button', class: 'small', onclick: () => this.#toTop() }, 'Top'),
        this.errorButton, this.timesButton, this.earlier, this.search, this.status,
        h('a', { class: 'button small', href: this.#address({}), download: `${this.run}-${this.step}.log`.replace(/[^\w.-]+/g, '-') }, 'Raw')),
      this.note,
      this.view,
    );
  }

  #readMark() {
    const mark = /^#L(\d{1,9})$/.exec(location.hash);
    this.#marked = mark ? Number(mark[1]) : null;
    if (this.#marked) {
      this.#follow = false;
    }
  }

  async #begin() {
    const bytes = Number(this.getAttribute('bytes')) || 0;
    this.#store.startAt(Math.max(0, bytes - TAIL));
    this.#loaded = true;
    await this.#pull();
    this.#fill();
  }

  /** Loads what is new at the end. Calls while one is under way lead to one more. */
  async #pull() {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    do {
      this.#again = false;
      await this.#load(this.#store.end);
      await this.#loadTimes();
    } while (this.#again && this.isConnected);
    this.#busy = false;
    this.#draw();
  }

  async #load(from) {
    try {
      const limit = from === 0 ? 4 * TAIL : PIECE;
      const response = await call(this.#address({ offset: from, limit }), { signal: this.#abort.signal });
      const total = Number(response.headers.get('Pipewright-Log-Length')) || 0;
      if (from === 0 && total > limit) {
        await response.body?.cancel();
        this.#store.startAt(total - TAIL);
      } else {
        await this.#read(response, from, (offset, chunk) => this.#store.append(offset, chunk));
      }
      const end = this.#store.end;
      this.#again ||= end < total && (end > from || from === 0);
      this.#problem = null;
    } catch (e) {
      if (e.name !== 'AbortError') {
        this.#problem = e.status === 404 ? null : e;
      }
    }
  }

  /** Loads the times of what is new, if the reader wants to see them. */
  async #loadTimes() {
    if (!this.#timed || this.#store.end === 0) {
      return;
    }
    try {
      await this.#times.load(this, this.#abort.signal);
      this.#timesKnown = true;
    } catch (e) {
      if (e.name !== 'AbortError') {
        this.#problem = e;
      }
    }
  }

  async #toggleTimes() {
    this.#timed = !this.#timed;
    want(this.#timed);
    this.#draw();
    await this.#loadTimes();
    this.#draw();
  }

  #key(event) {
    const taken = event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey;
    if (event.key === 't' && !taken && !event.target.closest?.('input, textarea, select, dialog')) {
      event.preventDefault();
      this.#toggleTimes();
    }
  }

  async #read(response, from, take) {
    const reader = response.body?.getReader();
    let offset = from;
    for (let next = await reader?.read(); next && !next.done; next = await reader.read()) {
      take(offset, next.value);
      offset += next.value.length;
      this.#draw();
    }
    return offset;
  }

  /** Loads the missing beginning piece by piece, unless it is so long that it must be asked for. */
  async #fill() {
    if (this.#filling) {
      return;
    }
    this.#filling = true;
    this.#unfilled = false;
    while (this.isConnected && this.#store.gap) {
      const { from, to } = this.#store.gap;
      if (to - from > UNASKED && !this.#asked && !this.#marked) {
        break;
      }
      try {
        const limit = Math.min(PIECE, to - from);
        const response = await call(this.#address({ offset: from, limit }), { signal: this.#abort.signal });
        const before = this.#store.count;
        const end = await this.#read(response, from, (offset, chunk) => this.#store.fillGap(offset, chunk));
        if (end === from) {
          break;
        }
        this.#joined(before);
      } catch (e) {
        if (e.name !== 'AbortError') {
          this.#problem = e;
          this.#unfilled = true;
        }
        break;
      }
    }
    this.#filling = false;
    this.#draw();
    this.#showMark();
  }

  #askForAll() {
    this.#asked = true;
    this.#fill();
  }

  /** Keeps what is in sight where it is, although lines were put before it. */
  #joined(before) {
    const more = this.#store.count - before;
    this.#folds.shift(more);
    this.#found = this.#found === null ? null : this.#found + more;
    if (this.#store.complete && more > 0 && !this.#follow && !this.#marked) {
      this.#size();
      this.view.scrollTop += more * LINE;
    }
    this.#draw();
  }

  #toggleFollow() {
    this.#follow = !this.#follow;
    this.#found = null;
    this.#draw();
  }

  #toTop() {
    this.#follow = false;
    this.#asked = true;
    this.#fill();
    this.view.scrollTop = 0;
    this.#draw();
  }

  #find() {
    const wanted = this.search.value.toLowerCase();
    if (wanted === '') {
      this.#found = null;
      this.#draw();
    } else {
      this.#seek((line) => line.toLowerCase().includes(wanted), this.search);
    }
  }

  /** Goes to the next line that passes `test`, after the last one the first; `asked` shows if there is none. */
  async #seek(test, asked) {
    const begun = ++this.#seeks;
    const start = this.#found === null ? 0 : this.#found + 1;
    let at = -1;
    for (let from = start, turn = 0; at < 0 && turn < 2; ) {
      at = this.#store.find(test, from, from + SOUGHT);
      from += SOUGHT;
      if (from >= this.#store.count) {
        from = 0;
        turn += 1;
      }
      await new Promise((next) => setTimeout(next));
      if (begun !== this.#seeks || !this.isConnected) {
        return;
      }
    }
    this.#found = at < 0 ? null : at;
    asked.classList.toggle('nothing', at < 0);
    if (at >= 0) {
      this.#follow = false;
      this.#toLine(at);
    }
    this.#draw();
  }

  /** Goes to the first line that tells of an error, then to the next ones; loads the beginning for that. */
  async #toError() {
    if (await this.#whole()) {
      this.#seek(isError, this.errorButton);
    }
  }

  /** Loads the missing beginning; true once nothing is missing, false if that failed, which the page says. */
  async #whole() {
    this.#asked = true;
    while (this.#store.gap && this.isConnected) {
      if (this.#filling) {
        await new Promise((next) => setTimeout(next, 50));
        continue;
      }
      const { from } = this.#store.gap;
      this.#problem = null;
      await this.#fill();
      if (this.#store.gap?.from === from) {
        break;
      }
    }
    return this.isConnected && !this.#store.gap;
  }

  #showMark() {
    if (this.#marked && this.#store.complete && this.#marked <= this.#store.count) {
      this.#follow = false;
      this.#toLine(this.#marked - 1);
      this.#draw();
    }
  }

  #toLine(index) {
    if (this.#folds.lineAt(this.#folds.rowOf(index)) !== index) {
      this.#folds.open(index);
    }
    this.#size();
    const visible = this.view.clientHeight / LINE;
    const range = Math.max(1, this.#rows - visible);
    const first = Math.min(range, Math.max(0, this.#folds.rowOf(index) - Math.floor(visible / 3)));
    this.view.scrollTop = (first / range) * (this.space.offsetHeight - this.view.clientHeight);
  }

  #scrolled() {
    const top = this.view.scrollTop;
    const atEnd = top + this.view.clientHeight >= this.space.offsetHeight - LINE;
    if (top < this.#lastTop && !atEnd) {
      this.#follow = false;
    } else if (atEnd && this.getAttribute('phase') !== 'FINISHED') {
      this.#follow = true;
    }
    this.#lastTop = top;
    this.#draw();
  }

  #draw() {
    if (!this.#drawing && this.isConnected) {
      this.#drawing = true;
      requestAnimationFrame(() => {
        this.#drawing = false;
        if (this.isConnected) {
          this.#paint();
        }
      });
    }
  }

  /** How many rows are needed for the lines that are not folded away. */
  get #rows() {
    return this.#folds.rows(this.#store.count);
  }

  #fold(line, folded) {
    if (folded) {
      this.#folds.open(line);
    } else {
      this.#follow = false;
      this.#folds.fold(line, blockEnd(line, this.#store.count, (i) => this.#store.line(i)));
    }
    this.#draw();
  }

  /** The button of a line that hides lines below it, or could. */
  #folder(line, number) {
    const hidden = this.#folds.hiddenBy(line);
    if (hidden === 0 && !canFold(line, this.#store.count, (i) => this.#store.line(i))) {
      return h('span', { class: 'line-fold' });
    }
    return h('button', {
      type: 'button', class: 'line-fold', 'aria-expanded': String(hidden === 0), 'aria-label': `Lines below line ${number ?? ''}`.trim(),
      onclick: () => this.#fold(line, hidden > 0),
    }, hidden > 0 ? '▸' : '▾');
  }

  #time(line) {
    const millis = this.#times.at(this.#store.offset(line));
    if (millis === null) {
      return h('span', { class: 'line-time' });
    }
    const { text, title } = wordsOf(millis, this.getAttribute('started'));
    return h('span', { class: 'line-time', title }, text);
  }

  #size() {
    const height = Math.min(TALLEST, this.#rows * LINE);
    this.space.style.height = `${height}px`;
    this.view.style.height = `${Math.min(height + 16, this.#room())}px`;
  }

  /** How high the view may be: to the end of the window if it begins in its upper half. */
  #room() {
    const top = this.view.getBoundingClientRect().top + scrollY;
    return Math.max(320, top < innerHeight / 2 ? innerHeight - top - 24 : innerHeight * 0.7);
  }

  #paint() {
    this.#size();
    if (this.#follow) {
      this.view.scrollTop = this.space.offsetHeight;
      this.#lastTop = this.view.scrollTop;
    }
    const count = this.#rows;
    const seen = this.view.clientHeight;
    const range = Math.max(0, this.space.offsetHeight - seen);
    const place = range > 0 ? (this.view.scrollTop / range) * Math.max(0, count - seen / LINE) : 0;
    const first = Math.max(0, Math.floor(place) - 5);
    const last = Math.min(count, Math.ceil(place + seen / LINE) + 5);
    this.window.style.transform = `translateY(${this.view.scrollTop - (place - first) * LINE}px)`;
    patch(this.window, this.#lines(first, last));
    this.#say(this.#store.count);
  }

  #lines(first, last) {
    let style = PLAIN;
    const top = this.#folds.lineAt(first);
    for (let i = Math.max(0, top - LOOK_BACK); i < top; i++) {
      const text = this.#store.line(i);
      style = text.includes('\u001b') ? piecesOf(text.slice(0, LONGEST), style).end : style;
    }
    const shift = this.#store.firstNumber;
    const lines = [];
    for (let row = first; row < last; row++) {
      const i = this.#folds.lineAt(row);
      const whole = this.#store.line(i);
      const text = whole.length > LONGEST ? `${whole.slice(0, LONGEST)} … (cut here, see Raw)` : whole;
      const { pieces, end } = piecesOf(text, style);
      style = end;
      const number = shift === null ? null : i + shift;
      const marked = (number !== null && number === this.#marked) || i === this.#found;
      lines.push(
        h('div', { class: `log-line${marked ? ' marked' : ''}`, key: String(this.#store.count - i > 0 && number === null ? `t${i}` : number) },
          number === null
            ? h('span', { class: 'number' }, '·')
            : h('a', { class: 'number', id: `L${number}`, href: `#L${number}`, 'aria-label': `Line ${number}` }, String(number)),
          this.#timed ? this.#time(i) : null,
          this.#folder(i, number),
          h('span', { class: 'text' }, pieces.map(piece),
            this.#folds.hiddenBy(i) > 0 ? h('span', { class: 'folded' }, `${this.#folds.hiddenBy(i).toLocaleString('en')} lines`) : null)),
      );
    }
    return lines;
  }

  #say(count) {
    const phase = this.getAttribute('phase');
    const size = this.#store.end;
    const following = this.#follow && phase !== 'FINISHED';
    this.followButton.textContent = phase === 'FINISHED' ? 'End' : following ? 'Pause' : 'Follow';
    this.followButton.onclick = () => {
      if (phase === 'FINISHED') {
        this.#follow = false;
        this.view.scrollTop = this.space.offsetHeight;
      } else {
        this.#toggleFollow();
      }
    };
    const gap = this.#store.gap;
    this.earlier.hidden = !gap || this.#filling;
    this.earlier.textContent = gap ? `Load the first ${bytesInWords(gap.to)}` : '';
    const lines = gap ? 'end of' : `${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'},`;
    const timeless = this.#timed && this.#timesKnown && this.#times.empty;
    this.status.textContent = size === 0 ? '' : `${lines} ${bytesInWords(size)}${timeless ? ', times are not known' : ''}`;
    this.timesButton.setAttribute('aria-pressed', String(this.#timed));
    this.view.hidden = size === 0;
    this.note.textContent = this.#problem
      ? `${this.#problem.message} ${this.#problem.detail ?? ''}`
      : size > 0 ? '' : quiet(phase);
    this.note.hidden = this.note.textContent === '';
    this.classList.toggle('following', following);
  }
}

function quiet(phase) {
  return {
    PENDING: 'This step has not begun.',
    RUNNING: 'No output yet.',
    WAITING: 'This step waits. No output yet.',
    FINISHED: 'This step left no output.',
  }[phase] ?? 'No output yet.';
}

function piece({ text, style }) {
  if (style === PLAIN) {
    return text;
  }
  const classes = ['bold', 'dim', 'italic', 'underline'].filter((name) => style[name]);
  const fg = style.inverse ? style.bg ?? 'bg' : style.fg;
  const bg = style.inverse ? style.fg ?? 'fg' : style.bg;
  const part = h('span', { class: classes.join(' ') || null }, text);
  if (fg !== null) {
    // Colours of the cube are chosen for another background: they are drawn nearer to the text's.
    const colour = fg === 'bg' ? 'var(--log-bg)' : paletteColour(fg);
    part.style.color = fg >= 16 && bg === null ? `color-mix(in srgb, ${colour} var(--ansi-share), var(--log-fg))` : colour;
  }
  if (bg !== null) {
    part.style.backgroundColor = bg === 'fg' ? 'var(--log-fg)' : paletteColour(bg);
  }
  return part;
}

customElements.define('pw-log', LogView);
