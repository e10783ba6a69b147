// The bytes of one log as far as they are here, and where its lines begin. The end of a long log
// is loaded first; the beginning follows and is joined to it. Lines are decoded when shown.

const DECODER = new TextDecoder('utf-8');
const LINE_BYTES = 16 * 1024;
const NEWLINE = 10;
const RETURN = 13;

/** A run of bytes without gaps, beginning at byte `from` of the log. */
class Segment {
  constructor(from) {
    this.from = from;
    this.size = 0;
    this.bytes = new Uint8Array(1024);
    this.starts = new Float64Array(64);
    this.lines = 0;
    this.#begin(0);
  }

  get end() {
    return this.from + this.size;
  }

  #begin(offset) {
    if (this.lines === this.starts.length) {
      const larger = new Float64Array(this.lines * 2);
      larger.set(this.starts);
      this.starts = larger;
    }
    this.starts[this.lines++] = offset;
  }

  add(chunk) {
    const needed = this.size + chunk.length;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, this.size));
      this.bytes = larger;
    }
    this.bytes.set(chunk, this.size);
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) {
      this.#begin(this.size + at + 1);
    }
    this.size = needed;
  }

  /** Lines, without the empty one after a last newline. */
  get count() {
    return this.starts[this.lines - 1] === this.size ? this.lines - 1 : this.lines;
  }

  offset(index) {
    return this.from + this.starts[index];
  }

  line(index) {
    const start = this.starts[index];
    let end = index + 1 < this.lines ? this.starts[index + 1] - 1 : this.size;
    while (end > start && this.bytes[end - 1] === RETURN) {
      end--;
    }
    const drawn = this.bytes.subarray(start, end).lastIndexOf(RETURN);
    const from = drawn < 0 ? start : start + drawn + 1;
    const to = Math.min(end, from + LINE_BYTES);
    const text = DECODER.decode(this.bytes.subarray(from, to));
    return to < end ? `${text} … (${end - to} more bytes in this line)` : text;
  }
}

export class LogStore {
  #head = new Segment(0);
  #tail = null;

  /** True once everything from the first byte on is here. */
  get complete() {
    return this.#tail === null;
  }

  /** The byte after the last one that is here. */
  get end() {
    return (this.#tail ?? this.#head).end;
  }

  /** Where the missing beginning ends and starts. */
  get gap() {
    return this.#tail ? { from: this.#head.end, to: this.#tail.from } : null;
  }

  /** How many lines can be shown now. */
  get count() {
    return this.#tail ? Math.max(0, this.#tail.count - 1) : this.#head.count;
  }

  /** The number of the first line that can be shown, from 1; null while it is unknown. */
  get firstNumber() {
    return this.complete ? 1 : null;
  }

  /** Begins with the end of the log, from byte `from`; its first, partial line is left out. */
  startAt(from) {
    this.#head = new Segment(0);
    this.#tail = from > 0 ? new Segment(from) : null;
  }

  /** Adds bytes at the end. Bytes that are here already are passed over. */
  append(offset, chunk) {
    const segment = this.#tail ?? this.#head;
    const known = segment.end - offset;
    if (known < 0 || known >= chunk.length) {
      return;
    }
    segment.add(known === 0 ? chunk : chunk.subarray(known));
  }

  /** Adds bytes of the missing beginning; joins both parts when they meet. */
  fillGap(offset, chunk) {
    if (!this.#tail) {
      return;
    }
    const known = this.#head.end - offset;
    if (known >= 0 && known < chunk.length) {
      this.#head.add(chunk.subarray(known, Math.min(chunk.length, this.#tail.from - offset)));
    }
    if (this.#head.end >= this.#tail.from) {
      this.#head.add(this.#tail.bytes.subarray(0, this.#tail.size));
      this.#tail = null;
    }
  }

  /** The text of a line by its place among those that can be shown. */
  line(index) {
    return this.#tail ? this.#tail.line(index + 1) : this.#head.line(index);
  }

  /** The byte of the log with which a line begins. */
  offset(index) {
    return this.#tail ? this.#tail.offset(index + 1) : this.#head.offset(index);
  }

  /** The first place from `from` up to `to` whose line passes `test`; else -1. */
  find(test, from, to) {
    for (let i = from; i < Math.min(to, this.count); i++) {
      if (test(this.line(i))) {
        return i;
      }
    }
    return -1;
  }
}
